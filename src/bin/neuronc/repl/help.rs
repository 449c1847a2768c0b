//! What the prompt tells about itself.

use std::fmt::Write;

use neuronc::session::{Of, Session};
use neuronc::{counted, neutralise, shown};

use super::commands::named;
use super::show::{BOLD, FAINT, NAME, flowed, listed, page, wrapped};

/// Texts about what is no command.
pub const TOPICS: [(&str, &str); 3] = [
    (
        "statements",
        "Any statement of the language may be typed: `input x = 1`, `neuron y { activation = tanh }`,\n\
         `x -> y : 0.5`, `output y`. A new name is added, a name that is there is redefined, and a\n\
         connection replaces the one with the same ends; `add x -> y : 1` makes a second one.\n\
         What changes is shown with everything that follows from it. An entry with a mistake\n\
         changes nothing. A statement goes on in the next line while a bracket is open, and behind\n\
         what cannot end one, as `=` or `,`, just as in a file.\n",
    ),
    (
        "values",
        "`x1 = 2` sets an input for this session, `input x1 = 2` changes its default.\n\
         `w1 = 0.5` changes a weight, bias or const; `h.bias = 1`, `h.activation = relu` and\n\
         `(x1 -> h) = 0.9` change what has no name. `x[2] = 1` sets one element.\n\
         A name shows its value, an expression is computed: `c * 2`, `max(h[0], h[1])`. Results\n\
         are numbered `$1`, `$2`, … and can be used again. `c(x1 = 2)` asks without changing.\n",
    ),
    (
        "editing",
        "Tab completes names, activations, commands and files. Up and down go through what was\n\
         typed, Ctrl-R searches it. Ctrl-C gives up an entry or stops a computation, Ctrl-D leaves.\n\
         What starts with a blank is not kept in the history, nor is anything with `--no-history`.\n",
    ),
];

/// What the overview shows: how commands are used, which of them, and what they do.
const OVERVIEW: [(&str, &str, &str); 17] = [
    (":trace [NEURON]", ":trace", "every synapse; `:trace on` after each change"),
    (":why NEURON, :whynot NEURON", ":why", "what counts, and what would make it fire"),
    (":step, :back", ":step", "neuron by neuron, with the values so far"),
    (":with x1 = 2, w1 = 0 c", ":with", "what `c` would be; nothing changes"),
    (":sweep x1 from 0 to 1 by 0.1 c", ":sweep", "a table and a plot of `c`"),
    (":diff $1 $2", ":diff", "two results side by side"),
    (":list", ":list", "what there is, with values"),
    (":show [NAME]", ":show", "the source of a name, or all of it"),
    (":graph [NEURON]", ":graph", "the network as a tree"),
    (":explain NAME|CODE", ":explain", "what a name or code is"),
    (":expect", ":expect", "run every `expect`"),
    (":remove NAME", ":remove", "also `:remove a -> b`"),
    (":undo, :redo, :reset", ":undo", "take back, do again, start over"),
    (":load FILE, :save [FILE]", ":load", "read a network, or write this one"),
    (":reload, :watch on|off", ":watch", "read the file again, or at each save"),
    (":time [ENTRY]", ":time", "how long an entry takes"),
    (":help [TOPIC], :quit", ":help", "also statements, values, editing"),
];

/// About everything, in a screen.
pub fn overview(width: usize) -> String {
    let mut text = String::new();
    let is_narrow = width < 76;
    if is_narrow {
        text.push_str("Type a statement, a name, an expression,\nor `NAME = VALUE`. Commands:\n");
    } else {
        text.push_str("Type a statement to add or change something, a name or expression to see its\n");
        text.push_str("value, `NAME = VALUE` to set an input, weight, bias or const. Commands:\n");
    }
    for (form, short, about) in OVERVIEW {
        let (form, column) = if is_narrow { (short, 9) } else { (form, 31) };
        let about = if is_narrow { about.split([';', ',']).next().unwrap_or_default() } else { about };
        let _ = writeln!(text, "  {NAME}{form:<column$}{NAME:#} {about}");
    }
    let more = if is_narrow {
        "More: `:help :NAME`\n"
    } else {
        "`:help NAME` tells more of a command. An entry that fails changes nothing.\n"
    };
    text.push_str(more);
    text
}

/// About a command or topic; none if there is none of that name.
pub fn about(topic: &str, width: usize) -> Option<String> {
    if let Some((_, text)) = TOPICS.iter().find(|(name, _)| *name == topic) {
        return Some(page(text, width));
    }
    let row = named(topic.trim_start_matches(':'))?;
    let mut text = wrapped(&format!("{BOLD}:{} {}{BOLD:#}", row.name, row.form), width);
    text.push_str(&flowed(row.about, width));
    if !row.more.is_empty() {
        text.push_str(&page(row.more, width));
    }
    Some(text)
}

/// The first lines: what there is, and what to do with it.
pub fn banner(session: &Session, width: usize) -> String {
    let names = session.names();
    let of = |of: Of| names.iter().find(|named| named.of == of && !named.is_array).map(|named| shown(&named.name));
    let title = format!("{BOLD}neuronc {}{BOLD:#}", env!("CARGO_PKG_VERSION"));
    if names.is_empty() {
        return paragraph(
            &title,
            &[
                ": an empty network. `:help` tells what can be typed, `:quit` leaves.",
                "Try `input x = 1`, `neuron y`, `x -> y : 0.5`, then `y` to see its value.",
                "`x = 2` changes the input, `:why y` explains, `:undo` takes back, `:save FILE` keeps.",
            ],
            width,
        );
    }
    let output = session.network().outputs().first().map(|output| shown(&output.name));
    let seen = output.or_else(|| of(Of::Neuron)).unwrap_or_else(|| shown(&names[0].name));
    let mut tries = vec![format!("`{seen}` to see its value")];
    tries.extend(of(Of::Input).map(|name| format!("`{name} = 2` to change an input")));
    tries.extend(of(Of::Weight).or_else(|| of(Of::Bias)).map(|name| format!("`{name} = 0.5` a weight")));
    paragraph(
        &title,
        &[
            &format!(": {}. `:help` tells more, `:quit` leaves.", neutralise(session.name())),
            &format!("Try {}.", tries.join(", ")),
            &format!("`:why {seen}` explains it, `:undo` takes back, `:save FILE` keeps."),
        ],
        width,
    )
}

/// Lines behind a title, broken where they are longer than the terminal is wide.
fn paragraph(title: &str, lines: &[&str], width: usize) -> String {
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        text.push_str(&wrapped(&format!("{}{line}", if place == 0 { title } else { "" }), width));
    }
    text
}

/// What there is, a line each.
pub fn inventory(session: &Session, width: usize) -> String {
    const MOST: usize = 100;
    let names = session.names();
    let set: Vec<&str> = session.set_inputs().collect();
    let mut text = String::new();
    let longest = names.iter().take(MOST).map(|named| named.name.chars().count()).max().unwrap_or(0).min(24);
    for named in names.iter().take(MOST) {
        let name = neutralise(&named.name);
        let mark = if named.of == Of::Input && set.contains(&named.name.as_str()) { " (set here)" } else { "" };
        let room = width.saturating_sub(11 + longest.max(name.chars().count()) + mark.len());
        let mut value = listed(named);
        if value.chars().count() > room.max(8) {
            value = value.chars().take(room.max(8) - 1).collect::<String>() + "…";
        }
        let word = super::show::word(named.of);
        let line = format!("{word:<7} {NAME}{name:<longest$}{NAME:#} = {value}{FAINT}{mark}{FAINT:#}");
        text.push_str(&wrapped(&line, width));
    }
    if names.len() > MOST {
        let _ = writeln!(text, "{FAINT}… and {} more{FAINT:#}", names.len() - MOST);
    }
    for (name, of) in session.instances().iter().take(MOST) {
        let _ = writeln!(text, "instance {NAME}{}{NAME:#} = {}", neutralise(name), shown(of));
    }
    for network in session.network().networks().iter().take(MOST) {
        let _ = writeln!(text, "network {NAME}{}{NAME:#}", neutralise(network.name()));
    }
    for name in session.activations() {
        let _ = writeln!(text, "activation {NAME}{}{NAME:#}", neutralise(&name));
    }
    let outputs: Vec<String> =
        session.network().outputs().iter().take(MOST).map(|output| shown(&output.name)).collect();
    if !outputs.is_empty() {
        text.push_str(&wrapped(&format!("output  {NAME}{}{NAME:#}", outputs.join(", ")), width));
    }
    let expectations = session.network().expectations().len();
    if expectations > 0 {
        let _ = writeln!(text, "{FAINT}{} (`:expect` runs them){FAINT:#}", counted(expectations as u64, "expectation"));
    }
    if text.is_empty() {
        text.push_str("nothing is declared yet: `input x = 1` declares an input\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::commands::COMMANDS;
    use super::*;

    #[test]
    fn the_overview_has_every_command_and_fits_a_terminal() {
        let text = anstream::adapter::strip_str(&overview(80)).to_string();
        for row in COMMANDS {
            assert!(text.contains(&format!(":{}", row.name)), "{}", row.name);
            assert!(about(row.name, 80).is_some_and(|text| text.contains(row.about)), "{}", row.name);
        }
        for width in [40, 80] {
            let text = anstream::adapter::strip_str(&overview(width)).to_string();
            assert!(text.lines().count() <= 23);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
        let topics = TOPICS.iter().map(|(name, _)| *name).chain(COMMANDS.iter().map(|row| row.name));
        for topic in topics {
            let text = anstream::adapter::strip_str(&about(topic, 40).expect("there is such a topic")).to_string();
            assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
        }
    }
}
