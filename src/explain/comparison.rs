//! The two neurons beside each other: what an artificial one took over from the biological one, and what it left out.

use super::{Account, Block, Section};

/// A page that compares the biological neuron with the artificial one, in the words of all reports.
#[must_use]
pub fn comparison() -> Account {
    let title = "Two neurons: the biological and the artificial one";
    Account { title: title.to_owned(), sections: vec![introduction(title), parts(), signal(), differences(), see_it()] }
}

fn introduction(title: &str) -> Section {
    let mut section = Section::new(title);
    section.text(
        "A nerve cell gathers signals from many others, and answers with one of its own when they are strong enough \
         together. McCulloch and Pitts (1943) made a calculation of that, Rosenblatt (1958) gave it weights that can be \
         learned. What is called a neuron in a `.neuron` file is such a calculation.",
    );
    section.text("This page says which part stands for which, and where the picture ends.");
    section
}

fn parts() -> Section {
    let mut section = Section::new("Part by part");
    let rows = [
        ["dendrite with a synapse: where a signal arrives", "input", "`input`, and the source of a connection"],
        [
            "strength of a synapse: it excites or inhibits",
            "weight: above 0 or below 0",
            "`weight`, the number in `a -> b : 0.75`",
        ],
        ["soma: everything that the dendrites bring, together", "weighted sum", "`combine`, by itself `sum`"],
        ["threshold of the soma, with its sign turned", "bias", "`bias`"],
        ["potential of the soma, measured from its threshold", "net input", "`net input` in a trace"],
        ["decision to fire an action potential", "activation function", "`activation`"],
        ["signal along the axon", "output", "a neuron's value, `output`"],
        ["axon terminals: synapses with the next neurons", "connections to the next neurons", "`c -> next : 1`"],
    ];
    let head = ["biological", "artificial", "here"].map(str::to_owned).to_vec();
    section.blocks.push(Block::Table { head, rows: rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect() });
    section
}

fn signal() -> Section {
    let mut section = Section::new("The way of a signal");
    for step in [
        "Dendrites bring signals. Here each input is a number: how strong the signal is now.",
        "A synapse weakens or strengthens what it passes on. Here it multiplies by its weight: `0.75·1.2` is 0.9. A weight \
         above 0 makes what excites, one below 0 what inhibits.",
        "The soma adds all of it. Here that is the weighted sum.",
        "The sum is compared with the threshold. Here the bias is added, which is the threshold with its sign turned: \
         a neuron that needs more than 0.5 to fire has the bias -0.5. What comes out is the net input z.",
        "Above the threshold the axon fires. Here the activation decides: `step` gives all or nothing, as an action potential \
         does; `relu` says also how far above; `sigmoid` turns a corner slowly.",
        "Exactly at the threshold a rule must say what happens. Here a neuron fires when its output is above its resting level: \
         at z = 0 `relu` and `step` rest. `step(at = 1)` fires there.",
        "The axon's terminals pass the signal on. Here the output is the input of every neuron that a connection leads to.",
    ] {
        section.item(step);
    }
    section.blocks.push(Block::Formula {
        left: "c".to_owned(),
        steps: vec![
            "relu(1·x1 + 0.75·x2 + 0.5)".to_owned(),
            "relu(1·0.8 + 0.75·1.2 + 0.5)".to_owned(),
            "2.2".to_owned(),
        ],
    });
    section
}

fn differences() -> Section {
    let mut section = Section::new("What the artificial neuron leaves out");
    for difference in [
        "Time. A nerve cell fires spikes, now and then or a hundred times a second, and says much by when they come. Here there is \
         one number and no clock; it is best read as how often the cell fires.",
        "All or nothing. Spikes are all alike. Most activations give any number, some also numbers below 0, which no axon \
         carries.",
        "Rest. After a spike a cell cannot fire for a moment, and tires when it fires long. A calculation does not remember \
         what it computed before.",
        "Form. Dendrites are branched cables: where a synapse lies, and what happens beside it, changes what arrives, and a \
         branch can already decide something by itself. Here all synapses count alike, and their order matters only to the last bit.",
        "Either or. A cell mostly excites all that it reaches, or inhibits all of it, by its transmitter. Here one neuron may \
         have weights of both signs.",
        "Chemistry. What passes a synapse is chance, a matter of many transmitters and of hormones around it. Here it is a product, the same \
         every time and on every machine.",
        "Learning. Synapses grow, shrink and vanish with use. Here weights stay until somebody changes them: values from training \
         are read with `load`.",
        "Loops. Cells feed back to those that feed them, all the time. Here a network has no loops: every neuron is computed once.",
        "Numbers. A cell of the brain has thousands of synapses, the brain some eighty-six thousand million cells. That a network \
         has neurons does not make it a small brain.",
    ] {
        section.item(difference);
    }
    section
}

fn see_it() -> Section {
    let mut section = Section::new("See it");
    section.text(
        "`neuronc new article` writes the neuron of the formula above, `neuronc explain article.neuron` tells it in both \
         languages, `neuronc run article.neuron --trace` shows what each dendrite brings, and `neuronc explain FILE \
         --vocabulary biological` uses the words of the left column alone.",
    );
    section
}
