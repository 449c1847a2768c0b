//! The imports of the code are those of ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{blocks, path, read};

/// A module's place in the order, and the crates that it may import.
fn allowed() -> Vec<(String, Vec<String>)> {
    let text = read("ARCHITECTURE.md");
    let block = blocks(&text).into_iter().find(|(info, _)| info == "imports").expect("the list of imports").1;
    block
        .lines()
        .map(|line| {
            let (module, crates) = line.split_once(':').unwrap_or((line, ""));
            (module.to_owned(), crates.split_whitespace().map(str::to_owned).collect())
        })
        .collect()
}

/// The text of every file of each module of the library, without comments.
fn modules() -> BTreeMap<String, String> {
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    collect(&path("src"), None, &mut modules);
    modules
}

fn collect(folder: &Path, module: Option<&str>, modules: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let entry = entry.expect("a file can be listed").path();
        let stem = entry.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let module = module.unwrap_or(&stem);
        if entry.is_dir() {
            if module != "bin" {
                collect(&entry, Some(module), modules);
            }
        } else if module != "lib" {
            let text = std::fs::read_to_string(&entry).expect("the file is UTF-8");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            modules.entry(module.to_owned()).or_default().push_str(&code);
        }
    }
}

/// The names that follow `prefix` in the code.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    code.split(prefix)
        .skip(1)
        .map(|rest| rest.chars().take_while(|character| is_part(*character)).collect())
        .filter(|name: &String| !name.is_empty())
        .collect()
}

#[test]
fn imports_go_up_the_list() {
    let allowed = allowed();
    let modules = modules();
    let listed: Vec<&String> = allowed.iter().map(|(module, _)| module).collect();
    for module in modules.keys() {
        assert!(listed.contains(&module), "ARCHITECTURE.md does not list `{module}`");
    }
    for (place, (module, _)) in allowed.iter().enumerate() {
        let code = modules.get(module).unwrap_or_else(|| panic!("there is no module `{module}`"));
        for used in named_after(code, "crate::") {
            let found = listed.iter().position(|known| **known == used);
            assert!(found.is_none_or(|found| found <= place), "`{module}` imports `{used}`, which stands below it");
        }
    }
}

#[test]
fn crates_stay_where_they_are_confined() {
    let manifest = read("Cargo.toml");
    let section = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("a section");
    let crates: Vec<String> = section
        .lines()
        .filter(|line| line.contains('=') && !line.contains("optional = true"))
        .map(|line| line.split('=').next().unwrap_or_default().trim().replace('-', "_"))
        .collect();
    assert!(crates.len() >= 5, "{crates:?}");
    let modules = modules();
    for (module, confined) in allowed() {
        for name in &crates {
            let used = modules[&module].contains(&format!("{name}::"));
            let may = confined.contains(name);
            assert_eq!(used, may, "`{module}` and the crate `{name}`: ARCHITECTURE.md says otherwise");
        }
    }
}

/// The library's documentation says so; what does not hold does not compile.
#[test]
fn every_type_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<(neuronc::Sources, neuronc::Diagnostics, neuronc::Limits, neuronc::Report<'_>)>();
    shared::<(neuronc::ast::Program, neuronc::Network, neuronc::Plan, neuronc::Inputs)>();
    shared::<(neuronc::session::Session, neuronc::session::Failure, neuronc::session::Entered)>();
    shared::<(neuronc::Batch<f32>, neuronc::Batch<f64>, neuronc::BatchScratch<f32>, neuronc::BatchScratch<f64>)>();
    shared::<(neuronc::Scratch<f64>, neuronc::Scratch<f32>, neuronc::Trace, neuronc::InputError)>();
}

#[test]
fn the_program_sees_only_the_public_library() {
    let mut program = BTreeMap::new();
    collect(&path("src/bin/neuronc"), Some("program"), &mut program);
    let code = &program["program"];
    assert!(code.contains("neuronc::"));
    for stage in ["parser", "resolve", "order", "pest", "petgraph"] {
        assert!(!code.contains(&format!("neuronc::{stage}::")) && !code.contains(&format!("{stage}::")), "{stage}");
    }
}

#[test]
fn unsafe_code_stays_in_the_kernel() {
    for (module, code) in modules() {
        let blocks = code.matches("unsafe {").count();
        assert!(module == "eval" || blocks == 0, "`{module}` has unsafe code");
    }
    let lib = read("src/lib.rs");
    for (_, content) in blocks(&read("ARCHITECTURE.md")).iter().filter(|(info, _)| info == "stages") {
        for stage in ["parse", "resolve", "plan", "evaluate", "trace"] {
            assert!(content.contains(stage) && lib.contains(stage), "{stage}");
        }
    }
}
