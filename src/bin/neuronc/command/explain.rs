//! `neuronc explain CODE`: what a code means, with an example and its mend.

use std::io::{self, Write};

use neuronc::{Code, closest, neutralise};

use crate::Outcome;
use crate::arguments::Explain;
use crate::streams::Streams;

pub fn explain(arguments: &Explain, streams: &mut Streams) -> io::Result<Outcome> {
    if let Some(code) = Code::parse(&arguments.code) {
        write!(streams.out, "{}", code.page())?;
        return Ok(Outcome::Done);
    }
    let asked = neutralise(&arguments.code).into_owned();
    writeln!(streams.err, "neuronc: no error code is called `{asked}`")?;
    let codes = Code::ALL.iter().map(|code| code.as_str());
    match closest(&arguments.code, codes) {
        _ if arguments.code.ends_with(".neuron") => {
            writeln!(
                streams.err,
                "explaining a network comes with a later release; today this command explains codes"
            )?;
        }
        Some(meant) => writeln!(streams.err, "did you mean `{meant}`?")?,
        None => writeln!(streams.err, "a code is written like E0201; messages show theirs")?,
    }
    Ok(Outcome::Usage)
}
