//! The page that shows a network: its script under node against this crate, and all of it in a browser.
//!
//! Where node or Chromium are missing, these tests say so and pass, unless `NEURONC_PAGE=required`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use neuronc::numeric::fma::{Fused, Software};

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("neuronc-page-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Folder(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).expect("the file can be written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Whether a program is there; without it a test says so.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    let is_required = std::env::var_os("NEURONC_PAGE").is_some_and(|wanted| wanted == "required");
    assert!(is_there || !is_required, "`{program}` is not there");
    if !is_there {
        eprintln!("`{program}` is not there: nothing was compared");
    }
    is_there
}

fn ran(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

fn node(script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(project("tests/page").join(script));
    node
}

fn neuronc(folder: &Folder) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_neuronc"));
    program.current_dir(&folder.0);
    program
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.bits() % bound
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Any double, or one of few bits, so that sums and products meet ties and ends of the range.
    fn double(&mut self) -> f64 {
        match self.below(8) {
            0 => [0.0, -0.0, 1.0, -1.0, 5e-324, f64::MAX, f64::MIN_POSITIVE, -1.5][self.below(8) as usize],
            1 => f64::from_bits(self.bits() >> 12),
            2 | 3 => {
                let exponent = 1023 - 60 + self.below(121);
                f64::from_bits(
                    self.bits() >> 63 << 63 | exponent << 52 | (self.bits() >> 12 << self.below(52)) & ((1 << 52) - 1),
                )
            }
            4 => (self.share() - 0.5) * 8.0,
            _ => {
                let any = f64::from_bits(self.bits());
                if any.is_finite() { any } else { 1.0 }
            }
        }
    }

    fn single(&mut self) -> f32 {
        let any = f32::from_bits(self.bits() as u32);
        match self.below(3) {
            0 if any.is_finite() => any,
            1 => f32::from_bits((self.bits() >> 41) as u32),
            _ => ((self.share() - 0.5) * 8.0) as f32,
        }
    }
}

/// More than a million of each, with subnormals, ties, over- and underflows.
#[test]
fn fused_multiply_adds_have_the_same_bits() {
    if !has("node") {
        return;
    }
    const COUNT: usize = 1_200_000;
    let mut random = Random(1);
    let (mut doubles, mut singles) = (Vec::new(), Vec::new());
    for _ in 0..COUNT {
        let [a, b] = [random.double(), random.double()];
        // Often one that nearly cancels the product.
        let c =
            if random.below(3) == 0 { f64::from_bits((-(a * b)).to_bits() ^ random.below(4)) } else { random.double() };
        let c = if c.is_finite() { c } else { -1e300 };
        for value in [a, b, c, Software::fma64(a, b, c)] {
            doubles.extend(value.to_le_bytes());
        }
        let [a, b] = [random.single(), random.single()];
        let c = if random.below(3) == 0 {
            f32::from_bits((-(a * b)).to_bits() ^ random.below(4) as u32)
        } else {
            random.single()
        };
        let c = if c.is_finite() { c } else { -1e30 };
        for value in [a, b, c, Software::fma32(a, b, c)] {
            singles.extend(value.to_le_bytes());
        }
    }
    let folder = Folder::new();
    let files = [folder.write("doubles", doubles), folder.write("singles", singles)];
    let told = ran(node("fused.mjs").arg(project("src/page/script/numbers.js")).args(files));
    assert_eq!(told, format!("{COUNT} equal\n{COUNT} equal\n"));
}

/// A network of a file, as text beside its page.
struct Case<'a> {
    folder: &'a Folder,
    file: &'a str,
    /// What each element of all inputs takes, in order.
    inputs: Vec<[f64; 2]>,
    /// Whether the same bits are wanted.
    is_exact: bool,
    /// Outputs, from this one on, whose terms cancel: in single precision they are compared with the terms' size.
    cancelling: usize,
}

impl Case<'_> {
    /// Compares the page's outputs with those of `neuronc run`, in both precisions.
    fn compare(&self, rows: &[Vec<f64>]) {
        let page = self.folder.0.join("page.html");
        ran(neuronc(self.folder).args(["draw", self.file, "-q", "-o", "page.html"]));
        let cells = |row: &Vec<f64>| row.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(",");
        let lines: Vec<String> = rows.iter().map(cells).collect();
        self.folder.write("rows.csv", lines.join("\n") + "\n");
        let json = self.folder.write("rows.json", format!("[[{}]]", lines.join("],[")));
        for (precision, relative, least) in [("f64", 1e-12, 1e-300), ("f32", 1e-6, 1e-36)] {
            let run = ["run", self.file, "-q", "--data", "rows.csv", "--no-header"];
            let run = ran(neuronc(self.folder).args(run).args(["--precision", precision]));
            let page = ran(node("values.mjs").arg(&page).arg(&json).arg(precision));
            let (wanted, got): (Vec<&str>, Vec<&str>) = (run.lines().collect(), page.lines().collect());
            assert_eq!((wanted.len(), got.len()), (rows.len(), rows.len()), "{}", self.file);
            for ((wanted, got), row) in std::iter::zip(wanted, got).zip(rows) {
                for (place, (wanted, got)) in std::iter::zip(wanted.split(','), got.split(' ')).enumerate() {
                    let wanted: f64 = wanted.parse().expect("a number");
                    let mut got = f64::from_bits(u64::from_str_radix(got, 16).expect("bits"));
                    if precision == "f32" {
                        // Compared as singles: `run` writes the shortest decimal of one.
                        assert!(f64::from(got as f32) == got || got.is_nan(), "{got} is no single");
                        got = if wanted as f32 == got as f32 { wanted } else { got };
                    }
                    let same = wanted == got || wanted.is_nan() && got.is_nan();
                    let least = if precision == "f32" && place >= self.cancelling { 1e-5 } else { least };
                    let near = (wanted - got).abs() <= relative * wanted.abs() + least;
                    let holds = if self.is_exact { same } else { same || near };
                    assert!(holds, "{} in {precision}: {got:?}, not {wanted:?}, for {row:?}", self.file);
                }
            }
        }
    }

    fn random_rows(&self, random: &mut Random, count: usize) -> Vec<Vec<f64>> {
        let mut value = |[low, high]: [f64; 2]| low + random.share() * (high - low);
        (0..count).map(|_| self.inputs.iter().map(|range| value(*range)).collect()).collect()
    }
}

#[test]
fn examples_have_the_values_of_run() {
    if !has("node") {
        return;
    }
    let mut compared = 0;
    let mut random = Random(2);
    let mut names: Vec<PathBuf> = std::fs::read_dir(project("examples"))
        .expect("there are examples")
        .map(|entry| entry.expect("it is listed").path())
        .collect();
    names.sort();
    for path in names.iter().filter(|path| path.extension().is_some_and(|extension| extension == "neuron")) {
        let folder = Folder::new();
        for other in &names {
            std::fs::copy(other, folder.0.join(other.file_name().expect("a name"))).expect("it can be copied");
        }
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        ran(neuronc(&folder).args(["draw", &file, "-q", "-o", "page.html"]));
        let page = std::fs::read_to_string(folder.0.join("page.html")).expect("the page is there");
        let data = page.split_once("id=\"network\">").expect("its data").1.split_once("</script>").expect("an end").0;
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        if data["outputs"].as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        let mut inputs = Vec::new();
        for population in data["populations"].as_array().expect("a list").iter().filter(|one| one["values"].is_array())
        {
            let range = [0, 1].map(|end| population["range"][end].as_f64().unwrap_or([-2.0, 2.0][end]));
            let size = population["size"].as_u64().expect("a size");
            inputs.extend((0..size).map(|_| range));
        }
        let text = std::fs::read_to_string(path).expect("it is read");
        let is_exact = !["tanh", "sigmoid", "softmax", "rate"].iter().any(|word| text.contains(word));
        let case = Case { folder: &folder, file: &file, inputs, is_exact, cancelling: usize::MAX };
        case.compare(&case.random_rows(&mut random, 40));
        compared += 1;
    }
    assert!(compared >= 12, "{compared}");
}

/// Net inputs of all sizes, and the ends of straight pieces.
fn net_inputs(random: &mut Random) -> Vec<f64> {
    let mut all = vec![
        0.0, -0.0, 1e-300, -1e-300, 1e-9, -1e-9, 0.1, -0.1, 0.2, -0.2, 0.25, 1.0, -1.0, 3.0, -3.0, 6.0, 30.0, -30.0,
        39.0, -39.0, 60.0, -60.0, 300.0, -300.0,
    ];
    all.extend((0..300).map(|_| (random.share() - 0.5) * 16.0));
    all.extend((0..100).map(|_| (random.share() - 0.5) * 120.0));
    all.extend((0..60).map(|_| (random.share() - 0.5) * 2f64.powi(-(random.below(30) as i32))));
    all
}

#[test]
fn every_activation_has_the_values_of_run() {
    if !has("node") {
        return;
    }
    let mut random = Random(3);
    let mut text = String::from("input z\n");
    let mut outputs = Vec::new();
    for row in neuronc::Activation::TABLE.iter().filter(|row| !row.whole_array) {
        let mut written: Vec<String> = row.with_defaults().map(|_| row.name.to_owned()).into_iter().collect();
        if !row.parameters.is_empty() {
            let values: Vec<&str> = row.parameters.iter().zip(["0.7", "1.3"]).map(|(_, value)| value).collect();
            written.push(format!("{}({})", row.name, values.join(", ")));
        }
        for activation in written {
            let name = format!("n{}", outputs.len());
            text += &format!("neuron {name} {{ activation = {activation} }}\nz -> {name} : 1\n");
            outputs.push(name);
        }
    }
    assert!(outputs.len() > 45, "{}", outputs.len());
    let cancelling = outputs.len();
    text += "activation all(z, p = 2) = if(z > 0, ln(1 + z) + sqrt(z), sinh(max(z, -3)) * cosh(min(z, 2))) + p * atan(z) - erf(z) / (1 + z ^ 2)\n";
    text += "activation more(z) = floor(z) + ceil(z / 3) + clamp(z, -1, 2) + log2(1 + abs(z)) + 2 ^ clamp(z, -5, 5) + (z >= 1) + (z != 2) + leaky_relu(z, 0.3) + -tanh(z)\n";
    for (name, activation) in [("f0", "all"), ("f1", "all(-0.5)"), ("f2", "more")] {
        text += &format!("neuron {name} {{ activation = {activation} }}\nz -> {name} : 1\n");
        outputs.push(name.to_owned());
    }
    text += &format!("output {}\n", outputs.join(", "));
    let folder = Folder::new();
    folder.write("all.neuron", text);
    let case = Case { folder: &folder, file: "all.neuron", inputs: vec![[0.0, 0.0]], is_exact: false, cancelling };
    let rows: Vec<Vec<f64>> = net_inputs(&mut random).into_iter().map(|z| vec![z]).collect();
    case.compare(&rows);
}

/// Sums, all ways to combine, straight activations and arrays: the same bits in both precisions.
#[test]
fn what_needs_no_series_has_the_same_bits() {
    if !has("node") {
        return;
    }
    let mut random = Random(4);
    let mut number = || format!("{:?}", (random.share() - 0.5) * 4.0);
    let mut list = |count: usize| (0..count).map(|_| number()).collect::<Vec<_>>().join(", ");
    let mut text = String::from("input x[5], y\nneuron h[4] { activation = relu, bias = [");
    text += &format!("{}] }}\n[x, y] -> h : [[{}]]\n", list(4), [list(6), list(6), list(6), list(6)].join("], ["));
    for (place, (combine, _)) in neuronc::Combine::TABLE.iter().enumerate() {
        let activation =
            ["step", "leaky_relu(0.1)", "hard_sigmoid", "sign", "soft_shrink", "softsign", "identity"][place];
        text += &format!("neuron n{place} {{ combine = {combine}, activation = {activation}, bias = {} }}\n", list(1));
        text += &format!("[h, x] -> n{place} : [{}]\n", list(9));
    }
    text += "neuron w[3] { activation = hardmax }\n[x, h[0]] -> w : [1, -1, 0.5, 0.25, 2, 1] { rule = random(0.7, seed = 3) }\n";
    text = text.replace(": [1, -1, 0.5, 0.25, 2, 1] {", ": 1.1 {");
    text += "output h, n0, n1, n2, n3, n4, n5, n6, w\n";
    let folder = Folder::new();
    folder.write("n.neuron", text);
    let case = Case {
        folder: &folder,
        file: "n.neuron",
        inputs: vec![[-3.0, 3.0]; 6],
        is_exact: true,
        cancelling: usize::MAX,
    };
    let mut rows = case.random_rows(&mut Random(5), 400);
    rows.extend([
        vec![0.0; 6],
        vec![-0.0; 6],
        vec![1e-320; 6],
        vec![1e30; 6],
        vec![-1e-30, 1e30, -1e30, 1.0, 2.0, 3.0],
    ]);
    case.compare(&rows);
}

#[test]
fn the_page_works_in_a_browser() {
    if !has("node") || !has("chromium") {
        return;
    }
    let folder = Folder::new();
    for example in ["article", "xor_gates", "gates", "digits"] {
        let name = format!("{example}.neuron");
        std::fs::copy(project("examples").join(&name), folder.0.join(&name)).expect("it can be copied");
    }
    std::fs::copy(project("examples/digits.safetensors"), folder.0.join("digits.safetensors"))
        .expect("it can be copied");
    let hostile = "## </script><script>window.harmed = 1</script> <img src=x onerror=\"window.harmed = 2\"> ]]> &amp; `'\\\n\
        network hostile\n\n## </title></style><b>\ninput x = 0.5 { range = [0, 1] }\n\
        activation odd(z) = if(z < 0, -z, z)\nneuron ünïcode { activation = odd }\nx -> ünïcode : -2\noutput ünïcode\n";
    folder.write("hostile.neuron", hostile);
    for name in ["article", "xor_gates", "digits", "hostile"] {
        ran(neuronc(&folder).args(["draw", &format!("{name}.neuron"), "-q", "-o", &format!("{name}.html")]));
    }
    assert_eq!(ran(node("browse.mjs").arg(&folder.0)), "all is well\n");
}
