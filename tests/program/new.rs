//! Starting files: what they are, and that writing them harms nothing.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::Test;

/// A folder in which several runs follow each other.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("neuronc-new-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Folder(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_neuronc"));
        command.args(arguments).current_dir(&self.0);
        command
    }

    /// What a run prints on its two streams, if it ends with `code`.
    #[track_caller]
    fn run(&self, code: i32, arguments: &[&str]) -> (String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the program runs");
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(status.code(), Some(code), "{arguments:?}\nstdout:\n{stdout}\nstderr:\n{stderr}");
        (stdout.into_owned(), stderr.into_owned())
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("the file is there")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("the folder is there");
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> = entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder can be removed");
    }
}

/// The names of the templates, as the list of the program gives them.
fn templates() -> Vec<String> {
    let list = Test::new().args("new").run().code(0).stderr("").stdout;
    let (rows, next): (Vec<&str>, Vec<&str>) = list.lines().partition(|line| !line.starts_with("Next: "));
    assert_eq!(next.len(), 1, "{list}");
    rows.iter().map(|row| row.split(' ').next().expect("a row starts with a name").to_owned()).collect()
}

#[test]
fn every_template_is_a_network_without_faults_whose_next_commands_work() {
    let folder = Folder::new("templates");
    let templates = templates();
    assert_eq!(templates, ["article", "xor", "layers"]);
    for name in &templates {
        let file = format!("{name}.neuron");
        let (stdout, stderr) = folder.run(0, &["new", name]);
        assert_eq!(stdout, "");
        assert!(stderr.starts_with(&format!("wrote {file}: ")), "{stderr}");
        assert_eq!(folder.run(0, &["check", "--error-on-warning", &file]), (String::new(), String::new()));
        let commands = stderr.lines().skip(1).map(|line| line.split("neuronc ").nth(1).expect("a command"));
        let printed: Vec<String> = commands
            .map(|command| {
                let (stdout, stderr) = folder.run(0, &command.split(' ').collect::<Vec<_>>());
                assert_eq!(stderr, "", "{command}");
                stdout
            })
            .collect();
        let [run, test] = printed.as_slice() else { panic!("{} commands", printed.len()) };
        assert!(run.contains("net input") && run.contains(" = "), "{run}");
        assert!(test.starts_with(&format!("{file}: ")) && test.contains("expectations hold"), "{test}");
        let text = folder.read(&file);
        assert!(text.contains(&format!("\nnetwork {name}\n")));
        assert!(text.lines().filter(|line| line.contains('#')).count() >= 10, "{name} teaches little");
        assert!(text.lines().all(|line| line.chars().count() <= 100 && line == line.trim_end()), "{name}");
    }
    let (stdout, _) = folder.run(0, &["run", "article.neuron"]);
    assert_eq!(stdout, "c = 2.2\n");
    let help = Test::new().args("new --help").run().code(0).stdout;
    let completions = Test::new().args("completions zsh").run().code(0).stdout;
    for name in &templates {
        assert!(help.contains(&format!("- {name}:")) && completions.contains(&format!("{name}\\:")), "{name}");
    }
}

#[test]
fn a_file_may_have_a_name_of_its_own() {
    let folder = Folder::new("names");
    let header = |name: &str| folder.read(name).lines().nth(1).expect("a second line").to_owned();
    folder.run(0, &["new", "mine.neuron"]);
    assert_eq!(header("mine.neuron"), "network mine");
    folder.run(0, &["new", "layers", "deep.neuron"]);
    assert_eq!(folder.read("deep.neuron").lines().nth(2), Some("network deep"));
    // A template's name is meant as one.
    folder.run(0, &["new", "xor.neuron"]);
    assert!(folder.read("xor.neuron").contains("either"));
    // What cannot be the name of a network: the template's own stays.
    for name in ["my net.neuron", "2.neuron", "input.neuron", "it's.neuron"] {
        let (_, stderr) = folder.run(0, &["new", name]);
        assert_eq!(header(name), "network article", "{name}");
        assert!(name == "2.neuron" || name == "input.neuron" || stderr.contains("run '"), "{stderr}");
    }
    if cfg!(unix) {
        folder.run(0, &["new", "a\nconst b = 1.neuron"]);
        assert_eq!(header("a\nconst b = 1.neuron"), "network article");
        let (_, stderr) = folder.run(0, &["new", "--", "-c.neuron"]);
        assert!(stderr.contains("neuronc test ./-c.neuron\n"), "{stderr}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let folder = Folder::new("dash");
    let (article, stderr) = folder.run(0, &["new", "-"]);
    assert_eq!(stderr, "");
    let (xor, _) = folder.run(0, &["new", "xor", "-"]);
    assert_eq!(folder.names(), [""; 0]);
    folder.run(0, &["new", "article"]);
    folder.run(0, &["new", "xor"]);
    assert_eq!((article, xor), (folder.read("article.neuron"), folder.read("xor.neuron")));
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let folder = Folder::new("there");
    std::fs::write(folder.0.join("xor.neuron"), "mine").expect("a file can be written");
    std::fs::create_dir(folder.0.join("folder.neuron")).expect("a folder can be made");
    for arguments in [["new", "xor"], ["new", "folder.neuron"]] {
        let (stdout, stderr) = folder.run(3, &arguments);
        assert_eq!(stdout, "");
        assert!(stderr.contains("E0702") && stderr.contains("it is there already"), "{stderr}");
    }
    assert_eq!(folder.read("xor.neuron"), "mine");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.neuron", folder.0.join("link.neuron")).expect("a link can be made");
        folder.run(3, &["new", "link.neuron"]);
        std::fs::remove_file(folder.0.join("link.neuron")).expect("the link can be removed");
    }
    assert_eq!(folder.names(), ["folder.neuron", "xor.neuron"]);
}

#[test]
fn of_several_at_the_same_time_one_writes() {
    let folder = Folder::new("race");
    let start = |_| folder.command(&["new", "layers", "--quiet"]).stderr(Stdio::null()).spawn();
    let running: Vec<_> = (0..8).map(start).collect();
    let ends = running.into_iter().map(|child| child.expect("it starts").wait().expect("it ends").code());
    let mut codes: Vec<Option<i32>> = ends.collect();
    codes.sort();
    assert_eq!(codes, [&[Some(0)][..], &[Some(3); 7]].concat());
    assert_eq!(folder.names(), ["layers.neuron"], "nothing is left over");
    folder.run(0, &["test", "layers.neuron"]);
}

#[test]
fn what_is_no_template_is_told_with_a_mend() {
    let run = |arguments: &str| Test::new().args(arguments).run().code(2).stdout("");
    run("new artcle").stderr_has("E0606").stderr_has("did you mean `article`?");
    run("new elephant").stderr_has("article, xor, layers").stderr_has("`.neuron`");
    run("new xor gates").stderr_has("write `gates.neuron`");
    run("new gates.neuron xor").stderr_has("`neuronc new xor gates.neuron`");
    run("new xor a.neuron b.neuron").stderr_has("b.neuron");
    Test::new().args("new missing/a.neuron").run().code(3).stdout("").stderr_has("there is no such folder");
}

#[test]
fn the_note_is_left_out_where_it_would_disturb() {
    Test::new().args("new xor --quiet").run().code(0).stdout("").stderr("");
    Test::new().args("new xor --message-format json").run().code(0).stdout("").stderr("");
}
