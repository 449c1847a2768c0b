//! `load("weights.safetensors", "fc1.weight", transpose = false)`: values from files.

use std::collections::HashMap;

use super::Resolver;
use super::error::MadeError;
use crate::ast::{Argument, Expression, ExpressionKind};
use crate::call::Parameters;
use crate::diagnostic::Diagnostic;
use crate::files::{Files, beside, relative};
use crate::network::FileOrigin;
use crate::span::Span;
use crate::tensor::{Contents, FORMATS, Format, Room, TensorError};
use crate::value::{Tensor, evaluate};

/// The files that the program's sources name, each read once.
pub(super) struct Loads<'a> {
    files: &'a dyn Files,
    /// By name; none where the reason is reported already.
    opened: HashMap<String, Option<Contents>>,
    /// How many bytes were read.
    read: u64,
}

impl<'a> Loads<'a> {
    /// None yet; `read` bytes of the limit are used.
    pub(super) fn new(files: &'a dyn Files, read: u64) -> Loads<'a> {
        Loads { files, opened: HashMap::new(), read }
    }
}

/// What the arguments of a `load` say.
struct Load<'p> {
    path: &'p str,
    format: &'static Format,
    tensor: Option<&'p str>,
    transpose: bool,
}

impl Resolver<'_> {
    /// The value of an expression where a `load` may stand in its place, and the file that it is of.
    pub(super) fn value_of(&mut self, value: &Expression) -> Option<(Tensor, Option<Box<FileOrigin>>)> {
        let mut inner = value;
        while let ExpressionKind::Parenthesised(parenthesised) = &inner.kind {
            inner = parenthesised;
        }
        match &inner.kind {
            ExpressionKind::Call(name, arguments)
                if name.text == "load" && self.scope.activation("load").is_none() && !self.scope.is_broken("load") =>
            {
                let load = self.load(arguments, inner.span)?;
                let tensor = self.tensor(&load, inner.span)?;
                let (path, tensor_name) = (load.path.to_owned(), load.tensor.map(str::to_owned));
                let origin = FileOrigin { path, tensor: tensor_name, transposed: load.transpose };
                Some((tensor, Some(Box::new(origin))))
            }
            _ => {
                let tensor = evaluate(value, &self.names());
                self.valued(tensor).map(|tensor| (tensor, None))
            }
        }
    }

    /// What a `load` asks for.
    fn load<'p>(&mut self, arguments: &'p [Argument], at: Span) -> Option<Load<'p>> {
        let bound = Parameters::of_load().bind(arguments, at);
        let bound = self.valued(bound.map_err(Into::into))?;
        let [Some(path), tensor, transpose] = bound.as_slice() else { return None };
        let (path, path_at) = (self.text_of("path", path)?, path.value.span);
        if let Err(refusal) = relative(path) {
            self.reports.push(refusal.report(path, path_at));
            return None;
        }
        let Some(format) = Format::of(path) else {
            let known = FORMATS.iter().map(|format| format!("`.{}`", format.ending)).collect();
            self.error(MadeError::UnknownFormat { path: path.to_owned(), known, at: path_at });
            return None;
        };
        let tensor = match tensor {
            None => None,
            Some(tensor) if format.named => Some(self.text_of("tensor", tensor)?),
            Some(tensor) => {
                let (path, format, at) = (path.to_owned(), format.ending, tensor.value.span);
                self.error(MadeError::NamelessTensor { path, format, at });
                return None;
            }
        };
        let transpose = match transpose.map(|argument| &argument.value) {
            None => false,
            Some(Expression { kind: ExpressionKind::Truth(value), .. }) => *value,
            Some(other) => {
                self.error(MadeError::LoadArgument { name: "transpose", wanted: "`true` or `false`", at: other.span });
                return None;
            }
        };
        Some(Load { path, format, tensor, transpose })
    }

    fn text_of<'p>(&mut self, name: &'static str, argument: &'p Argument) -> Option<&'p str> {
        match &argument.value.kind {
            ExpressionKind::Text(text) => Some(text),
            _ => {
                let at = argument.value.span;
                self.error(MadeError::LoadArgument { name, wanted: "a text in quotes", at });
                None
            }
        }
    }

    /// The tensor that a `load` at `at` asks for.
    fn tensor(&mut self, load: &Load<'_>, at: Span) -> Option<Tensor> {
        let room = Room { header: self.limits.header, values: self.limits.parameters };
        let key = beside(self.text.file, load.path).unwrap_or_else(|| load.path.to_owned());
        if !self.loads.opened.contains_key(&key) {
            let opened = self.open(load, &room, at).map_err(|report| self.reports.push(*report)).ok();
            self.loads.opened.insert(key.clone(), opened);
        }
        let contents = self.loads.opened[&key].as_ref()?;
        let tensor = match load.tensor {
            None if load.format.named => Err(contents.nameless()),
            name => contents.tensor(name, load.transpose, &room),
        };
        tensor.map_err(|error: TensorError| self.reports.push(error.report(load.path, load.tensor, at))).ok()
    }

    /// Reads a file.
    fn open(&mut self, load: &Load<'_>, room: &Room, at: Span) -> Result<Contents, Box<Diagnostic>> {
        let left = self.limits.files.saturating_sub(self.loads.read);
        let bytes = self.loads.files.read(load.path, self.text.file, left);
        let bytes = bytes.map_err(|refusal| Box::new(refusal.report(load.path, at)))?;
        self.loads.read = self.loads.read.saturating_add(bytes.len() as u64);
        load.format.open(bytes, room).map_err(|error| Box::new(error.report(load.path, None, at)))
    }
}
