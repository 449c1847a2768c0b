//! What can be wrong with the meaning of a program, in the user's words.

use unicode_security::confusable_detection::skeleton;

use super::scope::MOST_KNOWN;
use crate::activation::Activation;
use crate::ast::Keyword;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::network::ValueRange;
use crate::span::Span;
use crate::text::{abridged_path, all_of, any_of, counted, quoted, shown};
use crate::value::Shape;

/// Something wrong with what a program means.
#[derive(Debug)]
pub(super) enum ResolveError {
    /// A name that nothing bears; `wanted` is what it must be.
    Unknown {
        name: String,
        wanted: &'static str,
        meant: Option<(String, Span)>,
        /// Where none is meant, the names that fit; at least one more than are shown if there are more.
        known: Vec<String>,
        at: Span,
    },
    /// A name of the wrong kind.
    WrongKind {
        name: String,
        is: &'static str,
        wanted: &'static str,
        declared: Span,
        at: Span,
    },
    /// A name that is declared twice.
    Duplicate {
        name: String,
        first: Span,
        at: Span,
    },
    /// Two parameters of one name.
    RepeatedParameter {
        name: String,
        first: Span,
        at: Span,
    },
    /// An output that is given twice under one name.
    RepeatedOutput {
        name: String,
        first: Span,
        at: Span,
    },
    /// A property that this kind of thing does not have.
    UnknownProperty {
        name: String,
        of: &'static str,
        known: Vec<&'static str>,
        meant: Option<&'static str>,
        at: Span,
    },
    /// A property that comes with a later release.
    LaterProperty {
        name: String,
        at: Span,
    },
    /// An input that an `expect` sets twice.
    SetTwice {
        name: String,
        first: Span,
        at: Span,
    },
    /// A property that is given twice.
    RepeatedProperty {
        name: String,
        first: Span,
        at: Span,
    },
    /// A property's value that is none of those it can have.
    /// No way to combine has that name.
    UnknownCombine {
        wanted: String,
        meant: Option<&'static str>,
        at: Span,
    },
    /// Neurons without synapses whose combine needs one.
    NothingToCombine {
        combine: &'static str,
        name: String,
        at: Span,
    },
    BadProperty {
        name: &'static str,
        wanted: &'static str,
        mend: Option<String>,
        at: Span,
    },
    /// A range whose lowest value is above its highest.
    BackwardRange {
        low: f64,
        high: f64,
        at: Span,
    },
    /// A value that its input does not take.
    OutsideRange {
        what: String,
        value: f64,
        range: ValueRange,
        at: Span,
    },
    /// `column` of an array.
    ColumnOfArray {
        name: String,
        size: u64,
        first: Option<String>,
        declared: Span,
        at: Span,
    },
    /// `columns` of something single.
    ColumnsOfSingle {
        name: String,
        first: Option<String>,
        declared: Span,
        at: Span,
    },
    /// More or fewer columns than elements.
    ColumnCount {
        name: String,
        size: u64,
        given: u64,
        declared: Span,
        at: Span,
    },
    /// A column whose name is empty.
    BlankColumn {
        at: Span,
    },
    /// A column that is named twice where each must differ.
    RepeatedColumn {
        name: String,
        who: &'static str,
        first: Span,
        at: Span,
    },
    /// A column that bears the name of another output, which is its column.
    ColumnIsOutput {
        name: String,
        first: Span,
        at: Span,
    },
    /// No activation has that name.
    UnknownActivation {
        name: String,
        known: String,
        meant: Option<String>,
        at: Span,
    },
    /// A default that reads another parameter.
    ParameterInDefault {
        name: String,
        declared: Span,
        at: Span,
    },
    /// `activation = relu(z)`
    GivenNetInput {
        name: String,
        signature: String,
        at: Span,
    },
    /// Something in an activation's formula that is neither a parameter nor a const.
    NotInFormula {
        name: String,
        is: &'static str,
        activation: String,
        input: String,
        declared: Span,
        at: Span,
    },
    /// Activations that call each other.
    Recursion {
        names: Vec<String>,
        places: Vec<Span>,
    },
    /// Consts or parameters that need each other.
    ValueLoop {
        names: Vec<String>,
        places: Vec<Span>,
    },
    /// A const that reads something else than consts.
    NotConst {
        name: String,
        is: &'static str,
        declared: Span,
        at: Span,
    },
    /// A weight as a bias, or the reverse.
    WrongParameter {
        name: String,
        is: Keyword,
        declared: Span,
        at: Span,
    },
    /// `network NAME` in another place than at the start, or again.
    MisplacedNetwork {
        first: Option<Span>,
        at: Span,
    },
    /// Weights of another shape than the connection has.
    WeightShape {
        shape: Shape,
        rows: u64,
        columns: u64,
        value: Span,
        declared: Option<Span>,
        sources: Span,
        targets: Span,
        /// Whether an item looks like two, as in `[1 -1]`.
        comma: bool,
        /// Whether they are of a file.
        loaded: bool,
    },
    /// `one_to_one` between different numbers of sources and targets.
    OneToOne {
        rows: u64,
        columns: u64,
        sources: Span,
        targets: Span,
    },
    /// Weights of another shape than a rule takes: one number, or a list of so many.
    RuleWeights {
        rule: &'static str,
        shape: Shape,
        list: Option<u64>,
        value: Span,
    },
    /// A generator as the value of something without a size.
    GeneratorSize {
        generator: String,
        keyword: Keyword,
        name: String,
        at: Span,
    },
    /// A generator that needs to know sources and targets, where there are none.
    GeneratorFans {
        generator: String,
        at: Span,
    },
    /// An argument that its parameter cannot have.
    ArgumentRange {
        name: &'static str,
        wanted: &'static str,
        value: f64,
        at: Span,
    },
    /// Values of another shape than a declaration or neuron has.
    ValueShape {
        what: String,
        shape: Shape,
        wanted: Shape,
        value: Span,
        size: Span,
        /// Whether they are of a file.
        loaded: bool,
    },
    /// An argument of `load` of another kind.
    LoadArgument {
        name: &'static str,
        wanted: &'static str,
        at: Span,
    },
    /// The name of a tensor in a file that has one without a name.
    NamelessTensor {
        path: String,
        format: &'static str,
        at: Span,
    },
    /// A file whose name ends with no format's name.
    UnknownFormat {
        path: String,
        known: Vec<String>,
        at: Span,
    },
    /// An element that the array does not have.
    OutOfRange {
        name: String,
        size: u32,
        asked: f64,
        declared: Span,
        at: Span,
    },
    /// A slice that ends behind the array.
    SliceOutside {
        name: String,
        size: u32,
        start: u64,
        end: u64,
        declared: Span,
        at: Span,
    },
    /// `x[3..3]`, `x[4..2]`
    EmptySlice {
        start: u64,
        end: u64,
        at: Span,
    },
    /// A selector on something that is no array.
    NotAnArray {
        name: String,
        declared: Span,
        at: Span,
    },
    /// A selector on a matrix.
    Matrix {
        name: String,
        declared: Span,
        at: Span,
    },
    /// A size or index that is no whole number in range.
    NotACount {
        what: &'static str,
        value: f64,
        at: Span,
    },
    /// A size or index that is a list.
    NotSingle {
        what: &'static str,
        shape: Shape,
        at: Span,
    },
    /// More sizes than the kind of declaration has.
    TooManySizes {
        what: &'static str,
        allowed: usize,
        at: Span,
    },
    /// A declaration that needs a value.
    NoValue {
        keyword: Keyword,
        name: String,
        later_has_one: bool,
        at: Span,
    },
    /// A declaration that cannot have a value.
    ForbiddenValue {
        name: String,
        at: Span,
    },
    /// An activation of whole arrays on a single neuron.
    NeedsArray {
        activation: &'static str,
        name: String,
        at: Span,
    },
    /// A limit that the network passes.
    Limit {
        code: Code,
        what: &'static str,
        asked: Option<u64>,
        allowed: u64,
        flag: &'static str,
        at: Span,
    },
    /// Neurons that feed each other without a delay.
    Loop {
        count: usize,
        /// The step that closes the loop, then the first others.
        steps: Vec<Span>,
        path: String,
    },
}

impl From<ResolveError> for Diagnostic {
    fn from(error: ResolveError) -> Diagnostic {
        error.report()
    }
}

impl ResolveError {
    /// Steps of a loop that are shown beside the first.
    pub(super) const STEPS_SHOWN: usize = 8;

    pub(super) fn report(self) -> Diagnostic {
        match self {
            ResolveError::Unknown { name, wanted, meant, known, at } => {
                let report = Diagnostic::error(Code::E0201, format!("no {wanted} is called {}", quoted(&name)))
                    .label(at, "unknown name");
                match meant {
                    Some((meant, declared)) => report
                        .also(declared, format!("{} is declared here", quoted(&meant)))
                        .help(match looks_alike(&name, &meant) {
                            Some((written, there)) => format!(
                                "did you mean {}? here stands U+{written:04X}, there U+{there:04X}, which look alike",
                                quoted(&meant)
                            ),
                            None => format!("did you mean {}?", quoted(&meant)),
                        }),
                    None => report.help(declare_it(&name, wanted, &known)),
                }
            }
            ResolveError::WrongKind { name, is, wanted, declared, at } => {
                let help = match (is, wanted) {
                    ("an output of an instance", "a neuron") => {
                        Some("an instance is fed where it is declared: `instance NAME = NETWORK { INPUT = SOURCE }`")
                    }
                    ("an input", "a neuron") => Some("inputs come from outside; connections end at neurons"),
                    ("a weight" | "a bias" | "a const", "an input") => {
                        Some("an `expect` sets inputs; all else keeps the value that it has in the file")
                    }
                    ("a neuron", "an input") => Some("inputs stand before `=>`, what neurons give after it"),
                    ("a weight" | "a bias" | "a const", "an input or a neuron" | "a neuron") => Some(
                        "signals run from inputs and neurons to neurons; a weight stands behind the `:`, as in `a -> b : w`",
                    ),
                    (
                        "an input" | "a neuron",
                        "a weight, a bias or a const" | "a weight or a const" | "a bias or a const",
                    ) => Some("what is computed in a run cannot be a weight, bias or default"),
                    _ => None,
                };
                Diagnostic::error(Code::E0203, format!("{} is {is}, but {wanted} belongs here", quoted(&name)))
                    .label(at, format!("this is {is}"))
                    .also(declared, "declared here")
                    .help_if(help.map(str::to_owned))
            }
            ResolveError::Duplicate { name, first, at } => Diagnostic::error(
                Code::E0202,
                format!("the name {} is declared twice", quoted(&name)),
            )
            .label(at, "declared again")
            .also(first, "first declared here")
            .help("inputs, weights, biases, consts, neurons, instances and outputs share one set of names; rename one of them"),
            ResolveError::RepeatedParameter { name, first, at } => {
                Diagnostic::error(Code::E0202, format!("two parameters are called {}", quoted(&name)))
                    .label(at, "declared again")
                    .also(first, "first declared here")
                    .help("rename one of them")
            }
            ResolveError::RepeatedOutput { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("the output {} is given twice", quoted(&name)))
                    .label(at, "given again")
                    .also(first, "first given here")
                    .help(format!("remove one of them, or give it a second name: `output NAME = {}`", shown(&name)))
            }
            ResolveError::UnknownProperty { name, of, known, meant, at } => {
                let help = match (meant, known.as_slice()) {
                    _ if matches!(name.as_str(), "default" | "value") => {
                        "a value stands before the `{`, behind a `=`: `input x = 1`".to_owned()
                    }
                    _ if name == "weight" => "weights belong to connections: `a -> b : 0.5`".to_owned(),
                    _ if name == "threshold" && !known.is_empty() => {
                        "a neuron that fires above 1 has `bias = -1`, or `activation = step(1)`".to_owned()
                    }
                    (Some(meant), _) => format!("did you mean `{meant}`?"),
                    (None, []) => "it has none".to_owned(),
                    (None, known) => {
                        format!("it has {}", all_of(&known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>()))
                    }
                };
                Diagnostic::error(Code::E0204, format!("{of} has no property {}", quoted(&name)))
                    .label(at, "unknown property")
                    .help(help)
            }
            ResolveError::LaterProperty { name, at } => {
                let message = format!("the property `{name}` is part of the language, but not of this release yet");
                Diagnostic::error(Code::E0501, message).label(at, "not yet")
            }
            ResolveError::SetTwice { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("this `expect` sets {} twice", quoted(&name)))
                    .label(at, "set again")
                    .also(first, "first set here")
                    .help("remove one of them, or write a second `expect`")
            }
            ResolveError::RepeatedProperty { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("the property {} is given twice", quoted(&name)))
                    .label(at, "given again")
                    .also(first, "first given here")
                    .help("remove one of them")
            }
            ResolveError::BadProperty { name, wanted, mend, at } => {
                Diagnostic::error(Code::E0213, format!("`{name}` is {wanted}"))
                    .label(at, "this is something else")
                    .help_if(mend.map(|mend| format!("write `{mend}`")))
            }
            ResolveError::BackwardRange { low, high, at } => {
                let [low, high] = [low, high].map(crate::numeric::decimal::shortest);
                Diagnostic::error(Code::E0213, "`range` is the lowest value, then the highest")
                    .label(at, format!("from {low} down to {high}"))
                    .help(format!("write `range = [{high}, {low}]`"))
            }
            ResolveError::OutsideRange { what, value, range, at } => {
                let side = if value < range.low { "below the lowest" } else { "above the highest" };
                let [value, low, high] = [value, range.low, range.high].map(crate::numeric::decimal::shortest);
                Diagnostic::error(Code::E0314, format!("{what} is {value}, outside its range from {low} to {high}"))
                    .label(at, side)
                    .also(range.origin, "the range, both ends included")
                    .help("choose another value, or widen the range")
            }
            ResolveError::ColumnOfArray { name, size, first, declared, at } => {
                let elements = counted(size, "element");
                let first = column_text(first.as_deref());
                let more = if size > 1 { ", …" } else { "" };
                Diagnostic::error(
                    Code::E0213,
                    format!("the array {} has `columns`, one for each element", quoted(&name)),
                )
                .label(at, format!("one column for {elements}"))
                .also(declared, format!("{elements} here"))
                .help(format!("write `columns = [{first}{more}]`"))
            }
            ResolveError::ColumnsOfSingle { name, first, declared, at } => {
                let first = column_text(first.as_deref());
                Diagnostic::error(Code::E0213, format!("{} is single and has one `column`", quoted(&name)))
                    .label(at, "columns of an array")
                    .also(declared, "single")
                    .help(format!("write `column = {first}`"))
            }
            ResolveError::ColumnCount { name, size, given, declared, at } => {
                let (elements, columns) = (counted(size, "element"), counted(given, "column"));
                let verb = if given == 1 { "is" } else { "are" };
                Diagnostic::error(Code::E0301, format!("{} has {elements}, but {columns} {verb} named", quoted(&name)))
                    .label(at, columns)
                    .also(declared, format!("{elements} here"))
                    .help("name one column for each element")
            }
            ResolveError::BlankColumn { at } => Diagnostic::error(Code::E0213, "a column has a name")
                .label(at, "nothing in it")
                .help("write the column's name as it stands in the data: `\"petal length\"`"),
            ResolveError::RepeatedColumn { name, who, first, at } => {
                Diagnostic::error(Code::E0205, format!("{who} the column {}", quoted(&name)))
                    .label(at, "named again")
                    .also(first, "first named here")
                    .help("each value has a column of its own; rename one of them")
            }
            ResolveError::ColumnIsOutput { name, first, at } => {
                Diagnostic::error(Code::E0205, format!("two outputs have the column {}", quoted(&name)))
                    .label(at, "named here")
                    .also(first, "an output without a `column` has its name as one")
                    .help("each value has a column of its own; choose another name")
            }
            ResolveError::UnknownCombine { wanted, meant, at } => {
                let help = meant.map(|meant| format!("did you mean `{meant}`?"));
                Diagnostic::error(Code::E0213, format!("`combine` is {wanted}"))
                    .label(at, "something else")
                    .help_if(help)
            }
            ResolveError::NothingToCombine { combine, name, at } => {
                let message = format!("no synapse reaches {}, so there is no {combine} to take", quoted(&name));
                Diagnostic::error(Code::E0313, message)
                    .label(at, "no connection ends here")
                    .help("connect something to it; without synapses a neuron has only a `sum`, 0, or a `product`, 1")
            }
            ResolveError::UnknownActivation { name, known, meant, at } => {
                let help = match meant {
                    Some(meant) => format!("did you mean {}?", quoted(&meant)),
                    None => format!("known activations: {known}"),
                };
                Diagnostic::error(Code::E0206, format!("no activation is called {}", quoted(&name)))
                    .label(at, "unknown activation")
                    .help(help)
            }
            ResolveError::GivenNetInput { name, signature, at } => {
                let message =
                    format!("{} is given to the activation, but each neuron brings its own net input", quoted(&name));
                Diagnostic::error(Code::E0212, message)
                    .label(at, "not a parameter")
                    .help(format!("leave it out, as in `activation = {signature}`"))
            }
            ResolveError::ParameterInDefault { name, declared, at } => {
                Diagnostic::error(Code::E0203, format!("{} is a parameter; a default reads only consts", quoted(&name)))
                    .label(at, "has no value yet")
                    .also(declared, "declared here")
                    .help("leave the default out, and use the parameter in the formula")
            }
            ResolveError::NotInFormula { name, is, activation, input, declared, at } => {
                let message = format!("{} is {is}; an activation reads only its parameters and consts", quoted(&name));
                let help = match is {
                    "an input" | "a neuron" => {
                        format!("what reaches a neuron is in its net input already, here {}", quoted(&input))
                    }
                    _ => {
                        let [activation, input, name] = [&activation, &input, &name].map(|name| shown(name));
                        format!(
                            "make it a parameter: `activation {activation}({input}, {name}) = …`, and give its value at the neuron: `activation = {activation}({name} = 2)`"
                        )
                    }
                };
                Diagnostic::error(Code::E0203, message)
                    .label(at, format!("this is {is}"))
                    .also(declared, "declared here")
                    .help(help)
            }
            ResolveError::Recursion { names, places } => {
                let message = match names.as_slice() {
                    [only, _] => format!("the activation {} calls itself", quoted(only)),
                    _ => format!(
                        "these activations call each other: {}",
                        abridged_path(names.len(), " calls ", |place| quoted(&names[place]))
                    ),
                };
                let built_in = crate::activation::Activation::named(&names[0]).is_some();
                let help = if built_in {
                    "here the name means the declared activation, which hides the built-in one; give it another name"
                } else {
                    "an activation is a formula: it is computed in one go and cannot come back to itself"
                };
                let report =
                    Diagnostic::error(Code::E0214, message).label(places[0], "comes back to itself").help(help);
                places[1..]
                    .iter()
                    .take(ResolveError::STEPS_SHOWN)
                    .fold(report, |report, place| report.also(*place, "part of the loop"))
            }
            ResolveError::ValueLoop { names, places } => {
                let path = abridged_path(names.len(), " needs ", |place| quoted(&names[place]));
                let (message, help) = match names.as_slice() {
                    [only, _] => {
                        (format!("the value of {} needs itself", quoted(only)), "give it a value that does not read it")
                    }
                    _ => (format!("these values need each other: {path}"), "one of them must have a value of its own"),
                };
                let report =
                    Diagnostic::error(Code::E0208, message).label(places[0], "needs itself in the end").help(help);
                let places = places[1..].iter().take(ResolveError::STEPS_SHOWN);
                places.fold(report, |report, place| report.also(*place, "part of the loop"))
            }
            ResolveError::NotConst { name, is, declared, at } => {
                Diagnostic::error(Code::E0203, format!("{} is {is}; only consts can be used here", quoted(&name)))
                    .label(at, format!("this is {is}"))
                    .also(declared, "declared here")
                    .help("what stands here is fixed before any weight or input has a value")
            }
            ResolveError::WrongParameter { name, is, declared, at } => {
                let (is, wanted) = if is == Keyword::Weight { ("weight", "bias") } else { ("bias", "weight") };
                Diagnostic::error(Code::E0209, format!("the {is} {} cannot be used as a {wanted}", quoted(&name)))
                    .label(at, format!("a {wanted} belongs here"))
                    .also(declared, format!("declared as a {is}"))
                    .help(format!("declare it with `{wanted}`; weights belong to synapses, biases to neurons"))
            }
            ResolveError::MisplacedNetwork { first, at } => {
                let (message, label) = match first {
                    Some(_) => ("a file has one `network NAME`", "the second"),
                    None => ("`network NAME` is the first statement of its file", "statements stand before it"),
                };
                let report = Diagnostic::error(Code::E0210, message).label(at, label);
                match first {
                    Some(first) => report.also(first, "the first").help("remove one of them"),
                    None => report.help("move it to the top"),
                }
            }
            ResolveError::WeightShape { shape, rows, columns, value, declared, sources, targets, comma, loaded } => {
                let needs = match (rows, columns) {
                    (1, 1) => "one weight".to_owned(),
                    (1, n) | (n, 1) => format!("{n} weights"),
                    _ => Shape::Matrix(rows as usize, columns as usize).to_string(),
                };
                let transposed = matches!(shape, Shape::Matrix(m, n) if (n as u64, m as u64) == (rows, columns));
                let each = match (rows, columns) {
                    (1, 1) => "give one number".to_owned(),
                    (1, _) | (_, 1) => format!("give one number for all, or a list of {}", rows.max(columns)),
                    _ => format!("give one number for all, or {needs}: one row a target, one column a source"),
                };
                let help = if comma {
                    "is a comma missing? `[1 -1]` holds one number, 1 minus 1; write `[1, -1]` for two".to_owned()
                } else if transposed && loaded {
                    "its transpose would fit: `load(…, transpose = true)` swaps the rows and columns".to_owned()
                } else if transposed {
                    "its transpose would fit: row i holds the weights into target i".to_owned()
                } else {
                    each
                };
                let report = Diagnostic::error(
                    Code::E0301,
                    format!("the weights are {shape}, but this connection needs {needs}"),
                )
                .label(value, format!("{shape}"))
                .also(sources, counted(columns, "source"))
                .also(targets, counted(rows, "target"))
                .help(help);
                match declared {
                    Some(declared) => report.also(declared, "the weights' shape comes from here"),
                    None => report,
                }
            }
            ResolveError::OneToOne { rows, columns, sources, targets } => {
                let (from, to) = (counted(columns, "source"), counted(rows, "target"));
                Diagnostic::error(
                    Code::E0301,
                    format!("`one_to_one` joins as many sources as targets, but here are {from} and {to}"),
                )
                .label(sources, from)
                .also(targets, to)
                .help("take a slice of the longer one, as in `x[0..4]`, or leave the rule out to join all with all")
            }
            ResolveError::RuleWeights { rule, shape, list, value } => {
                let (needs, help) = match list {
                    Some(count) => (
                        format!("one number, or a list of {count}"),
                        "give one number for all synapses, or a list with one for each",
                    ),
                    None => (
                        "one number or a generator".to_owned(),
                        "which pairs are joined is drawn; a generator, such as `uniform(-1, 1, seed = 1)`, gives each of them its own weight",
                    ),
                };
                Diagnostic::error(Code::E0301, format!("the weights are {shape}, but `{rule}` needs {needs}"))
                    .label(value, format!("{shape}"))
                    .help(help)
            }
            ResolveError::GeneratorSize { generator, keyword, name, at } => {
                let (called, word) = (quoted(&name), keyword.word());
                let sizes = if keyword == Keyword::Weight { "[3]`, for a matrix `[2, 3]" } else { "[3]" };
                Diagnostic::error(
                    Code::E0318,
                    format!("`{generator}` makes as many values as are declared, but {called} has no size"),
                )
                .label(at, "of what size?")
                .help(format!("write the size behind the name, as in `{word} {name}{sizes}`; `[1]` is a single value"))
            }
            ResolveError::GeneratorFans { generator, at } => Diagnostic::error(
                Code::E0318,
                format!("`{generator}` depends on how many sources and targets are joined, which only a matrix of weights tells"),
            )
            .label(at, "no matrix of weights")
            .help("declare one with both sizes, as in `weight W[2, 3]` for 2 targets and 3 sources, or use `uniform` or `normal`"),
            ResolveError::ArgumentRange { name, wanted, value, at } => {
                let value = crate::numeric::decimal::shortest(value);
                Diagnostic::error(Code::E0316, format!("`{name}` is {wanted}, not {value}"))
                    .label(at, format!("computes to {value}"))
            }
            ResolveError::ValueShape { what, shape, wanted, value, size, loaded } => {
                let help = match (shape, wanted) {
                    (Shape::Matrix(m, n), Shape::Matrix(rows, columns)) if loaded && (m, n) == (columns, rows) => {
                        "its transpose would fit: `load(…, transpose = true)` swaps the rows and columns".to_owned()
                    }
                    _ if loaded => {
                        "a file's values keep their shape; without a size the declaration takes it".to_owned()
                    }
                    (Shape::Matrix(m, n), Shape::Matrix(rows, columns)) if (m, n) == (columns, rows) => {
                        format!("the first size counts the rows: `[{m}, {n}]` is the size of this value")
                    }
                    _ => "give one number for all elements, or one for each".to_owned(),
                };
                Diagnostic::error(Code::E0301, format!("{what} needs {wanted}, but this is {shape}"))
                    .label(value, format!("{shape}"))
                    .also(size, format!("{wanted} because of this"))
                    .help(help)
            }
            ResolveError::LoadArgument { name, wanted, at } => {
                Diagnostic::error(Code::E0320, format!("`{name}` of `load` is {wanted}"))
                    .label(at, "this is something else")
                    .help("write it as `load(\"weights.safetensors\", \"fc1.weight\", transpose = true)`")
            }
            ResolveError::NamelessTensor { path, format, at } => {
                Diagnostic::error(Code::E0320, format!("{} holds one tensor, which has no name", quoted(&path)))
                    .label(at, "a name")
                    .help(format!(
                        "name only the path of an `.{format}` file, and by name what else is meant: `transpose = true`"
                    ))
            }
            ResolveError::UnknownFormat { path, known, at } => {
                Diagnostic::error(Code::E0707, format!("{} ends like no file of weights", quoted(&path)))
                    .label(at, "unknown format")
                    .help(format!("weights are loaded from files that end in {}", any_of(&known)))
            }
            ResolveError::OutOfRange { name, size, asked, declared, at } => {
                let asked = crate::numeric::decimal::shortest(asked);
                Diagnostic::error(Code::E0302, format!("{} has no element {asked}", quoted(&name)))
                    .label(at, "outside the array")
                    .also(declared, format!("{} here", counted(u64::from(size), "element")))
                    .help(format!("elements are numbered from 0 to {}", size - 1))
            }
            ResolveError::SliceOutside { name, size, start, end, declared, at } => {
                let has = counted(u64::from(size), "element");
                let help = match u64::from(size) {
                    size if start < size => {
                        format!("`{}[{start}..{size}]` goes to its end; the end is excluded", shown(&name))
                    }
                    _ => format!("elements are numbered from 0 to {}", size - 1),
                };
                Diagnostic::error(Code::E0302, format!("the slice {start}..{end} passes the end of {}", quoted(&name)))
                    .label(at, "outside the array")
                    .also(declared, format!("{has} here"))
                    .help(help)
            }
            ResolveError::EmptySlice { start, end, at } => {
                Diagnostic::error(Code::E0303, format!("the slice {start}..{end} holds nothing"))
                    .label(at, if end < start { "runs backwards" } else { "the end is excluded" })
                    .help(format!("`{start}..{}` is the shortest slice from {start}", start + 1))
            }
            ResolveError::NotAnArray { name, declared, at } => {
                Diagnostic::error(Code::E0310, format!("{} is single: it has no elements to pick", quoted(&name)))
                    .label(at, "no array")
                    .also(declared, "declared without a size")
                    .help("write the name alone, or declare an array: `NAME[3]`")
            }
            ResolveError::Matrix { name, declared, at } => Diagnostic::error(
                Code::E0310,
                format!("{} is a matrix: elements are picked from lists only", quoted(&name)),
            )
            .label(at, "no list")
            .also(declared, "declared with two sizes")
            .help("use the whole matrix, or declare the part as a list of its own"),
            ResolveError::NotACount { what, value, at } if value > 9_007_199_254_740_992.0 => {
                let value = crate::numeric::decimal::shortest(value);
                Diagnostic::error(Code::E0304, format!("{what} of {value} is more than can be counted"))
                    .label(at, format!("computes to {value}"))
                    .help("sizes, indices and seeds are whole numbers up to 2^53")
            }
            ResolveError::NotACount { what, value, at } => {
                let value = crate::numeric::decimal::shortest(value);
                let least = if what == "a size" { "of at least 1" } else { "of at least 0" };
                let help = match what {
                    "a size" => "an array has at least one element, and sizes are never rounded",
                    "a seed" => "any whole number will do; another one gives other numbers",
                    _ => "the first element is number 0; indices are never rounded and do not count from the end",
                };
                Diagnostic::error(Code::E0304, format!("{what} is a whole number {least}, not {value}"))
                    .label(at, format!("computes to {value}"))
                    .help(help)
            }
            ResolveError::NotSingle { what, shape, at } => {
                Diagnostic::error(Code::E0306, format!("{what} is one number, not {shape}"))
                    .label(at, format!("{shape}"))
            }
            ResolveError::TooManySizes { what, allowed, at } => {
                let most = match allowed {
                    0 => "no size".to_owned(),
                    1 => "one size".to_owned(),
                    _ => format!("at most {allowed} sizes"),
                };
                let help = match allowed {
                    1 => Some("an array of neurons or inputs is one row; use the product, such as `[6]` for `[2, 3]`"),
                    _ => None,
                };
                Diagnostic::error(Code::E0308, format!("{what} has {most}"))
                    .label(at, "too many")
                    .help_if(help.filter(|_| what != "a bias").map(str::to_owned))
            }
            ResolveError::NoValue { keyword, name, later_has_one, at } => {
                let word = keyword.word();
                let help = if later_has_one {
                    format!("each name takes its own value: `{word} {} = 0.5, …`", shown(&name))
                } else {
                    format!("write it as `{word} {} = 0.5`", shown(&name))
                };
                Diagnostic::error(Code::E0309, format!("the {word} {} has no value", quoted(&name)))
                    .label(at, "`= VALUE` is missing")
                    .help(help)
            }
            ResolveError::ForbiddenValue { name, at } => Diagnostic::error(
                Code::E0311,
                format!("the neuron {} cannot be given a value: it computes one", quoted(&name)),
            )
            .label(at, "a value")
            .help("a constant belongs into a `const` or `input`; a neuron takes `{ bias = …, activation = … }`"),
            ResolveError::NeedsArray { activation, name, at } => Diagnostic::error(
                Code::E0312,
                format!("`{activation}` works on a whole array, but {} is a single neuron", quoted(&name)),
            )
            .label(at, "needs an array")
            .help(format!(
                "declare the neurons together, as `neuron {}[3] {{ activation = {activation} }}`",
                shown(&name)
            )),
            ResolveError::Limit { code, what, asked, allowed, flag, at } => {
                let asked = asked.map_or("more than can be counted".to_owned(), |asked| asked.to_string());
                Diagnostic::error(code, format!("this asks for {asked} {what}; the limit is {allowed}"))
                    .label(at, "passes the limit")
                    .help(format!("`--limit {flag}=N` allows more"))
            }
            ResolveError::Loop { count, steps, path } => {
                let what = if count == 1 { "a neuron feeds itself" } else { "these neurons feed each other in a loop" };
                let report = Diagnostic::error(Code::E0401, format!("{what}: {path}"))
                    .label(steps[0], "closes the loop")
                    .help("signals go one way; remove one of these connections (delays, which allow loops, come with a later release)");
                steps[1..].iter().fold(report, |report, step| report.also(*step, "part of the loop"))
            }
        }
    }
}

/// The name of a column as a source writes it.
fn column_text(name: Option<&str>) -> String {
    let shown = quoted(name.unwrap_or("…"));
    format!("\"{}\"", shown.trim_matches('`'))
}

/// The code points of the first letters in which two names differ, if they are drawn alike.
fn looks_alike(name: &str, other: &str) -> Option<(u32, u32)> {
    if name.is_ascii() && other.is_ascii() || !skeleton(name).eq(skeleton(other)) {
        return None;
    }
    let (here, there) = std::iter::zip(name.chars(), other.chars()).find(|(here, there)| here != there)?;
    Some((u32::from(here), u32::from(there)))
}

/// How the missing name is declared, and which there are if they are few.
fn declare_it(name: &str, wanted: &str, known: &[String]) -> String {
    if name.eq_ignore_ascii_case("pi") || name == "π" {
        return "3.14159… is written `pi`".to_owned();
    }
    if wanted.ends_with("neuron") && Activation::named(name).is_some() {
        return format!(
            "`{name}` is an activation, which stands in a neuron's braces: `neuron c {{ activation = {name} }}`"
        );
    }
    // A name that reaches into something, or is too long to show, is no example.
    let name = if name.contains('.') || name.chars().count() > 20 { "NAME" } else { name };
    let name = shown(name);
    let example = match wanted {
        "input or neuron" => format!("`input {name}` or `neuron {name}`"),
        "input" | "neuron" => format!("`{wanted} {name}`"),
        "const" | "parameter or const" => format!("`const {name} = 2`"),
        "bias or const" => format!("`bias {name} = 0.5`"),
        _ => format!("`weight {name} = 0.5`"),
    };
    if known.is_empty() || known.len() > MOST_KNOWN {
        return format!("declare it, as {example}");
    }
    let known: Vec<String> = known.iter().map(|name| quoted(name)).collect();
    let verb = if known.len() == 1 { "is" } else { "are" };
    format!("there {verb} {}; a new one is declared as {example}", all_of(&known))
}
