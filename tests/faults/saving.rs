//! The commands that write files, and those whose results are all on standard output.

use std::process::{Command, Output};

use crate::{Content, Folder, LINK, PROGRAM, example, run, start};

/// A command with its surroundings.
pub struct Saving {
    pub arguments: &'static str,
    pub input: &'static str,
    /// What is there before.
    pub before: Content,
}

/// What a command does when nothing is refused.
pub struct Clean {
    pub after: Content,
    pub ran: Output,
}

impl Saving {
    pub fn of(arguments: &'static str) -> Saving {
        let mut before = Content::new();
        before.insert("a.neuron".to_owned(), example("article.neuron"));
        before.insert("r.csv".to_owned(), b"t,x1,x2\na,1,2\nb,2,no\n=c,3,4\n".to_vec());
        Saving { arguments, input: "", before }
    }

    pub fn with(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Saving {
        self.before.insert(name.to_owned(), bytes.as_ref().to_vec());
        self
    }

    pub fn linked(self, name: &str, to: &str) -> Saving {
        let bytes = [LINK, to.as_bytes()].concat();
        self.with(name, bytes)
    }

    fn input(self, input: &'static str) -> Saving {
        Saving { input, ..self }
    }

    /// The command as it runs through others, in a folder that holds what was there before.
    pub fn run_through(&self, through: &[&str], folder: &Folder) -> Output {
        folder.fill(&self.before);
        let mut words = through.iter().copied().chain([PROGRAM]).chain(self.arguments.split_whitespace());
        let mut command = Command::new(words.next().expect("the program at least"));
        command.args(words);
        run(command, folder, self.input)
    }

    /// Starts it in a folder that holds what was there before.
    pub fn start(&self, folder: &Folder) -> std::process::Child {
        folder.fill(&self.before);
        let mut command = Command::new(PROGRAM);
        command.args(self.arguments.split_whitespace());
        start(command, folder, self.input)
    }

    pub fn clean(&self, folder: &Folder) -> Clean {
        let ran = self.run_through(&[], folder);
        let after = folder.content();
        assert!(ran.status.code() == Some(0), "{}: {}", self.arguments, String::from_utf8_lossy(&ran.stderr));
        Clean { after, ran }
    }

    /// What is neither as it was nor as it is to be, or lies about for nobody.
    pub fn broken(&self, clean: &Clean, found: &Content) -> Vec<String> {
        let mut broken = Vec::new();
        for name in self.before.keys().chain(clean.after.keys()) {
            let (before, after, found) = (self.before.get(name), clean.after.get(name), found.get(name));
            if found != before && found != after {
                broken.push(format!("{name} has {:?} bytes, neither old nor new", found.map(Vec::len)));
            }
        }
        broken
    }

    /// What is wrong with how the command took a refusal, of which strace tells so much.
    pub fn wrong(&self, clean: &Clean, ran: &Output, found: &Content, refused: &[String]) -> Vec<String> {
        let mut wrong = self.broken(clean, found);
        let left_over = self.left_over(clean, found);
        if !left_over.is_empty() && !refused.iter().any(|call| call.contains("unlink")) {
            wrong.push(format!("{left_over:?} is left over"));
        }
        match ran.status.code() {
            Some(0) => {
                let is_whole = clean.after.iter().all(|(name, bytes)| found.get(name) == Some(bytes));
                let is_said = (&ran.stdout, &ran.stderr) == (&clean.ran.stdout, &clean.ran.stderr);
                if !is_whole || !is_said {
                    wrong.push("it says that all is well".to_owned());
                }
            }
            // 1 is the prompt's, if an entry failed; 127 the loader's, before there is a program.
            Some(code) if code == 3 || code == 127 || code == 1 && self.arguments.starts_with("repl") => {
                let is_mute = refused.iter().any(|call| call.contains("write(2, ") || call.contains("writev(2, "));
                if ran.stderr.is_empty() && !is_mute {
                    wrong.push("it says nothing".to_owned());
                }
            }
            code => wrong.push(format!("it ends with {code:?}: {}", String::from_utf8_lossy(&ran.stderr))),
        }
        wrong
    }

    /// What is there only for now.
    pub fn left_over(&self, clean: &Clean, found: &Content) -> Vec<String> {
        let is_known = |name: &&String| self.before.contains_key(*name) || clean.after.contains_key(*name);
        found.keys().filter(|name| !is_known(name)).cloned().collect()
    }
}

const UNTIDY: &str = "# kept\nnetwork a\ninput   x=1\nneuron y{bias=2}\nx->y:3\noutput y\n";

/// All that write files.
pub fn saving() -> Vec<Saving> {
    let rows = |arguments| Saving::of(arguments).with("o.csv", "old\n").with("j.csv", "old\n");
    let mut all = vec![
        Saving::of("fmt u.neuron").with("u.neuron", UNTIDY),
        Saving::of("fmt l.neuron v.neuron")
            .with("u.neuron", UNTIDY)
            .with("v.neuron", UNTIDY)
            .linked("l.neuron", "u.neuron"),
        Saving::of("new xor"),
        Saving::of("new layers n.neuron -q"),
        Saving::of("draw a.neuron x1=1 x2=2 --out p.svg").with("p.svg", "old"),
        Saving::of("draw a.neuron --out p.html"),
        Saving::of("draw a.neuron --out l.dot").with("p.dot", "old").linked("l.dot", "p.dot"),
        rows("run a.neuron --data r.csv --on-bad-row skip --rejects j.csv --out o.csv --threads 1"),
        rows("run a.neuron --data r.csv --on-bad-row null --rejects j.csv --out n.jsonl --threads 2"),
        rows("run a.neuron --data r.csv --on-bad-row skip -q --trace --keep t --out o.csv"),
        Saving::of("repl --no-history").input("input x = 1\nneuron y\nx -> y : 2\noutput y\n:save s.neuron\n"),
        Saving::of("repl u.neuron --echo").with("u.neuron", UNTIDY).input("y.bias = 4\n:save\n"),
    ];
    if cfg!(feature = "parquet") {
        all.push(Saving::of("run a.neuron --data r.csv --on-bad-row skip --out o.parquet").with("o.parquet", "old"));
        all.push(Saving::of("run a.neuron --data r.csv --on-bad-row null --out o.arrow"));
    }
    if cfg!(feature = "png") {
        all.push(Saving::of("draw a.neuron --out p.png").with("p.png", "old"));
    }
    all
}

/// Some that write for a while.
pub fn large() -> Vec<Saving> {
    let rows = "x1,x2\n".to_owned() + &"1,2\n2,no\n".repeat(10_000);
    let data = |arguments| Saving::of(arguments).with("r.csv", &rows).with("o.csv", "old\n").with("j.csv", "old\n");
    let layer = |width: u32| {
        let lines = (0..width).map(|number| format!("x[{number}]->h[{number}]:{number}\n"));
        format!("network a\ninput x[{width}]=1\nneuron h[{width}]\n{}output h\n", lines.collect::<String>())
    };
    let wide = layer(2_000);
    vec![
        Saving::of("fmt u.neuron").with("u.neuron", &wide),
        Saving::of("new xor"),
        Saving::of("draw u.neuron --out p.html").with("u.neuron", &wide).with("p.html", "old"),
        Saving::of("draw u.neuron --out p.svg").with("u.neuron", layer(200)),
        data("run a.neuron --data r.csv --on-bad-row skip -q --rejects j.csv --out o.csv"),
        data("run a.neuron --data r.csv --on-bad-row null -q --out n.jsonl"),
        Saving::of("repl u.neuron").with("u.neuron", &wide).input("const k = 4\n:save\n:save n.neuron\n"),
    ]
}

/// Those whose results are on standard output.
pub fn telling() -> Vec<Saving> {
    let mut all: Vec<Saving> = [
        "run a.neuron x1=1 x2=2 --trace",
        "run a.neuron x1=1 x2=2 --trace=json",
        "run a.neuron --data r.csv --on-bad-row skip",
        "run a.neuron --data r.csv --on-bad-row null --trace --threads 2",
        "test a.neuron",
        "explain a.neuron",
        "explain a.neuron --format html",
        "explain a.neuron --data r.csv --on-bad-row skip --format json",
        "explain E0201",
        "draw a.neuron --format mermaid",
        "completions bash",
        "new",
        "help new",
        "--version",
    ]
    .map(Saving::of)
    .into();
    all.push(Saving::of("check w.neuron").with("w.neuron", "input x\n"));
    all.push(Saving::of("fmt -").input(UNTIDY));
    all.push(Saving::of("run - --data r.csv --on-bad-row skip").input(UNTIDY).with("r.csv", "x\n1\n2\n"));
    all.push(Saving::of("run a.neuron --data - --in-format csv").input("x1,x2\n1,2\n3,4\n"));
    all
}
