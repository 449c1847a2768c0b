//! `import "FILE" as NAME`: the files of a program, each read and parsed once.

use std::collections::HashMap;

use super::error::{NetworkError, ResolveError};
use crate::ast::{Import, Program, StatementKind};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Label};
use crate::files::{Files, Refusal, beside, relative};
use crate::limits::Limits;
use crate::parser::parse;
use crate::source::Sources;
use crate::span::{FileId, Span};

/// A file that is imported.
pub(super) struct Module {
    /// None where it could not be read; the reason is reported.
    pub(super) program: Option<Program>,
    pub(super) file: Option<FileId>,
    /// What its `import` statements name, in their order: places in the list of modules.
    pub(super) imports: Vec<Option<usize>>,
    /// The statements that import it, from its own to one of the program's file: the first way to it that was found.
    pub(super) chain: Vec<Span>,
}

/// The files that a program imports, directly or not. Each stands behind those that it imports itself.
#[derive(Default)]
pub(super) struct Modules {
    pub(super) list: Vec<Module>,
    /// What the `import` statements of the program's own file name, in their order.
    pub(super) imports: Vec<Option<usize>>,
    /// What is wrong with the files and their texts.
    pub(super) reports: Vec<Diagnostic>,
    /// How many bytes were read.
    pub(super) read: u64,
}

/// Reads all files that a program imports.
pub(super) fn modules(program: &Program, sources: &mut Sources, files: &dyn Files, limits: &Limits) -> Modules {
    let name = sources.get(program.file).name().to_owned();
    let key = beside(&name, name.rsplit('/').next().unwrap_or(&name)).unwrap_or_else(|| name.clone());
    let (known, open) = (HashMap::new(), vec![(key, Span::new(program.file, 0..0))]);
    let mut reader = Reader { sources, files, limits, known, open, count: 0, done: Modules::default() };
    let imports = reader.imports(program, &name, &[]);
    Modules { imports, ..reader.done }
}

/// What a program imports where no files are read: nothing, for a reason that is reported.
pub(super) fn unread(program: &Program) -> Modules {
    let mut modules = Modules::default();
    for statement in &program.statements {
        if let StatementKind::Import(import) = &statement.kind {
            modules.imports.push(None);
            modules.reports.push(Refusal::NoFiles.report(&import.path, import.path_span));
        }
    }
    modules
}

struct Reader<'a> {
    sources: &'a mut Sources,
    files: &'a dyn Files,
    limits: &'a Limits,
    /// By name: none where there is no such module, for a reason that is reported.
    known: HashMap<String, Option<usize>>,
    /// The files that are being read, each imported by the one before, with the statement that imports it.
    open: Vec<(String, Span)>,
    /// How many files were asked for.
    count: u64,
    done: Modules,
}

impl Reader<'_> {
    /// Reads what the statements of a program import. At most as deep as the limit.
    fn imports(&mut self, program: &Program, named_in: &str, chain: &[Span]) -> Vec<Option<usize>> {
        let mut found = Vec::new();
        for statement in &program.statements {
            let StatementKind::Import(import) = &statement.kind else { continue };
            found.push(self.import(import, named_in, chain).unwrap_or_else(|report| {
                self.done.reports.push(told_with(*report, chain));
                None
            }));
        }
        found
    }

    fn import(&mut self, import: &Import, named_in: &str, chain: &[Span]) -> Result<Option<usize>, Box<Diagnostic>> {
        let (path, at) = (import.path.as_str(), import.path_span);
        let refused = |refusal: Refusal| Box::new(refusal.report(path, at));
        relative(path).map_err(refused)?;
        let key = beside(named_in, path).unwrap_or_else(|| path.to_owned());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        if let Some(start) = self.open.iter().position(|(open, _)| *open == key) {
            let round = &self.open[start..];
            let files = round.iter().map(|(file, _)| file.clone()).chain([key]).collect();
            let others = round.iter().skip(1).map(|(_, at)| *at).collect();
            return Err(Box::new(NetworkError::ImportLoop { files, others, at }.into()));
        }
        let (count, deep) = (self.count + 1, self.open.len() as u64);
        let limit = |code, what, asked, allowed, flag| {
            let asked = Some(asked);
            Err(Box::new(ResolveError::Limit { code, what, asked, allowed, flag, at }.report()))
        };
        if count > self.limits.imports {
            self.known.insert(key, None);
            return limit(Code::E0911, "imported files", count, self.limits.imports, "imports");
        }
        if deep > self.limits.import_depth {
            return limit(Code::E0912, "levels of imports", deep, self.limits.import_depth, "import_depth");
        }
        self.count = count;
        self.known.insert(key.clone(), None);
        let left = self.limits.files.saturating_sub(self.done.read);
        let bytes = self.files.read(path, named_in, left).map_err(refused)?;
        self.done.read += bytes.len() as u64;
        let mut chain = chain.to_vec();
        chain.insert(0, at);
        let module = match self.sources.add(&key, bytes, self.limits) {
            Ok(file) => {
                let (program, mistakes) = parse(self.sources.get(file), self.limits);
                let mistakes = mistakes.iter().filter(|report| report.severity == crate::diagnostic::Severity::Error);
                self.done.reports.extend(mistakes.map(|report| told_with(report.clone(), &chain)));
                self.open.push((key.clone(), at));
                // While it is being read it is no known module: importing it again is a loop.
                self.known.remove(&key);
                let imports = self.imports(&program, &key, &chain);
                self.open.pop();
                Module { program: Some(program), file: Some(file), imports, chain }
            }
            Err(report) => {
                self.done.reports.push(told_with(report, &chain));
                Module { program: None, file: None, imports: Vec::new(), chain }
            }
        };
        self.done.list.push(module);
        let place = self.done.list.len() - 1;
        self.known.insert(key, Some(place));
        Ok(Some(place))
    }
}

/// A report about a file, with the statements that import it.
pub(super) fn told_with(mut report: Diagnostic, chain: &[Span]) -> Diagnostic {
    let labels = chain.iter().enumerate().map(|(place, span)| {
        let text = if place == 0 { "imported here" } else { "whose file is imported here" };
        Label { span: *span, text: text.to_owned() }
    });
    report.related.extend(labels);
    report
}
