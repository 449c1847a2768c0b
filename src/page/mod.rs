//! A network as a page: its picture, inputs that can be moved, the trace of a chosen neuron, and what it is in words.
//!
//! The page needs nothing but itself. Its script evaluates the network with the bits of this crate where sums, products and
//! comparisons are all there is, and within a few units of the last place elsewhere.

mod data;
mod words;

use crate::eval::{Inputs, Path, trace};
use crate::explain::{Manner, Subject, Vocabulary, explain};
use crate::network::{Network, Unit};
use crate::picture::{Theme, draw, svg, xml};
use crate::plan::{Wanted, plan};
use crate::source::Sources;
use crate::text::{counted, neutralise, shown};
use words::sections;

/// The page's scripts, in their order.
const SCRIPTS: [&str; 4] = [
    include_str!("script/numbers.js"),
    include_str!("script/functions.js"),
    include_str!("script/network.js"),
    include_str!("script/page.js"),
];
const STYLE: &str = include_str!("page.css");

/// What the page's policy allows: the SHA-256 of its script, its style and its picture's style. A test computes them.
const DIGESTS: [&str; 3] = [
    "sha256-z/QzAff4+APQcmFymHbaIV1CIyijvZShGlT2EnKYgEw=",
    "sha256-hmc9kvu8Yh513L4Jy+vJyg69+DScj9Nxb5xhEbMJlQo=",
    "sha256-GuxvixM8kqt+edq4O+Y//lecv/5I+8lLseauMTZ7Y90=",
];

/// A page of a network of more synapses and neurons together than this would be slow.
pub const LARGEST_PAGE: u64 = 50_000;

/// A network as one page of HTML that stands alone, with the values of `inputs` and the trace of the neuron `chosen` at first;
/// of an output where none is.
///
/// Inputs that have no value start at 0, or at the end of their range that is nearest to 0. A content security policy allows the
/// page's own script and styles, and nothing else.
///
/// # Errors
/// How many synapses and neurons there are, where that is more than [`LARGEST_PAGE`].
///
/// # Panics
/// If the inputs or the neuron are of another network.
pub fn page(
    network: &Network,
    sources: &Sources,
    inputs: &Inputs,
    chosen: Option<Unit>,
    vocabulary: Vocabulary,
    path: Path,
) -> Result<String, u64> {
    let counts = network.counts();
    let size = counts.inputs + counts.neurons + counts.synapses;
    if size > LARGEST_PAGE {
        return Err(size);
    }
    let plan = plan(network, Wanted::Everything);
    let row = inputs.completed(network);
    let picture = svg(&draw(network, Some(&trace::<f64>(network, &plan, &row, path))), Theme::Auto);
    let script = script();
    let [of_script, of_style, of_picture] = DIGESTS;
    let policy = format!(
        "default-src 'none'; script-src '{of_script}'; style-src '{of_style}' '{of_picture}'; base-uri 'none'; form-action 'none'",
    );
    let manner = Manner { vocabulary, inputs: None, all: false, path };
    let account = explain(network, sources, Subject::Network, manner).expect("no inputs are wanted");
    let sizes = [(counts.inputs, "input"), (counts.neurons, "neuron"), (counts.synapses, "synapse")];
    let sizes = sizes.map(|(count, noun)| counted(count, noun)).join(" · ");
    let name = xml(&shown(network.name()));
    let doc: String = network.doc().iter().map(|line| neutralise(line).into_owned()).collect::<Vec<_>>().join(" ");
    let say = |artificial: &'static str, biological: &'static str, both: &'static str| match vocabulary {
        Vocabulary::Artificial => artificial,
        Vocabulary::Biological => biological,
        Vocabulary::Both => both,
    };
    let inputs_title = say("Inputs", "What reaches the dendrites", "Inputs: signals that reach the dendrites");
    let outputs_title = say("Outputs", "What leaves along the axons", "Outputs: what leaves along the axons");
    let trace_title = say("Trace", "What the dendrites bring", "Trace: what each dendrite brings");
    let data = data::data(network, sources, inputs, chosen);
    let words = sections(&account, sources);
    let doc = xml(&doc);
    Ok(format!(
        r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}: a network of neurons</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<header>
<h1>{name}</h1>
<p>{doc}</p>
<p class="faint">{sizes}</p>
</header>
<noscript><p>Without scripts this page shows the picture and the words, but nothing moves.</p></noscript>
<div class="columns">
<div>
<section aria-labelledby="inputs-title">
<h2 id="inputs-title">{inputs_title}</h2>
<div id="inputs"></div>
<div class="row">
<button id="reset" type="button">As at first</button>
<select id="precision" aria-label="precision">
<option value="f64">double precision</option>
<option value="f32">single precision</option>
</select>
</div>
</section>
<section aria-labelledby="outputs-title">
<h2 id="outputs-title">{outputs_title}</h2>
<dl id="outputs" aria-live="polite"></dl>
</section>
</div>
<div>
<section aria-labelledby="picture-title">
<div class="head"><h2 id="picture-title">Picture</h2><button id="full" type="button" aria-pressed="false">full size</button></div>
<figure id="picture" tabindex="-1">{picture}</figure>
<p id="about" role="status" aria-live="polite"></p>
<p class="faint">Point at a neuron or a synapse to see what it carries; a click, or Enter, shows a neuron's trace. Arrows go along the synapses.</p>
</section>
<section id="trace" aria-labelledby="trace-heading">
<h2 id="trace-heading">{trace_title}</h2>
<p><label>neuron <select id="neuron"></select></label></p>
<h3><span id="trace-title"></span> <span id="trace-place" class="place"></span></h3>
<p class="faint" id="formula"></p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="trace-title">
<table>
<thead><tr><th scope="col">source</th><th scope="col">value</th><th scope="col">weight</th><th scope="col">contribution</th><th scope="col">sum so far</th><th scope="col">effect</th><th scope="col"></th></tr></thead>
<tbody id="synapses"></tbody>
</table>
</div>
<p id="sum" aria-live="polite"></p>
</section>
</div>
</div>
<details class="words" open>
<summary>In words</summary>
{words}</details>
</main>
<script type="application/json" id="network">{data}</script>
<script>{script}</script>
</body>
</html>
"##
    ))
}

fn script() -> String {
    format!("\"use strict\";\n(() => {{\n{}\n}})();\n", SCRIPTS.join("\n"))
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::{Limits, parse, resolve};

    /// After a change of the script or a style, the digests that this shows are the right ones.
    #[test]
    fn the_policy_allows_the_page_itself() {
        let limits = Limits::default();
        let mut sources = Sources::new();
        let file = sources.add("tiny", b"input x\noutput x\n".to_vec(), &limits).expect("a text");
        let (program, _) = parse(sources.get(file), &limits);
        let network = resolve(&program, sources.get(file), &limits).0.expect("a network");
        let picture = svg(&draw(&network, None), Theme::Auto);
        let style = picture.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
        let texts = [&script(), STYLE, style];
        let digests = texts.map(|text| format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text))));
        assert_eq!(digests, DIGESTS);
    }
}
