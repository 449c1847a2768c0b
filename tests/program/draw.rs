//! `neuronc draw`.

use std::path::PathBuf;

use super::{Test, article, example};

const GATE: &str = "input a = 1, b = 0\nneuron y { activation = step }\n[a, b] -> y : [1, -1]\noutput y\n";

fn gate() -> (Test, PathBuf) {
    let test = Test::new().file("gate.neuron", GATE);
    let folder = test.folder.clone();
    (test, folder)
}

#[test]
fn a_network_is_drawn_to_standard_output() {
    let ran = article("draw article.neuron").code(0).stderr("");
    assert!(ran.stdout.starts_with("<svg ") && ran.stdout.ends_with("</svg>\n"), "{}", ran.stdout);
    let ran = ran.stdout_has("data-neuron=\"c\"").stdout_has("data-from=\"x1\" data-to=\"c\" data-weight=\"1\"");
    assert!(!ran.stdout.contains("data-value"), "{}", ran.stdout);
    article("draw article.neuron -o -").code(0).stdout(&ran.stdout);
}

#[test]
fn what_it_computes_is_drawn_in() {
    let ran = article("draw article.neuron x1=2").code(0).stderr("");
    let ran = ran.stdout_has("data-contribution=\"2\"").stdout_has("data-net-input=\"3.4\" data-value=\"3.4\"");
    ran.stdout_has("+0.75 × 1.2 = +0.9").stdout_has("data-output=\"c\" data-value=\"3.4\"");
    article("draw article.neuron --values").code(0).stdout_has("data-value=\"2.2\" data-fires=\"1\"");
    article("draw article.neuron x3=2").code(2).stdout("").stderr_has("E0603");
    let ran = Test::new().file("a.neuron", "input x\nneuron y\nx -> y : 1\noutput y\n").args("draw a.neuron --values");
    ran.run().code(2).stdout("").stderr_has("E0602");
}

#[test]
fn a_picture_is_written_whole_or_not_at_all() {
    let (test, folder) = gate();
    test.args("draw gate.neuron -o gate.svg").run_and(|| {
        let written = std::fs::read_to_string(folder.join("gate.svg")).expect("it is there");
        assert!(written.ends_with("</svg>\n"), "{written}");
        assert_eq!(std::fs::read_dir(&folder).expect("the folder is there").count(), 2, "nothing is left over");
    });
    let (test, folder) = gate();
    let ran = test.file("old.svg", "old").args("draw gate.neuron c=1 -o old.svg").run_and(|| {
        assert_eq!(std::fs::read_to_string(folder.join("old.svg")).expect("it is there"), "old");
    });
    ran.code(2).stderr_has("E0603");
    gate().0.args("draw gate.neuron -o none/a.svg").run().code(3).stderr_has("there is no such folder");
}

#[test]
fn what_was_read_is_never_replaced() {
    let text = format!("import \"other.svg\" as other\n{GATE}");
    for out in ["gate.neuron --format svg", "./gate.neuron --format svg", "other.svg"] {
        let test = Test::new().file("gate.neuron", &text).file("other.svg", example("gates.neuron"));
        let folder = test.folder.clone();
        let ran = test.args("draw gate.neuron -o").args(out).run_and(|| {
            assert_eq!(std::fs::read_to_string(folder.join("gate.neuron")).expect("it is there"), text);
            assert_eq!(std::fs::read_to_string(folder.join("other.svg")).expect("it is"), example("gates.neuron"));
        });
        ran.code(2).stdout("").stderr_has("E0808");
    }
}

#[test]
fn a_name_that_tells_no_format_is_refused() {
    let ran = gate().0.args("draw gate.neuron -o picture.jpeg").run().code(2).stdout("");
    ran.stderr_has("the name `picture.jpeg` does not tell a format").stderr_has("`--format svg`");
    gate().0.args("draw gate.neuron --format svg -o picture").run().code(0).stdout("").stderr("");
    gate().0.args("draw none.neuron -o a.svg").run().code(3).stderr_has("there is no such file");
    let broken = Test::new().file("a.neuron", "neuron {").args("draw a.neuron").run().code(1);
    broken.stdout("");
}

#[test]
fn other_formats_are_told_by_the_name_too() {
    for (name, start) in
        [("a.dot", "digraph \"gate\" {"), ("a.gv", "digraph"), ("a.mermaid", "flowchart LR\n"), ("a.mmd", "flowchart")]
    {
        let (test, folder) = gate();
        let ran = test.args("draw gate.neuron -o").args(name).run_and(|| {
            let written = std::fs::read_to_string(folder.join(name)).expect("it is there");
            assert!(written.starts_with(start), "{written}");
        });
        ran.code(0).stdout("").stderr("");
    }
    gate().0.args("draw gate.neuron --format dot a=2").run().code(0).stdout_has("+1 × 2 = +2");
}

#[test]
fn a_theme_is_light_dark_or_the_readers() {
    let run = |theme: &str| gate().0.args("draw gate.neuron --theme").args(theme).run().code(0).stdout;
    let (light, dark, auto) = (run("light"), run("dark"), run("auto"));
    assert!(light != dark && !light.contains("prefers-color-scheme") && !dark.contains("prefers-color-scheme"));
    assert!(auto.contains("@media (prefers-color-scheme:dark)"), "{auto}");
    assert_eq!(gate().0.args("draw gate.neuron").run().stdout, auto);
}

#[cfg(not(feature = "png"))]
#[test]
fn a_program_without_png_says_how_to_get_it() {
    let ran = gate().0.args("draw gate.neuron -o gate.png").run().code(2).stdout("");
    ran.stderr_has("this program was built without PNG").stderr_has("--features png");
}

#[cfg(feature = "png")]
#[test]
fn png_has_the_pixels_of_its_scale() {
    let pixels = |arguments: &str| {
        let (test, folder) = gate();
        let mut size = (0, 0);
        let ran = test.args("draw gate.neuron -o gate.png").args(arguments).run_and(|| {
            let bytes = std::fs::read(folder.join("gate.png")).expect("it is there");
            assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
            let number = |place: usize| u32::from_be_bytes(bytes[place..place + 4].try_into().expect("four bytes"));
            size = (number(16), number(20));
        });
        ran.code(0).stdout("").stderr("");
        size
    };
    let (one, two) = (pixels("--scale 1"), pixels("--theme dark a=2"));
    let svg = gate().0.args("draw gate.neuron").run().stdout;
    let has = |name: &str, size: u32| svg.contains(&format!(" {name}=\"{size}\""));
    assert!(has("width", one.0) && has("height", one.1), "{one:?}");
    assert!(two.0 > one.0 && two.1 > one.1 && two.0 % 2 == 0, "{two:?}");
}

#[cfg(feature = "png")]
#[test]
fn png_is_not_made_of_too_many_pixels() {
    let mut text = "input a0[30] = 1\n".to_owned();
    for array in 1..30 {
        text += &format!("neuron a{array}[30]\na{} -> a{array} : 1\n", array - 1);
    }
    let test = Test::new().file("wide.neuron", text + "output a29\n");
    let folder = test.folder.clone();
    let ran = test.args("draw wide.neuron --scale 8 -o wide.png").run_and(|| {
        assert!(!folder.join("wide.png").exists());
    });
    ran.code(3).stdout("").stderr_has("are more than 67 million").stderr_has("E0702");
}
