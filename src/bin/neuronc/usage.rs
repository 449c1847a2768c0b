//! What is wrong with a command line, in the words of all other messages.

use std::error::Error;
use std::ffi::OsString;

use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use neuronc::{Code, Diagnostic, neutralise};

use crate::arguments::{Everywhere, MessageForm, When};
use crate::inputs::usage;

/// Options of later releases.
const LATER: [&str; 4] = ["--input", "--rows", "--verbose", "-v"];

/// How messages look while the arguments are not known: as far as these can be read.
pub fn everywhere(given: &[OsString]) -> Everywhere {
    Everywhere {
        allow_path: Vec::new(),
        color: value_of(given, "--color").unwrap_or(When::Auto),
        message_format: value_of(given, "--message-format").unwrap_or(MessageForm::Human),
        error_on_warning: false,
        max_errors: 100,
        limit: Vec::new(),
        quiet: false,
    }
}

/// The last valid value of an option among arguments that are perhaps no valid ones.
fn value_of<T: ValueEnum>(given: &[OsString], option: &str) -> Option<T> {
    let mut arguments = given.iter().map(|argument| argument.to_string_lossy()).take_while(|argument| argument != "--");
    let mut found = None;
    while let Some(argument) = arguments.next() {
        let value = match argument.split_once('=') {
            Some((name, value)) if name == option => Some(value.to_owned()),
            None if argument == option => arguments.next().map(std::borrow::Cow::into_owned),
            _ => None,
        };
        found = value.and_then(|value| T::from_str(&value, false).ok()).or(found);
    }
    found
}

/// The message for a command line that clap refuses.
pub fn report(error: &clap::Error) -> Diagnostic {
    let argument = shown(error, ContextKind::InvalidArg);
    // `--color <WHEN>`
    let name = argument.split([' ', '=', '[']).next().unwrap_or_default().trim_matches(['<', '>']);
    let value = shown(error, ContextKind::InvalidValue);
    let later = match error.kind() {
        ErrorKind::UnknownArgument if LATER.contains(&name) => Some(format!("the option `{name}`")),
        _ => None,
    };
    if let Some(later) = later {
        let help = "`neuronc help` lists what there is".to_owned();
        return usage(Code::E0501, format!("{later} is not in this release yet"), Some(help));
    }
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedValue].map(|kind| shown(error, kind));
    let suggested = suggested.iter().find(|suggested| !suggested.is_empty()).map(|it| format!("did you mean `{it}`?"));
    let form = shown(error, ContextKind::Usage).replace("Usage: ", "");
    let words = form.split_whitespace().take_while(|word| word.chars().all(|letter| letter.is_ascii_lowercase()));
    let command = words.collect::<Vec<_>>().join(" ");
    let form = (!form.is_empty()).then(|| format!("it is used as `{}`", form.trim()));
    let (message, help) = match error.kind() {
        ErrorKind::UnknownArgument if name.starts_with('-') => {
            let help = suggested.unwrap_or_else(|| format!("`{command} --help` lists the options"));
            (format!("no option is called `{name}`"), Some(help))
        }
        ErrorKind::UnknownArgument => (format!("`{argument}` is one argument too many"), form),
        ErrorKind::InvalidValue if value.is_empty() => (format!("`{name}` needs a value"), choice(error)),
        ErrorKind::InvalidValue => (format!("`{value}` is no value of `{name}`"), suggested.or_else(|| choice(error))),
        ErrorKind::ValueValidation => {
            let reason = error.source().map(|reason| match reason.downcast_ref::<std::num::ParseIntError>() {
                Some(_) => "it is a whole number".to_owned(),
                None => neutralise(&reason.to_string()).into_owned(),
            });
            (format!("`{name}` cannot be `{value}`"), reason)
        }
        ErrorKind::NoEquals => (format!("the value of `{name}` stands behind a `=`"), form),
        ErrorKind::MissingRequiredArgument => (format!("{argument} is missing"), form),
        ErrorKind::ArgumentConflict if argument == shown(error, ContextKind::PriorArg) => {
            (format!("`{name}` is given twice"), Some("remove one of them".to_owned()))
        }
        _ => {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            (neutralise(&first).into_owned(), form)
        }
    };
    usage(Code::E0607, message, help)
}

/// The values that an option takes.
fn choice(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) else { return None };
    let (last, others) = values.split_last()?;
    let others: Vec<String> = others.iter().map(|value| format!("`{value}`")).collect();
    Some(if others.is_empty() { format!("it is `{last}`") } else { format!("it is {} or `{last}`", others.join(", ")) })
}

/// What clap says of an error, inert and cropped.
fn shown(error: &clap::Error, kind: ContextKind) -> String {
    const MOST: usize = 200;
    let text = match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => {
            texts.iter().map(|text| text.trim_matches(['<', '>', '.'])).collect::<Vec<_>>().join(" and ")
        }
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    };
    let mut inert: String = neutralise(&text).chars().take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        inert.push('…');
    }
    inert
}
