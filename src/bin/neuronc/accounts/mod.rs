//! An account of a network, laid out for a terminal, for documents and for programs.

mod json;
mod markdown;
mod text;

use neuronc::{Account, Sources, Span, neutralise};

pub use json::findings;

use crate::arguments::AccountForm;

/// The account in a form, with its line ends; `width` is that of the terminal.
pub fn laid_out(account: &Account, sources: &Sources, form: AccountForm, width: usize) -> String {
    match form {
        // A page is made of more than an account.
        AccountForm::Text | AccountForm::Html => text::account(account, sources, width),
        AccountForm::Markdown => markdown::account(account, sources),
        AccountForm::Json => json::account(account, sources),
    }
}

/// `article.neuron:11`
fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", neutralise(sources.get(span.file).name()), sources.position(span).line)
}
