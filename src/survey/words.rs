//! What was found as an account: tables with places in the source.

use super::{NeuronFinding, Survey, Tally};
use crate::explain::{Account, Block, Section, Vocabulary};
use crate::network::{Network, Unit};
use crate::numeric::decimal::rounded;
use crate::source::Sources;
use crate::text::{counted, neutralise, shown};

/// Neurons, and outputs, that are told, unless all are wanted.
const MOST: usize = 20;
const MOST_OUTPUTS: usize = 4;
/// Inputs of an output.
const MOST_INPUTS: usize = 10;
/// Digits of a number that people read.
const DIGITS: usize = 6;

impl Survey {
    /// What was found, in words and tables; `all` leaves nothing out. `data` is what the rows are called.
    #[must_use]
    pub fn account(
        &self,
        network: &Network,
        sources: &Sources,
        tally: &Tally,
        data: &str,
        vocabulary: Vocabulary,
        all: bool,
    ) -> Account {
        let told = Told { survey: self, network, sources, tally, vocabulary, all };
        let rows = counted(tally.rows, "row");
        let title = format!("{}: what {rows} of {} say", shown(network.name()), neutralise(data));
        let mut first = Section { title: title.clone(), is_inner: false, place: None, blocks: Vec::new() };
        if tally.rows == 0 {
            first.blocks.push(Block::Text("There are no rows: nothing can be said.".to_owned()));
            return Account { title, sections: vec![first] };
        }
        if tally.not_finite > 0 {
            let rows = counted(tally.not_finite, "row");
            first.blocks.push(Block::Text(format!("Something is not finite in {rows}; only the others are counted.")));
        }
        let mut sections = vec![first, told.neurons()];
        sections.extend(told.influences());
        Account { title, sections }
    }
}

/// What all tables need.
struct Told<'a> {
    survey: &'a Survey,
    network: &'a Network,
    sources: &'a Sources,
    tally: &'a Tally,
    vocabulary: Vocabulary,
    all: bool,
}

impl Told<'_> {
    fn most(&self, most: usize) -> usize {
        if self.all { usize::MAX } else { most }
    }

    fn name(&self, unit: Unit) -> String {
        shown(&self.network.unit_name(unit))
    }

    fn place(&self, unit: Unit) -> String {
        let origin = self.network.population(unit.population).origin;
        let file = neutralise(self.sources.get(origin.file).name()).replace('`', "'");
        format!("{file}:{}", self.sources.position(origin).line)
    }

    /// `100 %`, `99.5 %`
    fn share(&self, count: u64) -> String {
        let rows = self.tally.counted().max(1);
        percent(count as f64 / rows as f64)
    }

    /// The neurons that something is found of.
    fn neurons(&self) -> Section {
        let title = match self.vocabulary {
            Vocabulary::Artificial => "Neurons that never, always or hardly change",
            Vocabulary::Biological => "Axons that are silent, always fire or hardly change",
            Vocabulary::Both => "Neurons that never fire, always fire or are saturated",
        };
        let mut section = section(title);
        let found = self.survey.neurons(self.network, self.tally);
        let notable: Vec<&NeuronFinding> = found.iter().filter(|finding| finding.is_notable()).collect();
        let count = |is: fn(&NeuronFinding) -> bool| found.iter().filter(|finding| is(finding)).count();
        let (dead, firing) = (count(|finding| finding.never_fires), count(|finding| finding.always_fires));
        let saturated = count(|finding| finding.is_saturated);
        let of = counted(found.len() as u64, "neuron");
        section.blocks.push(Block::Text(format!(
            "Of {of} {dead} never fire, {firing} always fire, and {saturated} are saturated: their slope is below {} in at least \
             {} of the rows.",
            number(Survey::FLAT),
            percent(Survey::SATURATED)
        )));
        if notable.is_empty() {
            return section;
        }
        let row = |finding: &&NeuronFinding| {
            let whole = [
                (finding.never_fires, "never fires"),
                (finding.always_fires, "always fires"),
                (finding.is_saturated, "saturated"),
            ];
            let what: Vec<&str> = whole.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
            let share = |count: Option<u64>| count.map_or("–".to_owned(), |count| self.share(count));
            let range = match finding.lowest == finding.highest {
                true => number(finding.lowest),
                false => format!("{} … {}", number(finding.lowest), number(finding.highest)),
            };
            let (fired, flat) = (share(finding.fired), share(finding.flat));
            vec![self.name(finding.neuron), what.join(", "), fired, flat, range, self.place(finding.neuron)]
        };
        let most = self.most(MOST);
        let head = ["neuron", "finding", "fires in", "flat in", "outputs", "place"].map(str::to_owned).to_vec();
        section.blocks.push(Block::Table { head, rows: notable.iter().take(most).map(row).collect() });
        more(notable.len(), most, "neuron", &mut section);
        section
    }

    /// What counts for each output.
    fn influences(&self) -> Vec<Section> {
        let influences = self.survey.influences(self.tally);
        let most = self.most(MOST_OUTPUTS);
        let left_out = influences.len().saturating_sub(most) + self.survey.left_out;
        let mut sections = Vec::new();
        for influence in influences.iter().take(most) {
            let mut section = section(format!("Inputs that count most for {}", self.name(influence.output)));
            if influence.inputs.first().is_none_or(|first| first.magnitude == 0.0) {
                section
                    .blocks
                    .push(Block::Text("None does: it is in all rows what it is without any signal.".to_owned()));
                sections.push(section);
                continue;
            }
            let inputs: Vec<_> = influence.inputs.iter().take(self.most(MOST_INPUTS)).collect();
            let rows = inputs.iter().map(|input| {
                let mean = if input.mean > 0.0 { format!("+{}", number(input.mean)) } else { number(input.mean) };
                let place = self.place(input.input);
                vec![self.name(input.input), number(input.magnitude), percent(input.share), mean, place]
            });
            let head = ["input", "mean |contribution|", "share", "mean", "place"].map(str::to_owned).to_vec();
            section.blocks.push(Block::Table { head, rows: rows.collect() });
            more(influence.inputs.len(), self.most(MOST_INPUTS), "input", &mut section);
            sections.push(section);
        }
        if let Some(last) = sections.last_mut() {
            more(left_out, 0, "output", last);
            let how = "A contribution is the part of the output that is due to the input, compared with no signal at all (all inputs 0).";
            last.blocks.push(Block::Text(how.to_owned()));
        }
        sections
    }
}

fn section(title: impl Into<String>) -> Section {
    Section { title: title.into(), is_inner: false, place: None, blocks: Vec::new() }
}

/// How many more there are.
fn more(count: usize, most: usize, noun: &str, section: &mut Section) {
    if count > most {
        let more = counted((count - most) as u64, &format!("more {noun}"));
        section.blocks.push(Block::Text(format!("… and {more}")));
    }
}

fn number(value: f64) -> String {
    rounded(value, DIGITS)
}

/// `99.5 %`; never rounded to all or nothing.
fn percent(share: f64) -> String {
    match (share * 1000.0).round() {
        0.0 if share > 0.0 => "< 0.1 %".to_owned(),
        1000.0 if share < 1.0 => "> 99.9 %".to_owned(),
        tenths => format!("{} %", number(tenths / 10.0)),
    }
}
