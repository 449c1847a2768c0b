//! A network or one of its neurons in words, as sections of sentences, formulas and tables that a reader lays out.

mod activation;
mod comparison;
mod connection;
mod facts;
mod formula;
mod network;
mod neuron;
mod one;
mod parameter;

pub use comparison::comparison;

use crate::eval::{InputError, Inputs, Path};
use crate::network::{Network, PopulationId, Unit};
use crate::source::Sources;
use crate::span::Span;
use crate::text::{counted, neutralise};
use facts::Facts;

/// Whose words are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vocabulary {
    /// Weighted sums, activations and outputs.
    Artificial,
    /// Dendrites, somata and axons.
    Biological,
    /// Each beside the other.
    #[default]
    Both,
}

/// What is to be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The whole network.
    Network,
    /// An input or neuron, or an array of them.
    Population(PopulationId),
    /// One element.
    Unit(Unit),
}

/// How it is to be explained.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Whose words.
    pub vocabulary: Vocabulary,
    /// With the numbers of these inputs; without any where none are given.
    pub inputs: Option<&'a Inputs>,
    /// Whether everything is told, however long it is; otherwise the first, or the largest, of each kind.
    pub all: bool,
    /// How values are computed.
    pub path: Path,
}

/// Words about a network: what [`explain`](fn@explain) makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// What it is about.
    pub title: String,
    /// What is told, in order.
    pub sections: Vec<Section>,
}

/// A part of an [`Account`].
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What it is about.
    pub title: String,
    /// Whether it is a part of the section before it.
    pub is_inner: bool,
    /// The place in the source that it tells of.
    pub place: Option<Span>,
    /// What is told, in order.
    pub blocks: Vec<Block>,
}

/// What a [`Section`] consists of. All text is neutralised.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Sentences of ours. Names stand between backticks.
    Text(String),
    /// The same, as an item of a list.
    Item(String),
    /// The lines of somebody's documentation, as they are.
    Doc(Vec<String>),
    /// `left = step = step`: the same in several ways.
    Formula {
        /// What is computed.
        left: String,
        /// What it is equal to, from the formula to the value.
        steps: Vec<String>,
    },
    /// Rows under titles.
    Table {
        /// The titles.
        head: Vec<String>,
        /// The rows, with a cell a title.
        rows: Vec<Vec<String>>,
    },
}

/// Tells of a network, or of a part of it, in words.
///
/// Parts of which there are many are told as one; lists end with how many more there are, unless
/// [`all`](Manner::all) is wanted.
///
/// ```
/// # use neuronc::{Block, Inputs, Limits, Manner, Path, Sources, Subject, Vocabulary, explain, parse, resolve};
/// # let mut sources = Sources::new();
/// # let text = "input x1 = 0.8, x2 = 1.2\nneuron c { activation = relu, bias = 0.5 }\nx1 -> c : 1\nx2 -> c : 0.75\noutput c\n";
/// # let file = sources.add("c.neuron", text.into(), &Limits::default()).unwrap();
/// # let (program, _) = parse(sources.get(file), &Limits::default());
/// # let network = resolve(&program, sources.get(file), &Limits::default()).0.unwrap();
/// // neuron c { activation = relu, bias = 0.5 }
/// // x1 -> c : 1
/// // x2 -> c : 0.75
/// let inputs = Inputs::new(&network);
/// let manner =
///     Manner { vocabulary: Vocabulary::Both, inputs: Some(&inputs), all: false, path: Path::best() };
/// let account = explain(&network, &sources, Subject::Network, manner).unwrap();
/// let blocks = account.sections.iter().flat_map(|section| &section.blocks);
/// let formulas = blocks.filter_map(|block| match block {
///     Block::Formula { left, steps } => Some(format!("{left} = {}", steps.join(" = "))),
///     _ => None,
/// });
/// let formula = "c = relu(1·x1 + 0.75·x2 + 0.5) = relu(1·0.8 + 0.75·1.2 + 0.5) = 2.2";
/// assert_eq!(formulas.collect::<Vec<_>>(), [formula]);
/// ```
///
/// # Errors
/// There are inputs, and one of them has neither a value nor a default.
///
/// # Panics
/// If the subject or the inputs are of another network.
pub fn explain(
    network: &Network,
    sources: &Sources,
    subject: Subject,
    manner: Manner<'_>,
) -> Result<Account, InputError> {
    let facts = Facts::of(network, sources, manner)?;
    Ok(match subject {
        Subject::Network => network::account(&facts),
        Subject::Population(id) if network.population(id).is_array => neuron::array_account(&facts, id),
        Subject::Population(population) => one::account(&facts, Unit { population, element: 0 }),
        Subject::Unit(unit) => one::account(&facts, unit),
    })
}

impl Section {
    fn new(title: impl Into<String>) -> Section {
        Section { title: title.into(), is_inner: false, place: None, blocks: Vec::new() }
    }

    fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    fn item(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Item(text.into()));
    }

    /// Somebody's documentation, if there is any.
    fn doc(&mut self, lines: &[String]) {
        if !lines.is_empty() {
            let inert = |line: &String| neutralise(&line.replace('\t', "    ")).into_owned();
            self.blocks.push(Block::Doc(lines.iter().map(inert).collect()));
        }
    }

    /// Items up to a number, then how many more there are.
    fn items<T>(&mut self, all: Vec<T>, most: usize, noun: &str, mut told: impl FnMut(T) -> String) {
        let more = all.len().saturating_sub(most);
        for one in all.into_iter().take(most) {
            let text = told(one);
            self.item(text);
        }
        if more > 0 {
            self.text(format!("… and {}", counted(more as u64, &format!("more {noun}"))));
        }
    }
}
