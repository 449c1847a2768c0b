//! Diagnostics as miette understands them: with the text around their places, cropped and neutralised.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{Source, Sources};
use crate::text::neutralise;

/// A diagnostic together with the sources that it points into, for any renderer of
/// [miette](https://docs.rs/miette) 7.
///
/// It implements `miette::Diagnostic`: code, severity, help, and labels in a window of the text around them, which is
/// cropped where lines are long and neutralised as by [`neutralise`](crate::neutralise).
/// Places in other files than the main one follow as related reports.
#[derive(Debug)]
pub struct Report<'a> {
    diagnostic: &'a Diagnostic,
    view: Option<View<'a>>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Elsewhere<'a>>,
}

impl<'a> Report<'a> {
    /// The report of a diagnostic.
    ///
    /// # Panics
    /// If the diagnostic points into other sources.
    #[must_use]
    pub fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Report<'a> {
        let Some(main) = &diagnostic.label else {
            return Report { diagnostic, view: None, labels: Vec::new(), elsewhere: Vec::new() };
        };
        let source = sources.get(main.span.file);
        let view = View::around(source, main.span.range());
        let mut labels = vec![LabeledSpan::new_primary_with_span(words(main), view.local(main.span.range()))];
        let mut elsewhere: Vec<Elsewhere<'a>> = Vec::new();
        for label in &diagnostic.related {
            if label.span.file == main.span.file && view.shows(label.span.range()) {
                labels.push(LabeledSpan::new_with_span(words(label), view.local(label.span.range())));
                continue;
            }
            let near = |part: &&mut Elsewhere<'_>| {
                part.labels[0].span.file == label.span.file && part.view.shows(label.span.range())
            };
            if let Some(part) = elsewhere.last_mut().filter(near) {
                part.labels.push(label);
            } else {
                let source = sources.get(label.span.file);
                elsewhere.push(Elsewhere { labels: vec![label], view: View::around(source, label.span.range()) });
            }
        }
        Report { diagnostic, view: Some(view), labels, elsewhere }
    }
}

fn words(label: &Label) -> Option<String> {
    (!label.text.is_empty()).then(|| label.text.clone())
}

impl std::fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.view.as_ref().map(|view| view as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|part| part as &dyn miette::Diagnostic)))
    }
}

/// Places that the main view does not show, near each other.
#[derive(Debug)]
struct Elsewhere<'a> {
    /// At least one.
    labels: Vec<&'a Label>,
    view: View<'a>,
}

impl std::fmt::Display for Elsewhere<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = &self.labels[0].text;
        formatter.write_str(if words.is_empty() { "this belongs to it" } else { words })
    }
}

impl std::error::Error for Elsewhere<'_> {}

impl miette::Diagnostic for Elsewhere<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.view)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        // Said once as the title, it is not said again at each of several places.
        let words = |label: &Label| words(label).filter(|_| self.labels.len() == 1);
        let local = move |label: &&Label| LabeledSpan::new_with_span(words(label), self.view.local(label.span.range()));
        Some(Box::new(self.labels.iter().map(local)))
    }
}

/// Lines shown before and after a place.
const CONTEXT: usize = 1;
/// Bytes of a longer line that are shown before and after a place.
const CROP: usize = 60;
/// Two places further apart than this many lines are shown apart.
const FAR: usize = 12;

/// The part of a source that is shown: some whole lines, or a part of a long one. It never scans the source, and what
/// it holds is inert.
#[derive(Debug)]
struct View<'a> {
    source: &'a Source,
    /// The bytes of the source that can be shown.
    range: std::ops::Range<usize>,
    name: String,
    /// The text of `range`, neutralised, of the same length.
    text: String,
}

impl<'a> View<'a> {
    /// The lines around a place.
    fn around(source: &'a Source, place: std::ops::Range<usize>) -> View<'a> {
        let line = source.line_of(place.start);
        let first = line.saturating_sub(FAR).max(1);
        let last = (source.line_of(place.end.max(place.start + 1) - 1) + FAR).min(source.line_count());
        let lines = source.line_range(first).start..source.line_range(last).end;
        let here = source.line_range(line);
        // Long lines, here or near, are never shown whole.
        let range = if lines.len() > 4_000 || here.len() > 2 * CROP + 80 {
            let start = floor(source.text(), place.start.saturating_sub(CROP).max(here.start));
            let end = ceil(source.text(), (place.start + CROP).min(here.end).max(start));
            start..end
        } else {
            lines
        };
        let text = neutralise_lines(&source.text()[range.clone()]);
        View { source, range, name: neutralise(source.name()).into_owned(), text }
    }

    fn shows(&self, place: std::ops::Range<usize>) -> bool {
        self.range.start <= place.start && place.end <= self.range.end
    }

    /// A place in the shown text: at least one character wide where there is one, never past the end.
    fn local(&self, place: std::ops::Range<usize>) -> SourceSpan {
        let start = place.start.clamp(self.range.start, self.range.end) - self.range.start;
        let end = place.end.clamp(self.range.start, self.range.end) - self.range.start;
        // A place of several lines is shown by its first.
        let end = self.text[start..end].find('\n').map_or(end, |length| start + length);
        (start, end - start).into()
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Neutralised text that keeps its line ends and tabs.
fn neutralise_lines(text: &str) -> String {
    text.split('\n')
        .map(|line| line.split('\t').map(neutralise).collect::<Vec<_>>().join("\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

impl SourceCode for View<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let whole = self.range.start + span.offset()..self.range.start + span.offset() + span.len();
        let first_line = self.source.line_of(whole.start);
        let last_line = self.source.line_of(whole.end.max(whole.start + 1) - 1);
        let first = first_line.saturating_sub(before.min(CONTEXT)).max(1);
        let last = (last_line + after.min(CONTEXT)).min(self.source.line_count());
        // With no context asked for, the contents start at the place itself, as miette expects for its header.
        let from = if before == 0 { whole.start } else { self.source.line_range(first).start };
        let start = from.max(self.range.start) - self.range.start;
        let end = self.source.line_range(last).end.min(self.range.end) - self.range.start;
        let position = self.source.position(self.range.start + start);
        let contents = &self.text.as_bytes()[start..end.max(start)];
        let span = (start, contents.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents,
            span,
            position.line - 1,
            position.column - 1,
            contents.iter().filter(|byte| **byte == b'\n').count() + 1,
        )))
    }
}
