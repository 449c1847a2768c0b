//! Messages.

use neuronc::{Code, Diagnostic, FileId, Label, Limits, Report, Severity, Sources, Span};

use super::assert_inert;

/// A byte's share of a length, as a place between two characters.
fn place(text: &str, share: u8) -> usize {
    let mut place = text.len() * usize::from(share) / 255;
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

/// Any message about any places of any text is shown by every renderer, in little room, and is inert.
pub fn messages(bytes: &[u8]) {
    let Some((places, bytes)) = bytes.split_first_chunk::<8>() else { return };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let name: String = text.chars().take(40).collect();
    let mut sources = Sources::new();
    let Ok(file) = sources.add(&name, text.clone().into_bytes(), &Limits::default()) else { return };
    let text = sources.get(file).text().to_owned();
    let label = |file: FileId, start: u8, end: u8| {
        let (start, end) = (place(&text, start.min(end)), place(&text, start.max(end)));
        let told = neuronc::shown(&text[start..end]);
        Label { span: Span { file, start: start as u32, end: end as u32 }, text: told }
    };
    let diagnostic = Diagnostic {
        severity: if places[6] & 1 == 0 { Severity::Error } else { Severity::Warning },
        code: Code::E0101,
        message: neuronc::neutralise(&text).into_owned(),
        label: Some(label(file, places[0], places[1])),
        related: vec![label(file, places[2], places[3]), label(file, places[4], places[5])],
        help: (places[6] & 2 == 0).then(|| neuronc::shown(&name)),
    };
    let report = Report::new(&diagnostic, &sources);
    let mut shown = String::new();
    miette::NarratableReportHandler::new().render_report(&mut shown, &report).expect("a string takes all");
    let look =
        if places[7] & 1 == 0 { miette::GraphicalTheme::unicode_nocolor() } else { miette::GraphicalTheme::none() };
    let width = 20 + usize::from(places[7]);
    let handler = miette::GraphicalReportHandler::new_themed(look).with_width(width).with_links(false);
    handler.render_report(&mut shown, &report).expect("a string takes all");
    assert_inert(&shown);
    let room = 40 * diagnostic.message.len() + 100_000;
    assert!(shown.len() < room, "{} bytes about {} bytes", shown.len(), text.len());
}
