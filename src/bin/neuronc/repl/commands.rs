//! The commands of the prompt: one table that the dispatch, the help and the completion read.

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Trace,
    Why,
    WhyNot,
    Step,
    Back,
    With,
    Sweep,
    Diff,
    List,
    Show,
    Graph,
    Explain,
    Expect,
    Remove,
    Undo,
    Redo,
    Reset,
    Load,
    Reload,
    Watch,
    Save,
    Time,
    Help,
    Quit,
}

/// What is completed behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completes {
    Nothing,
    Names,
    Neurons,
    Files,
    Topics,
    Words(&'static [&'static str]),
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    pub command: Command,
    pub name: &'static str,
    /// What stands behind the name.
    pub form: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// What `:help NAME` tells beside.
    pub more: &'static str,
    pub completes: Completes,
}

macro_rules! commands {
    ($($command:ident $name:literal $form:literal, $about:literal, $completes:expr, $more:literal;)*) => {
        /// All of them, in the order in which help shows them.
        pub const COMMANDS: &[Row] = &[$(Row {
            command: Command::$command, name: $name, form: $form, about: $about, completes: $completes, more: $more,
        }),*];
    };
}

commands! {
    Trace "trace" "[NEURON]", "every synapse of a neuron, or of all", Completes::Neurons,
        "`:trace on` shows the neurons that change after every entry, `:trace off` ends that.";
    Why "why" "NEURON", "what counts for a neuron's value, back to the inputs", Completes::Neurons,
        "Contributions come by size, then the ways along which inputs reach it.";
    WhyNot "whynot" "NEURON", "what would change whether it fires", Completes::Neurons,
        "The smallest change of one input, of one weight and of one bias. Nothing changes.";
    Step "step" "", "the next neuron, with the values so far", Completes::Nothing,
        "Neurons come in the order in which they are computed. `:back` goes back by one.";
    Back "back" "", "the neuron before", Completes::Nothing, "`:step` goes forward by one.";
    With "with" "x1 = 2, w1 = 0 c", "what `c` would be, without changing anything", Completes::Names,
        "Without an expression behind the values it shows all outputs. `c(x1 = 2)` asks the same inside an\nexpression.";
    Sweep "sweep" "x1 from -1 to 1 by 0.1 c", "`c` while `x1` goes through values", Completes::Names,
        "Without an expression at the end it shows all outputs. Both ends are included. Nothing changes.";
    Diff "diff" "$1 $2", "the evaluations of two results, side by side", Completes::Nothing,
        "Every result remembers the evaluation that it is of, with inputs, weights and neurons.";
    List "list" "", "what there is, with values", Completes::Nothing, "An input that was set at the prompt is marked.";
    Show "show" "NAME", "the source of a name, with the connections into it", Completes::Names,
        "Without a name it shows the whole network as `:save` would write it.";
    Graph "graph" "[NEURON]", "the network as a tree, from its outputs to its inputs", Completes::Neurons, "";
    Explain "explain" "NAME|CODE", "what a name, an activation or an error code is", Completes::Names, "";
    Expect "expect" "", "run every `expect`", Completes::Nothing,
        "They use the inputs that they state and defaults, not the values that were set at the prompt.";
    Remove "remove" "NAME", "take something away, unless something needs it", Completes::Names,
        "`:remove a -> b` takes connections away, `:remove output c` an output, `:remove expect 2` the second\n`expect`.";
    Undo "undo" "", "take back the last change", Completes::Nothing, "Of the network or of an input.";
    Redo "redo" "", "do again what was undone", Completes::Nothing, "";
    Reset "reset" "", "back to how it was loaded or saved", Completes::Nothing,
        "Inputs get their defaults. `:undo` takes it back.";
    Load "load" "FILE", "another network", Completes::Files, "`:undo` brings the one before back.";
    Reload "reload" "", "the file again, as it is now", Completes::Nothing,
        "Inputs that were set stay set. A file with errors leaves the network as it is.";
    Watch "watch" "on|off", "reload at every save of the file", Completes::Words(&["on", "off"]),
        "Also when a file is saved that it imports or loads. A file with errors leaves the network as it is.";
    Save "save" "[FILE]", "write the network, in its layout, with its comments", Completes::Files,
        "Without FILE to the file that it was loaded from. Values of inputs that were set at the prompt are not\npart of the network: `input x1 = 2` makes one the default.";
    Time "time" "[ENTRY]", "how long the last entry took, or one that is done now", Completes::Nothing, "";
    Help "help" "[TOPIC]", "this, or about a command", Completes::Topics, "";
    Quit "quit" "", "leave", Completes::Nothing, "Ctrl-D leaves, too.";
}

/// The command that is called so.
pub fn named(name: &str) -> Option<&'static Row> {
    COMMANDS.iter().find(|row| row.name == name)
}
