//! The stable codes of all errors and warnings, each with its page of explanation.

macro_rules! codes {
    ($($code:ident $title:literal;)*) => {
        /// A stable code: `E…` of an error, `W…` of a warning. Its [page](Code::page) tells more.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// Every code there is, sorted.
            pub const ALL: &[Code] = &[$(Code::$code),*];

            /// As written: `E0101`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$code => stringify!($code),)*
                }
            }

            /// What it is about, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(Code::$code => $title,)*
                }
            }

            /// What it means, with an example and its mend, as Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Code::$code => include_str!(concat!("../docs/errors/", stringify!($code), ".md")),)*
                }
            }
        }
    };
}

codes! {
    E0001 "the file is no UTF-8 text";
    E0002 "a control character in the source";
    E0003 "a bidirectional control character in the source";
    E0101 "something else was expected";
    E0102 "a bracket is never closed";
    E0103 "a closing bracket closes nothing";
    E0104 "an unknown statement";
    E0105 "a connection without a weight";
    E0106 "a connection with two arrows";
    E0107 "a reserved word as a name";
    E0108 "a malformed number";
    E0109 "a number too large for a double";
    E0110 "a text that is not closed";
    E0111 "a missing separator";
    E0112 "a block on a line of its own";
    E0113 "an empty list";
    E0114 "a mark of another language";
    E0115 "an `expect` without `=>`";
    E0116 "the net input of an activation";
    E0117 "a network or import inside a network";
    E0201 "an unknown name";
    E0202 "a name declared twice";
    E0203 "a name of the wrong kind";
    E0204 "an unknown property";
    E0205 "something given twice";
    E0206 "an unknown activation";
    E0207 "an unknown function";
    E0208 "values that need each other";
    E0209 "a weight as a bias, or a bias as a weight";
    E0210 "`network NAME` in the wrong place";
    E0211 "an unknown parameter of a function";
    E0212 "the wrong number of arguments";
    E0213 "a value that a property cannot have";
    E0214 "an activation that calls itself";
    E0215 "an unknown network";
    E0216 "something that an instance cannot be given";
    E0217 "networks that contain each other";
    E0218 "files that import each other";
    E0219 "an import without a name that can be used";
    E0220 "something inside an instance";
    E0221 "an instance in place of its output";
    E0222 "an input of an instance that nothing feeds";
    E0223 "something that cannot feed an input";
    E0301 "shapes that do not fit";
    E0302 "an element outside its array";
    E0303 "an empty slice";
    E0304 "a size or index that is no whole number";
    E0305 "rows of different lengths";
    E0306 "something else where a number belongs";
    E0307 "a value that is not finite";
    E0308 "too many sizes";
    E0309 "a missing value";
    E0310 "a selector on something single";
    E0311 "a value for a neuron";
    E0312 "a whole-array activation on something single";
    E0313 "nothing to combine";
    E0314 "a value outside the range of its input";
    E0315 "random numbers without a seed";
    E0316 "an argument outside its range";
    E0317 "a generator in an expression";
    E0318 "a generator without the sizes that it needs";
    E0319 "`load` inside another value";
    E0320 "an argument that `load` does not take";
    E0401 "a loop without a delay";
    E0501 "not in this release yet";
    E0601 "a network without outputs";
    E0602 "an input without a value";
    E0603 "no such input";
    E0604 "a value that does not fit its input";
    E0605 "an expectation that does not hold";
    E0606 "a name that `neuronc new` cannot use";
    E0607 "a command line that is not understood";
    E0608 "several connections with the same ends";
    E0609 "no connection with these ends";
    E0610 "something that cannot be set";
    E0611 "a result that there is not";
    E0612 "something that is still needed";
    E0613 "nothing to undo or redo";
    E0614 "a question that is not understood";
    E0615 "an unknown command of the prompt";
    E0701 "a file that cannot be read";
    E0702 "a file that cannot be written";
    E0703 "a path that is not relative";
    E0704 "a path that leads outside";
    E0705 "a file with several names";
    E0706 "something that is no regular file";
    E0707 "a file of an unknown format";
    E0708 "a broken file";
    E0709 "an element that is no finite double";
    E0710 "a tensor that a file does not have";
    E0711 "a tensor that cannot be weights";
    E0801 "a column that a file of rows does not have";
    E0802 "a column that is there twice";
    E0803 "a cell that is no number";
    E0804 "a number that its input does not take";
    E0805 "a row that is not like the others";
    E0806 "a row that cannot be read";
    E0807 "a file of rows without a header";
    E0808 "an output that is an input";
    E0809 "a file of rows of an unknown format";
    E0810 "a column of a type that is not read";
    E0901 "the limit on the length of a source";
    E0902 "the limit on nesting";
    E0903 "the limit on neurons and inputs";
    E0904 "the limit on synapses";
    E0905 "the limit on values of weights and biases";
    E0906 "the limit on operations of an activation";
    E0907 "the limit on the length of a statement";
    E0908 "the limit on files that a source names";
    E0909 "the limit on the header of a file";
    E0910 "the limit on statements";
    E0911 "the limit on imported files";
    E0912 "the limit on levels of imports";
    E0913 "the limit on what instances copy";
    E0914 "the limit on cells and rows";
    W0101 "a number that becomes 0";
    W0102 "documentation behind something else";
    W0103 "documentation of nothing";
    W0104 "a minus that may be a sign";
    W0201 "an input that nothing reads";
    W0202 "something declared that nothing uses";
    W0203 "a neuron that reaches no output";
    W0204 "a neuron without synapse and bias";
    W0205 "two synapses between the same pair";
    W0206 "names that look alike";
    W0207 "one number between two equal arrays";
    W0208 "properties of the last name only";
    W0209 "an activation that hides a built-in one";
    W0301 "a value that is not finite";
    W0302 "a text that a spreadsheet may compute";
}

impl Code {
    /// The code that is written so, in any case of letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
    }

    /// Whether it is of a file that could not be read or written, or whose content is not what it should be.
    #[must_use]
    pub fn is_file(self) -> bool {
        self.as_str().starts_with("E07")
    }

    /// Whether it is of a published limit.
    #[must_use]
    pub fn is_limit(self) -> bool {
        self.as_str().starts_with("E09")
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
