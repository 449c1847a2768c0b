//! Reads a source one statement after the other.

use std::ops::Range;

use pest::Parser;

use super::build::{Builder, normalised};
use super::cut::{Bracket, Cutter, Fault, Part};
use super::error::{ParseError, unknown_statement};
use super::grammar::{NeuronParser, Rule};
use super::lost::{self, names_declared};
use super::scan::{STATEMENT_WORDS, indentation, is_doc, word_at};
use super::{docs, expected, literal, parts};
use crate::ast::{Comment, Definition, Doc, Lines, Name, Program, Statement, StatementKind};
use crate::diagnostic::Diagnostics;
use crate::limits::Limits;
use crate::source::Source;
use crate::span::Span;
use crate::text::is_bidirectional_control;

/// A source that is being read.
pub(super) struct Reader<'a> {
    source: &'a Source,
    limits: &'a Limits,
    /// What is wrong so far.
    pub(super) diagnostics: Diagnostics,
    /// Whether the source has a character that may not stand in it.
    has_forbidden: bool,
    /// How many statements there are so far, in networks or not.
    statements: u64,
    /// The networks whose statements are being read; more than one after a mistake.
    networks: Vec<OpenNetwork>,
}

/// A network whose end is not read yet.
struct OpenNetwork {
    doc: Option<Doc>,
    head: Range<usize>,
    /// None after an error in the head.
    name: Option<Name>,
    /// The statements of the source before it.
    before: Vec<Statement>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source, limits: &'a Limits) -> Reader<'a> {
        let (diagnostics, networks) = (Diagnostics::new(), Vec::new());
        Reader { source, limits, diagnostics, has_forbidden: false, statements: 0, networks }
    }

    pub(super) fn program(&mut self) -> Program {
        if let Some(error) = self.forbidden() {
            self.has_forbidden = true;
            self.report(error);
        }
        let text = self.source.text();
        let mut program = Program { file: self.source.id(), doc: None, statements: Vec::new(), comments: Vec::new() };
        let mut pending: Option<Doc> = None;
        let mut first_group = true;
        // The comments inside the last statement.
        let mut inner: Vec<Range<usize>> = Vec::new();
        let mut broken: Option<Broken> = None;
        for part in Cutter::new(text, self.limits.nesting as usize) {
            let end = program.statements.last().map_or(0, |statement| statement.span.end as usize);
            match part {
                Part::Comment(range) if range.start < end => {
                    inner.push(range);
                    continue;
                }
                Part::LateDoc(_) => {}
                _ => self.inner(std::mem::take(&mut inner), &mut program),
            }
            match part {
                Part::Doc(lines) => {
                    self.unattached(pending.take(), &mut program.comments);
                    pending = Some(self.doc(&lines));
                    first_group = first_group && program.statements.is_empty() && program.doc.is_none();
                }
                Part::Gap if pending.is_some() && first_group => {
                    program.doc = pending.take();
                    first_group = false;
                }
                Part::Gap => {
                    self.unattached(pending.take(), &mut program.comments);
                    broken = broken.filter(|broken| broken.is_property);
                }
                Part::Comment(range) => {
                    self.unattached(pending.take(), &mut program.comments);
                    program.comments.push(self.comment(range));
                }
                Part::LateDoc(range) => {
                    self.report(ParseError::LateDoc { at: range.clone() });
                    program.comments.push(self.comment(range));
                }
                Part::Lines(range) | Part::Statement(range, _) | Part::Head(range, _) if self.is_full() => {
                    let line = text[range.clone()].find('\n').unwrap_or(range.len());
                    let at = range.start..range.start + line;
                    self.report(ParseError::TooMany { at: at.clone(), limit: self.limits.statements });
                    // A part of a source has no meaning of its own.
                    let kind = StatementKind::Broken(Vec::new());
                    program.statements = vec![Statement { doc: None, kind, span: self.span(at) }];
                    return program;
                }
                Part::Head(range, bracket) => {
                    let (doc, before) = (pending.take(), std::mem::take(&mut program.statements));
                    let name = self.network_head(range.clone(), bracket);
                    self.networks.push(OpenNetwork { doc, head: range, name, before });
                    (first_group, broken) = (false, None);
                    self.statements += 1;
                }
                Part::Tail(range) => {
                    self.unattached(pending.take(), &mut program.comments);
                    broken = None;
                    let network = self.networks.pop().expect("a network ends after it has begun");
                    let inside = std::mem::replace(&mut program.statements, network.before);
                    let span = self.span(network.head.start..range.end.max(network.head.end));
                    let kind = self.network(network.head, network.name, range, inside);
                    program.statements.push(Statement { doc: network.doc, kind, span });
                }
                Part::Lines(range) => {
                    self.statements += 1;
                    let doc = pending.take();
                    first_group = first_group && program.doc.is_none() && doc.is_none();
                    // Documentation is that of the line after it alone.
                    let first = doc.as_ref().and_then(|_| text[range.clone()].find('\n'));
                    let end =
                        first.map_or(range.end, |length| range.start + text[range.start..][..length].trim_end().len());
                    program.statements.push(Statement { doc, ..self.lines(range.start..end) });
                    if end < range.end {
                        let rest = range.end - text[end..range.end].trim_start().len();
                        program.statements.push(self.lines(rest..range.end));
                    }
                }
                Part::Statement(range, fault) => {
                    self.statements += 1;
                    let kind = match broken.take().filter(|broken| broken.goes_on(text, &range)) {
                        Some(before) => {
                            broken = Some(before);
                            StatementKind::Broken(names_declared(&text[range.clone()]))
                        }
                        None => self.statement(range.clone(), fault),
                    };
                    if broken.is_none() && matches!(kind, StatementKind::Broken(_)) {
                        broken = Some(Broken::at(text, &range));
                    }
                    let mut doc = pending.take();
                    if first_group && matches!(kind, StatementKind::Network(_)) {
                        program.doc = doc.take();
                    }
                    first_group = first_group && program.doc.is_none() && doc.is_none();
                    program.statements.push(Statement { doc, kind, span: self.span(range) });
                }
            }
        }
        self.inner(inner, &mut program);
        if pending.is_some() && first_group {
            program.doc = pending.take();
        }
        self.unattached(pending, &mut program.comments);
        program
    }

    /// Whether there are all statements that there may be.
    fn is_full(&self) -> bool {
        self.statements >= self.limits.statements
    }

    /// The name in the head of a network at `range`; none after an error.
    fn network_head(&mut self, range: Range<usize>, bracket: Bracket) -> Option<Name> {
        let text = &self.source.text()[range.clone()];
        let word = word_at(text, 0);
        let error = if word != "network" {
            unknown_statement(text, range)
        } else if !self.networks.is_empty() {
            ParseError::Nested { what: "network", at: range.start..range.start + word.len() }
        } else if bracket == Bracket::OnLaterLine {
            ParseError::BlockAlone { at: range.end - 1..range.end }
        } else if bracket == Bracket::Missing {
            ParseError::NoBracket { head: range }
        } else if self.has_forbidden && text.chars().any(is_forbidden) {
            return None;
        } else {
            match self.tree(Rule::network_head, range, |builder, pair| Ok(builder.network_head(pair))) {
                Ok(name) => return Some(name),
                Err(error) => error,
            }
        };
        self.report(error);
        None
    }

    /// A network whose statements are read; `tail` is its closing bracket, or empty where that is missing.
    fn network(
        &mut self,
        head: Range<usize>,
        name: Option<Name>,
        tail: Range<usize>,
        statements: Vec<Statement>,
    ) -> StatementKind {
        if tail.is_empty() {
            self.report(ParseError::OpenNetwork { open: head.end - 1, before: tail.start });
        }
        match name {
            Some(name) if !tail.is_empty() => {
                let head = self.span(head);
                StatementKind::Define(Box::new(Definition { name, statements, head }))
            }
            _ => {
                let head = &self.source.text()[head];
                let name = head[word_at(head, 0).len()..].trim_start();
                let mut names = vec![normalised(word_at(name, 0))];
                // Where it should have ended is not known: names that others use may stand in it.
                names.extend(lost::names_in(&statements).filter(|_| tail.is_empty()));
                StatementKind::Broken(names)
            }
        }
    }

    /// Plain connection lines.
    fn lines(&self, range: Range<usize>) -> Statement {
        let span = self.span(range);
        let lines = Lines::new(self.source.shared_text(), span);
        Statement { doc: None, kind: StatementKind::Lines(lines), span }
    }

    /// The comments inside the last statement: documentation of its properties, or of nothing, or neither.
    fn inner(&mut self, comments: Vec<Range<usize>>, program: &mut Program) {
        let (text, Some(statement)) = (self.source.text(), program.statements.last_mut()) else { return };
        if comments.is_empty() {
            return;
        }
        let is_broken = matches!(statement.kind, StatementKind::Broken(_));
        let mut properties = docs::properties(&mut statement.kind).peekable();
        for lines in docs::groups(text, comments) {
            if is_broken || !is_doc(text, lines[0].start) {
                program.comments.extend(lines.into_iter().map(|line| self.comment(line)));
                continue;
            }
            let doc = self.doc(&lines);
            let next = docs::next_line(text, doc.span.range().end);
            while properties.next_if(|property| property.name.span.range().start < next).is_some() {}
            match properties.next_if(|property| property.name.span.range().start == next) {
                Some(property) => property.doc = Some(doc),
                None => self.unattached(Some(doc), &mut program.comments),
            }
        }
        // What stands behind something on its line was kept before.
        let first = program.comments.partition_point(|comment| comment.span.start < statement.span.start);
        program.comments[first..].sort_by_key(|comment| comment.span.start);
    }

    /// One statement, or what is left of it.
    fn statement(&mut self, range: Range<usize>, fault: Option<Fault>) -> StatementKind {
        let text = &self.source.text()[range.clone()];
        let outcome = match fault {
            _ if self.has_forbidden && text.chars().any(is_forbidden) => {
                return StatementKind::Broken(names_declared(text));
            }
            Some(fault) => Err(ParseError::Brackets { fault, statement: range, limit: self.limits.nesting }),
            None => self.well_bracketed(range),
        };
        outcome.unwrap_or_else(|error| {
            self.report(error);
            StatementKind::Broken(names_declared(text))
        })
    }

    /// Reads a statement by the rule that its first word asks for.
    fn well_bracketed(&mut self, range: Range<usize>) -> Result<StatementKind, ParseError> {
        let text = &self.source.text()[range.clone()];
        let word = word_at(text, 0);
        match word {
            _ if is_property(text) => {
                let at = range.start..range.start + word.len();
                Err(ParseError::PropertyAlone { name: word.to_owned(), at })
            }
            "network" if !self.networks.is_empty() => {
                Err(ParseError::Nested { what: "network", at: range.start..range.start + word.len() })
            }
            "network" => self.tree(Rule::network_statement, range, Builder::network),
            "input" | "weight" | "bias" | "const" | "neuron" => {
                self.tree(Rule::declare_statement, range, Builder::declare)
            }
            "output" => self.tree(Rule::output_statement, range, Builder::output),
            "expect" => self.tree(Rule::expect_statement, range, Builder::expect),
            "import" if !self.networks.is_empty() => {
                Err(ParseError::Nested { what: "import", at: range.start..range.start + word.len() })
            }
            "import" => self.tree(Rule::import_statement, range, Builder::import),
            "instance" => self.tree(Rule::instance_statement, range, Builder::instance),
            "activation" => self.tree(Rule::activation_statement, range, Builder::activation),
            _ if text.contains("->") => self.tree(Rule::connection_statement, range, Builder::connection),
            _ => Err(unknown_statement(text, range)),
        }
    }

    /// Parses `range` by `rule` and builds a tree of it.
    pub(super) fn tree<T>(
        &mut self,
        rule: Rule,
        range: Range<usize>,
        build: impl FnOnce(&mut Builder, pest::iterators::Pair<'_, Rule>) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        let whole = &self.source.text()[range.clone()];
        let mut builder = Builder::new(self.source.id(), range.start, self.limits.nesting as usize);
        let short_text;
        let mut parsed = None;
        if let Some((text, shortened)) = literal::shorten(whole) {
            short_text = text;
            let is_short = parts::beyond(&short_text, self.limits.statement).is_none();
            parsed = is_short.then(|| NeuronParser::parse(rule, &short_text).ok()).flatten();
            builder.shortened = parsed.as_ref().map(|_| shortened).unwrap_or_default();
        }
        // A mistake is told of the whole statement.
        let mut pairs = match parsed {
            Some(pairs) => pairs,
            None => {
                if let Some(beyond) = parts::beyond(whole, self.limits.statement) {
                    return Err(self.mistake_in_long(rule, whole, range.start, beyond));
                }
                NeuronParser::parse(rule, whole).map_err(|error| expected::explain(rule, whole, range.start, &error))?
            }
        };
        let pair = pairs.next().expect("a rule that matches makes one pair");
        let built = build(&mut builder, pair);
        for warning in builder.warnings {
            self.report(warning);
        }
        built
    }

    /// What is wrong with a statement that has too many parts for the grammar, which it has with the one at `beyond`:
    /// perhaps something behind a long list of numbers.
    fn mistake_in_long(&self, rule: Rule, whole: &str, offset: usize, beyond: usize) -> ParseError {
        let excerpt = parts::Excerpt::of(whole);
        if parts::beyond(&excerpt.text, self.limits.statement).is_none()
            && let Err(error) = NeuronParser::parse(rule, &excerpt.text)
        {
            let (at, positives) = expected::stop(&error);
            return expected::explain_at(rule, whole, offset, excerpt.original(at), positives);
        }
        ParseError::TooLong { at: offset + beyond..offset + beyond + 1, limit: self.limits.statement }
    }

    /// The first character that may not stand in a source, with how many follow.
    pub(super) fn forbidden(&self) -> Option<ParseError> {
        // Most sources are harmless ASCII; without an early exit a look at a chunk is vector code.
        let is_dull = |byte: &u8| matches!(byte, b'\t' | b'\n' | b' '..=b'~');
        let is_dull_chunk = |chunk: &[u8]| chunk.iter().map(is_dull).fold(true, |all, dull| all & dull);
        if self.source.text().as_bytes().chunks(1024).all(is_dull_chunk) {
            return None;
        }
        let mut found = self.source.text().char_indices().filter(|(_, character)| is_forbidden(*character));
        let (at, character) = found.next()?;
        let more = found.count();
        Some(ParseError::Forbidden { character, at, more })
    }

    fn doc(&self, lines: &[Range<usize>]) -> Doc {
        let text = |range: &Range<usize>| {
            let line = &self.source.text()[range.start + 2..range.end];
            line.strip_prefix(' ').unwrap_or(line).to_owned()
        };
        let span = lines[0].start..lines[lines.len() - 1].end;
        Doc { lines: lines.iter().map(text).collect(), span: self.span(span) }
    }

    fn comment(&self, range: Range<usize>) -> Comment {
        Comment { text: self.source.text()[range.clone()].to_owned(), span: self.span(range) }
    }

    /// Warns of documentation that documents nothing, and keeps it as comments.
    fn unattached(&mut self, doc: Option<Doc>, comments: &mut Vec<Comment>) {
        let Some(doc) = doc else { return };
        for line in &doc.lines {
            comments.push(Comment { text: format!("# {line}").trim_end().to_owned(), span: doc.span });
        }
        self.report(ParseError::UnattachedDoc { at: doc.span.range() });
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source.id(), range)
    }

    fn report(&mut self, error: ParseError) {
        self.diagnostics.push(error.report(self.source));
    }
}

/// A statement that could not be read, whose error is told: the lines after it may belong to it.
struct Broken {
    indentation: usize,
    /// Whether it is a property outside of braces.
    is_property: bool,
}

impl Broken {
    fn at(text: &str, range: &Range<usize>) -> Broken {
        let indentation = indentation(text, range.start);
        Broken { indentation, is_property: is_property(&text[range.clone()]) }
    }

    /// Whether the statement at `range`, which follows, belongs to it: a line further to the right that starts like no
    /// statement, one that starts with a mark, or the rest of a block that lacks its `{`.
    fn goes_on(&self, text: &str, range: &Range<usize>) -> bool {
        let next = &text[range.clone()];
        if self.is_property && (next == "}" || is_property(next)) {
            return true;
        }
        if next.starts_with([':', '=', ',']) {
            return true;
        }
        let starts = STATEMENT_WORDS.contains(&word_at(next, 0)) || next.contains("->");
        indentation(text, range.start) > self.indentation && !starts
    }
}

/// Whether a statement is a property, which belongs into braces.
fn is_property(text: &str) -> bool {
    let word = word_at(text, 0);
    let after = text[word.len()..].trim_start();
    matches!(word, "bias" | "activation" | "combine") && after.starts_with('=') && !after.starts_with("=>")
}

/// Whether a character may not stand anywhere in a source.
fn is_forbidden(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n')
        || is_bidirectional_control(character)
        || character == '\u{FEFF}'
}
