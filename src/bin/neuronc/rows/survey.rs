//! What rows say about a network, told when all of them are read.

use std::io::{self, Write};

use neuronc::{Sources, Vocabulary};

use super::Rows;
use super::stream::Tail;
use crate::accounts::{findings, laid_out};
use crate::arguments::AccountForm;
use crate::streams::Streams;

/// How what rows say is told.
#[derive(Clone, Copy)]
pub struct SurveyWanted {
    pub vocabulary: Vocabulary,
    pub form: AccountForm,
    pub all: bool,
}

impl Rows<'_> {
    /// Tells what the rows say, if that is wanted.
    pub(super) fn surveyed(&self, tail: &mut Tail, sources: &Sources, streams: &mut Streams) -> io::Result<()> {
        let Some((wanted, survey)) = &self.survey else { return Ok(()) };
        let tally = tail.tally.take().unwrap_or_else(|| survey.tally());
        let SurveyWanted { vocabulary, form, all } = *wanted;
        let text = match form {
            AccountForm::Json => findings(&self.network, sources, survey, &tally, &self.options.name),
            AccountForm::Text | AccountForm::Markdown | AccountForm::Html => {
                let account = survey.account(&self.network, sources, &tally, &self.options.name, vocabulary, all);
                laid_out(&account, sources, form, streams.width)
            }
        };
        write!(streams.out, "{text}")?;
        streams.out.flush()
    }
}
