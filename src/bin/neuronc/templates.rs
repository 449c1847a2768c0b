//! The starting files of `neuronc new`: the one table that its list, help and completions read.

/// A starting file.
pub struct Template {
    /// The name on the command line, which is also the network's in the text.
    pub name: &'static str,
    /// What it shows, in a few words.
    pub about: &'static str,
    /// Arguments for `neuronc run FILE` that show something.
    pub first_run: &'static str,
    text: &'static str,
}

macro_rules! templates {
    ($($name:literal: $about:literal, $first_run:literal;)*) => {
        /// Every template; the first is the one of files that have a name of their own.
        pub const TEMPLATES: &[Template] = &[$(Template {
            name: $name,
            about: $about,
            first_run: $first_run,
            text: include_str!(concat!("templates/", $name, ".neuron")),
        }),*];
    };
}

templates! {
    "article": "the worked example: one neuron, two inputs", "--trace";
    "xor": "exclusive or, from three gates of one neuron each", "a=1 b=0 --trace";
    "layers": "arrays of neurons, and matrices of weights between them", "--trace";
}

impl Template {
    pub fn named(name: &str) -> Option<&'static Template> {
        TEMPLATES.iter().find(|template| template.name == name)
    }

    /// The text for a network of another name; as it is, if the text would have anything to say about the name.
    pub fn text_for(&self, network: &str) -> String {
        let renamed = self.text.replacen(&self.header(self.name), &self.header(network), 1);
        if is_faultless(&renamed, network) { renamed } else { self.text.to_owned() }
    }

    fn header(&self, network: &str) -> String {
        format!("\nnetwork {network}\n")
    }
}

/// Whether the text is a network of this name about which there is no message.
fn is_faultless(text: &str, name: &str) -> bool {
    let limits = neuronc::Limits::default();
    let mut sources = neuronc::Sources::new();
    let Ok(file) = sources.add("template", text.as_bytes().to_vec(), &limits) else { return false };
    let (program, mistakes) = neuronc::parse(sources.get(file), &limits);
    let (network, more) = neuronc::resolve(&program, sources.get(file), &limits);
    let silent = mistakes.into_sorted().is_empty() && more.into_sorted().is_empty();
    silent && network.is_some_and(|network| network.name() == name)
}
