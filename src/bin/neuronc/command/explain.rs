//! `neuronc explain CODE`: what a code means, with an example and its mend.

use std::io::{self, Write};

use neuronc::{Code, Sources, closest, neutralise};

use crate::Outcome;
use crate::arguments::{Everywhere, Explain};
use crate::inputs::usage;
use crate::messages;
use crate::streams::Streams;

pub fn explain(arguments: &Explain, everywhere: &Everywhere, streams: &mut Streams) -> io::Result<Outcome> {
    if let Some(code) = Code::parse(&arguments.code) {
        write!(streams.out, "{}", code.page())?;
        return Ok(Outcome::Done);
    }
    let asked: String = neutralise(&arguments.code).chars().take(200).collect();
    let codes = Code::ALL.iter().map(|code| code.as_str());
    let report = match closest(&arguments.code, codes) {
        _ if arguments.code.ends_with(".neuron") => {
            let help = "today this command explains codes, such as E0201".to_owned();
            usage(Code::E0501, "explaining a network is not in this release yet".to_owned(), Some(help))
        }
        meant => {
            let help = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "a code is written like E0201; messages show theirs".to_owned(),
            };
            usage(Code::E0607, format!("no error code is called `{asked}`"), Some(help))
        }
    };
    messages::tell(&[report], &Sources::new(), everywhere, streams)?;
    Ok(Outcome::Usage)
}
