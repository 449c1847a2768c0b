//! The list of planted mistakes.

use std::fmt::Write;

use neuronc::{Code, Severity};

use crate::{assert_recorded, base, check, is_error, shown};

/// A part of a file, and what is written in its place; what the message marks stands between `«` and `»`, or only
/// starts at `«` where it has several lines.
struct Mistake {
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
    code: Code,
    /// What the message marks where that is another place, with its marks.
    at: Option<&'static str>,
}

const fn planted(file: &'static str, right: &'static str, wrong: &'static str, code: Code) -> Mistake {
    Mistake { file, right, wrong, code, at: None }
}

impl Mistake {
    /// A mistake that shows at another place.
    const fn shows(self, at: &'static str) -> Mistake {
        Mistake { at: Some(at), ..self }
    }

    /// The text with the mistake, and where the place that is to be marked starts and ends.
    fn plant(&self) -> (String, usize, Option<usize>) {
        let text = base(self.file);
        let start = text.find(self.right).unwrap_or_else(|| panic!("{}: no {:?}", self.file, self.right));
        let wrong = self.wrong.replace(['«', '»'], "");
        let text = format!("{}{wrong}{}", &text[..start], &text[start + self.right.len()..]);
        let (marked, start) = match self.at {
            None => (self.wrong, start),
            Some(at) => (at, text.find(&at.replace(['«', '»'], "")).unwrap_or_else(|| panic!("no {at:?}"))),
        };
        let (before, rest) = marked.split_once('«').expect("a mark");
        let start = start + before.len();
        (text, start, rest.find('»').map(|length| start + length))
    }
}

/// Misspelt and missing words.
const WORDS: &[Mistake] = &[
    planted("article", "input x1", "«imput» x1", Code::E0104),
    planted("article", "input x1", "«Input» x1", Code::E0104),
    planted("article", "input x1", "«inputs» x1", Code::E0104),
    planted("article", "weight w1", "«wieght» w1", Code::E0104),
    planted("article", "bias   b ", "«bais»   b ", Code::E0104),
    planted("article", "neuron c", "«nueron» c", Code::E0104),
    planted("article", "neuron c", "«Neuron» c", Code::E0104),
    planted("article", "neuron c", "«node» c", Code::E0104),
    planted("article", "output c", "«ouput» c", Code::E0104),
    planted("article", "output c", "«print» c", Code::E0104),
    planted("article", "expect x1", "«expct» x1", Code::E0104),
    planted("article", "expect x1", "«assert» x1", Code::E0104),
    planted("article", "expect x1", "«x1»", Code::E0104),
    planted("article", "network article", "«netwrok» article", Code::E0104),
    planted("article", "input x1 =", "«x1» =", Code::E0104),
    planted("article", "input x1 =", "«let» x1 =", Code::E0104),
    planted("excitation", "input signal[4] =", "«signal»[4] =", Code::E0104),
    planted("article", "neuron c {", "«c» {", Code::E0104),
    planted("article", "x1 -> c : w1", "«synapse» x1 -> c : w1", Code::E0104),
    planted("article", "x1 -> c : w1", "«x1» c : w1", Code::E0104),
    planted("article", "activation = relu", "activation = «rleu»", Code::E0206),
    planted("article", "activation = relu", "activation = «ReLU»", Code::E0206),
    planted("article", "activation = relu", "activation = «sigmoide»", Code::E0206),
    planted("article", "activation = relu", "activation = «linear»", Code::E0206),
    planted("article", "activation = relu", "«activaton» = relu", Code::E0204),
    planted("article", "activation = relu", "«Activation» = relu", Code::E0204),
    planted("article", "activation = relu", "«function» = relu", Code::E0204),
    planted("article", "bias = b }", "«threshold» = 1 }", Code::E0204),
    planted("article", "bias = b }", "«weight» = 1 }", Code::E0204),
    planted("combine", "combine = mean", "combine = «maen»", Code::E0213),
    planted("combine", "combine = mean", "combine = «average»", Code::E0213),
    planted("several_items", "trainable = false", "trainable = «False»", Code::E0213),
    planted("several_items", "trainable = false", "trainable = «fales»", Code::E0213),
    planted("several_items", "trainable = false", "trainable = «no»", Code::E0213),
    planted("several_items", "trainable = false", "trainable = «0»", Code::E0213),
    planted("several_items", "trainable = false", "«trainble» = false", Code::E0204),
    planted("functions", "ln(1)", "«log»(1)", Code::E0207),
    planted("functions", "sqrt(9)", "«sqr»(9)", Code::E0207),
    planted("functions", "sqrt(9)", "«Sqrt»(9)", Code::E0207),
    planted("functions", "sin(0)", "«tan»(0)", Code::E0207),
    planted("functions", "slope = 0.5", "«slop» = 0.5", Code::E0211),
    planted("functions", "threshold = 1", "«treshold» = 1", Code::E0211),
    planted("functions", "sin(pi / 2)", "sin(«PI» / 2)", Code::E0201),
    planted("article", "input x1", "input «input»", Code::E0107),
    planted("article", "weight w1", "weight «bias»", Code::E0107),
    planted("article", "neuron c", "neuron «output»", Code::E0107),
    planted("article", "neuron c", "neuron «pi»", Code::E0107),
    planted("article", "output c", "output «true»", Code::E0107),
];

/// Marks that are missing, too many, or of another language.
const MARKS: &[Mistake] = &[
    planted("article", "x1 -> c : w1", "x1 «=>» c : w1", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 «- >» c : w1", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 «-->» c : w1", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 -> «->» c : w1", Code::E0106),
    planted("article", "x1 -> c : w1", "c «<-» x1 : w1", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 «→» c : w1", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 -> c «=» w1", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 -> c «w1»", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c :«:» w1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> «c»", Code::E0105),
    planted("article", "x1 -> c : w1", "x1 -> c «:»", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 «->»", Code::E0101),
    planted("article", "x1 -> c : w1", "«->» c : w1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> «:» w1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c : w1«;»", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 -> c : w1«,»", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c : w1 «//» strong", Code::E0114),
    planted("article", "x1 -> c : w1", "x1 -> c«,» c : w1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1«,» x2 -> c : w1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 «+» x2 -> c : w1", Code::E0101),
    planted("article", "x1 -> c : w1", "w1 «*» x1 -> c : 1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c : w1 «x2» -> c : w2", Code::E0101),
    planted("xor", "[a, b] -> either : [1, 1]", "[a, b] -> either «->» y : 1", Code::E0106),
    planted("or", "-> y : [1, 1]", "-> y : «[1,]»", Code::E0301),
    planted("or", "[a, b] -> y : [1, 1]", "[a, b] -> y «[»1, 1]", Code::E0101),
    planted("or", "[a, b] -> y : [1, 1]", "[a, b] -> y : [1 «1»]", Code::E0111),
    planted("or", "[a, b] -> y : [1, 1]", "[a «b»] -> y : [1, 1]", Code::E0111),
    planted("or", "[a, b] -> y : [1, 1]", "a«,» b -> y : [1, 1]", Code::E0101),
    planted("or", "[a, b] -> y : [1, 1]", "[a, b] -> y : 1«,» 1", Code::E0101),
    planted("or", "[a, b] -> y : [1, 1]", "[a, b] -> y : [1,«,» 1]", Code::E0101),
    planted("xor", "[-1, -1]", "«[-1 -1]»", Code::E0301),
    planted("article", "input x1 = 0.8", "input x1 «0.8»", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 «:» 0.8", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 «==» 0.8", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 «:=» 0.8", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 «=»", Code::E0101),
    planted("article", "input x1 = 0.8", "input «=» 0.8", Code::E0101),
    planted("article", "input x1 = 0.8", "«input»", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8 «input» x3 = 1", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8 «x3» = 1", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8 «//» volts", Code::E0114),
    planted("article", "input x1 = 0.8", "«//» the first\ninput x1 = 0.8", Code::E0114),
    planted("article", "input x1 = 0.8", "«/*» the first */\ninput x1 = 0.8", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 = «.8»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = «1.»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = «0,8»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = «1.000,5»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = 1 «000»", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 1«'»000", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 = «0x10»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = «0.8f»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = «2k»", Code::E0108),
    planted("article", "input x1 = 0.8", "input x1 = «1e999»", Code::E0109),
    planted("article", "input x1 = 0.8", "input x1 = 2«**»3", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 = 5 «%» 2", Code::E0114),
    planted("article", "input x1 = 0.8", "input x1 = «\"0.8\"»", Code::E0306),
    planted("article", "input x1 = 0.8", "input x1 = «\"0.8»", Code::E0110),
    planted("article", "input x1 = 0.8", "input x1 = «true»", Code::E0306),
    planted("article", "input x1 = 0.8", "input «\"x1\"» = 0.8", Code::E0101),
    planted("article", "input x1 = 0.8", "input «1x» = 0.8", Code::E0101),
    planted("article", "input x1 = 0.8", "input x«-»1 = 0.8", Code::E0101),
    planted("article", "bias = b", "bias«:» b", Code::E0114),
    planted("article", "bias = b", "bias «b»", Code::E0101),
    planted("article", "bias = b }", "bias = «}»", Code::E0101),
    planted("article", "activation = relu, bias", "activation = relu «bias»", Code::E0111),
    planted("article", "activation = relu, bias", "activation = relu«;» bias", Code::E0114),
    planted("article", "activation = relu, bias", "activation = relu,«,» bias", Code::E0101),
    planted("article", "activation = relu, bias", "relu«,» bias", Code::E0101),
    planted("article", "activation = relu", "activation = «\"relu\"»", Code::E0213),
    planted("article", "=> c = 2.2", "«->» c = 2.2", Code::E0114),
    planted("article", "=> c = 2.2", "=> c «==» 2.2", Code::E0114),
    planted("article", "=> c = 2.2", "«c» = 2.2", Code::E0101),
    planted("article", "=> c = 2.2", "=> c «2.2»", Code::E0101),
    planted("article", "=> c = 2.2", "=> c «=»", Code::E0101),
    planted("article", " => c = 2.2", "", Code::E0115).shows("«expect» x1"),
    planted("article", "x1 = 0.8, x2 = 1.2 =>", "x1 = 0.8 «x2» = 1.2 =>", Code::E0101),
    planted("article", "x1 = 0.8, x2 = 1.2 =>", "x1 = 0.8, x2 = «=>»", Code::E0101),
    planted("article", "x1 = 0.8, x2 = 1.2 =>", "x1«,» x2 =>", Code::E0101),
    planted("tolerances", "y = 1.4 within 0.5", "y = «within» 0.5", Code::E0101),
    planted("tolerances", "within 0.5", "within «-0.5»", Code::E0213),
    planted("tolerances", "y = 1.4 within 0.5", "y = 1.4 «±» 0.5", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = «−»1.0", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «×» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = «“»1.0”", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = «√»2", Code::E0114),
];

/// Brackets, braces, lines and indentation.
const BRACKETS: &[Mistake] = &[
    planted("article", "neuron c {", "neuron c ", Code::E0103).shows("bias = b «}»"),
    planted("article", "bias = b }", "bias = b", Code::E0102).shows("neuron c «{»"),
    planted("article", "neuron c {", "neuron c «{»{", Code::E0102),
    planted("article", "bias = b }", "bias = b }«}»", Code::E0103),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c\n«{» activation = relu, bias = b }",
        Code::E0112,
    ),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c\n«{»\n    activation = relu\n    bias = b\n}",
        Code::E0112,
    ),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c «{»\n    activation = relu\n    bias = b\n",
        Code::E0102,
    ),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c\n    «activation» = relu\n    bias = b\n}",
        Code::E0101,
    ),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c {\n    activation «relu»\n    bias = b\n}",
        Code::E0101,
    ),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c {\n    activation = relu\n    bias «b»\n}",
        Code::E0101,
    ),
    planted("article", "neuron c { activation = relu, bias = b }", "neuron c {\n    activation relu", Code::E0102)
        .shows("neuron c «{»"),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c «(»activation = relu, bias = b)",
        Code::E0101,
    ),
    planted("article", "neuron c { activation = relu, bias = b }", "neuron c = «relu»", Code::E0311),
    planted("article", "neuron c { activation = relu, bias = b }", "neuron c «relu»", Code::E0101),
    planted("article", "neuron c { activation = relu, bias = b }", "neuron c, «activation» = relu", Code::E0101),
    planted("article", "neuron c { activation = relu, bias = b }", "neuron c\n«bias» = b", Code::E0101),
    planted("excitation", "[1.0, 0.8]", "«[»1.0, 0.8", Code::E0102),
    planted("excitation", "[1.0, 0.8]", "1.0, 0.8]", Code::E0103).shows("1.0, 0.8«]»"),
    planted("excitation", "[1.0, 0.8]", "(1.0«,» 0.8)", Code::E0101),
    planted("excitation", "[1.0, 0.8]", "{1.0, 0.8}", Code::E0101).shows("excitatory[2] = «{»"),
    planted("excitation", "[1.0, 0.8]", "[1.0, 0.8«)»", Code::E0103),
    planted("excitation", "signal[4] =", "signal«[»4 =", Code::E0102),
    planted("excitation", "signal[4] =", "signal4«]» =", Code::E0103),
    planted("excitation", "signal[4] =", "signal«(»4) =", Code::E0101),
    planted("excitation", "signal[0..2] ->", "signal[0«:»2] ->", Code::E0101),
    planted("excitation", "signal[0..2] ->", "signal[0«,» 2] ->", Code::E0101),
    planted("excitation", "signal[0..2] ->", "signal[«]» ->", Code::E0101),
    planted("excitation", "[0.3, 0, 0, 0]", "0.3, «0», 0, 0", Code::E0101),
    planted("excitation", "    0, # signal[1]", "    «0» # signal[1]", Code::E0111),
    planted("iris", "    [0.053", "    0.053", Code::E0103).shows("\n«]»\n\nbias b1"),
    planted("iris", "-0.7711938088032699],", "-0.7711938088032699,", Code::E0102).shows("    «[»-0.30786214701141706"),
    planted("iris", "-0.7711938088032699],", "-0.7711938088032699]],", Code::E0103).shows("\n«]»\n\nbias b1"),
    planted("iris", "-0.7711938088032699],", "-0.7711938088032699]", Code::E0111).shows("-0.7711938088032699«]»"),
    planted("iris", "weight W1[8, 4] = [", "weight W1[8, 4] = «[»[", Code::E0102),
    planted("iris", "    2.0258893900124226,\n]", "    2.0258893900124226,\n", Code::E0102).shows("bias b1[8] = «[»"),
    planted(
        "article",
        "neuron c { activation = relu, bias = b }",
        "neuron c { activation = relu, bias = «(»b }",
        Code::E0102,
    ),
    planted("functions", "sqrt(9)", "sqrt«(»9", Code::E0102),
    planted("functions", "sqrt(9)", "sqrt9«)»", Code::E0103),
    planted("functions", "sqrt(9)", "«sqrt»[9]", Code::E0201),
    planted("functions", "sqrt(9)", "sqrt «9»", Code::E0101),
    planted("article", "x1 -> c : w1\n", "x1 -> «c»\n: w1\n", Code::E0105),
    planted("article", "x1 -> c : w1\n", "x1 -> c «:»\n\n", Code::E0101),
    planted("article", "neuron c { activation", "neuron c, d { activation", Code::W0208).shows("neuron c, «d»"),
];

/// Names: unknown, of the wrong kind, declared twice, of another case.
const NAMES: &[Mistake] = &[
    planted("article", "x1 -> c", "«x» -> c", Code::E0201),
    planted("article", "x1 -> c", "«X1» -> c", Code::E0201),
    planted("article", "x1 -> c", "«x3» -> c", Code::E0201),
    planted("article", "-> c : w1", "-> «C» : w1", Code::E0201),
    planted("article", "-> c : w1", "-> c : «W1»", Code::E0201),
    planted("article", "-> c : w1", "-> c : «strength»", Code::E0201),
    planted("article", "bias = b", "bias = «B»", Code::E0201),
    planted("article", "output c", "output «y»", Code::E0201),
    planted("article", "=> c = 2.2", "=> «d» = 2.2", Code::E0201),
    planted("article", "expect x1", "expect «x»", Code::E0201),
    planted("article", "input x1 = 0.8", "input x3 = 0.8", Code::E0201).shows("«x1» -> c"),
    planted("excitation", "input signal", "input singal", Code::E0201).shows("«signal»[0..2] ->"),
    planted("excitation", "neuron motor", "neuron moter", Code::E0201).shows("-> «motor» : excitatory"),
    planted("excitation", "weight excitatory", "weight exitatory", Code::E0201).shows("motor : «excitatory»"),
    planted("and", "bias resistance", "bias resistence", Code::E0201).shows("bias = «resistance»"),
    planted("consts_and_sizes", "const hidden", "const hiden", Code::E0201).shows("2 * «hidden»"),
    planted("layers", "input a, b", "input a", Code::E0201).shows("[a, «b»] -> h"),
    planted("article", "x1 -> c : w1", "c -> «x1» : w1", Code::E0203),
    planted("article", "x1 -> c : w1", "«w1» -> c : w1", Code::E0203),
    planted("article", "x1 -> c : w1", "x1 -> «w1» : 1", Code::E0203),
    planted("article", "x1 -> c : w1", "x1 -> c : «x2»", Code::E0203),
    planted("article", "x1 -> c : w1", "x1 -> c : «b»", Code::E0209),
    planted("article", "x1 -> c : w1", "x1 -> «relu» : w1", Code::E0201),
    planted("article", "bias = b", "bias = «w1»", Code::E0209),
    planted("article", "bias = b", "bias = «x1»", Code::E0203),
    planted("article", "output c", "output «w1»", Code::E0203),
    planted("article", "output c", "output «relu»", Code::E0201),
    planted("article", "expect x1 = 0.8", "expect «c» = 0.8", Code::E0203),
    planted("article", "expect x1 = 0.8", "expect «w1» = 0.8", Code::E0203),
    planted("article", "input x1 = 0.8", "input x1 = «c»", Code::E0203),
    planted("article", "weight w1 = 1.0", "weight w1 = «x1»", Code::E0203),
    planted("article", "weight w1 = 1.0", "weight «w1» = w1", Code::E0208),
    planted("consts_and_sizes", "const hidden = 3", "const hidden = «inputs»", Code::E0208).shows("const «inputs»"),
    planted("consts_and_sizes", "input x[inputs]", "input x[«w»]", Code::E0203),
    planted("consts_and_sizes", "const hidden = 3", "const hidden = 3\nconst k = «w»", Code::E0203),
    planted("article", "input x2 = 1.2", "input x2 = 1.2\ninput «x1» = 2", Code::E0202),
    planted("article", "weight w2", "weight «w1»", Code::E0202),
    planted("article", "neuron c {", "neuron c, «c» {", Code::E0202),
    planted("article", "output c", "output c, «c»", Code::E0205),
    planted("article", "activation = relu, bias", "activation = relu, «activation» = tanh, bias", Code::E0205),
    planted("article", "expect x1 = 0.8, x2 = 1.2", "expect x1 = 0.8, «x1» = 1.2", Code::E0205),
    planted("article", "x1 -> c", "«c» -> c", Code::E0401).shows("«c -> c : w1»"),
    planted("xor", "[a, b] -> either : [1, 1]", "[a, y] -> either : [1, 1]", Code::E0401)
        .shows("«[a, y] -> either : [1, 1]»"),
    planted("article", "input x1 = 0.8", "input «network» = 0.8", Code::E0107),
    planted("article", "weight w1", "«network again»\n\nweight w1", Code::E0210),
];

/// Sizes, shapes and values.
const VALUES: &[Mistake] = &[
    planted("or", "[1, 1]", "«[1, 1, 1]»", Code::E0301),
    planted("or", "[1, 1]", "«[1]»", Code::E0301),
    planted("or", "[1, 1]", "«[[1], [1]]»", Code::E0301),
    planted("excitation", "[1.0, 0.8]", "«[1.0]»", Code::E0301),
    planted("excitation", "[1.0, 0.8]", "«[1.0, 0.8, 0.6]»", Code::E0301),
    planted("excitation", "signal[0..2] -> motor", "signal[0..3] -> motor", Code::E0301).shows("motor : «excitatory»"),
    planted("excitation", "signal[2..4]", "«signal[2..5]»", Code::E0302),
    planted("excitation", "signal[2..4]", "«signal[4]»", Code::E0302),
    planted("excitation", "signal[2..4]", "signal[«-1»]", Code::E0304),
    planted("excitation", "signal[2..4]", "«signal[2..2]»", Code::E0303),
    planted("excitation", "signal[2..4]", "«signal[4..2]»", Code::E0303),
    planted("excitation", "signal[2..4]", "signal[«0.5»]", Code::E0304),
    planted("excitation", "-> motor : excitatory", "-> «motor[0]» : excitatory", Code::E0310),
    planted("excitation", "signal[4] =", "signal[«0»] =", Code::E0304),
    planted("excitation", "signal[4] =", "signal[«2.5»] =", Code::E0304),
    planted("excitation", "signal[4] =", "signal[3] =", Code::E0301).shows("signal[3] = «[\n    0, # signal[0]"),
    planted("excitation", "signal[4] =", "signal[2, «2»] =", Code::E0308),
    planted("excitation", "signal[0] = 0.8 =>", "signal[0] = «[0.8, 1]» =>", Code::E0301),
    planted("or", "input a = 0,", "input a = [0, 1],", Code::E0301).shows("[a, b] -> y : «[1, 1]»"),
    planted("article", "x1 -> c : w1", "«x1[0]» -> c : w1", Code::E0310),
    planted("article", "=> c = 2.2", "=> c = «[2.2, 1]»", Code::E0301),
    planted("article", "weight w1 = 1.0", "weight «w1»", Code::E0309),
    planted("article", "weight w1 = 1.0", "weight «w1», w3 = 1.0", Code::E0309),
    planted("article", "weight w1 = 1.0", "weight w1 = «1 / 0»", Code::E0307),
    planted("article", "weight w1 = 1.0", "weight w1 = «sqrt(-1)»", Code::E0307),
    planted("article", "weight w1 = 1.0", "weight w1 = 1 < 2 «<» 3", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = «[]»", Code::E0113),
    planted("article", "weight w1 = 1.0", "weight w1 = 1«;»0", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 1 +", Code::E0101).shows("weight w1 = 1 «+»"),
    planted("layers", "[[1, 1], [1, 1]]", "[[1, 1], «[1]»]", Code::E0305),
    planted("layers", "[[1, 1], [1, 1]]", "«[[1, 1]]»", Code::E0301),
    planted(
        "iris",
        "    [0.053284447949160214, -0.18343839258322947, 0.08428097183247467, 0.24006701932004415]",
        "    «[0.053284447949160214, -0.18343839258322947, 0.08428097183247467]»",
        Code::E0305,
    ),
    planted(
        "iris",
        "    [-0.30786214701141706, 1.0565347614963296, -0.34011932525685457, -0.7711938088032699]",
        "    «[-0.30786214701141706, 1.0565347614963296, -0.34011932525685457]»",
        Code::E0305,
    ),
    planted("iris", "weight W1[8, 4]", "weight W1[4, 8]", Code::E0301).shows("«[\n    [-0.30786214701141706"),
    planted("iris", "hidden  -> species : W2", "hidden  -> species : «W1»", Code::E0301),
    planted("iris", "neuron species[3]", "neuron species", Code::E0312).shows("activation = «softmax»"),
    planted("article", "activation = relu", "activation = «softmax»", Code::E0312),
    planted("article", "activation = relu", "activation = «step(1, 2, 3)»", Code::E0212),
    planted("article", "activation = relu", "activation = relu(«slope» = 1)", Code::E0211),
    planted("article", "activation = relu", "activation = «scaled_tanh»", Code::E0212),
    planted("article", "activation = relu", "activation = step(threshold = 1, «2»)", Code::E0212),
    planted("functions", "sqrt(9)", "«sqrt(9, 2)»", Code::E0212),
    planted("functions", "sqrt(9)", "«sqrt()»", Code::E0212),
    planted("functions", "z[3] = sqrt([1, 4, 9])", "z[3] = «min([1, 4, 9])»", Code::E0212),
    planted("combine", "combine = max_abs, bias", "combine = «max(1)», bias", Code::E0213),
    planted("combine", "x -> largest : 1", "# x -> largest : 1", Code::E0313).shows("neuron «largest»"),
    planted("article", "input x1 = 0.8", "input x1 = 0.8 {«unit» = 1}", Code::E0204),
    planted("article", "x1 -> c : w1", "x1 -> c : w1 { «weight» = 1 }", Code::E0204),
    planted("article", "x1 -> c : w1", "x1 -> c : w1 { «delay» = 1 }", Code::E0501),
];

/// Invisible and look-alike characters, documentation, and what is probably not meant.
const TEXTS: &[Mistake] = &[
    planted("article", "input x1", "input x1«\u{200f}»", Code::E0003),
    planted("article", "network article", "network article # «\u{202e}»", Code::E0003),
    planted("article", "input x1", "input«\u{b}» x1", Code::E0002),
    planted("article", "input x1", "input«\u{a0}»x1", Code::E0114),
    planted("article", "input x1", "input x1«\u{200b}»", Code::E0114),
    planted("article", "x1 -> c", "x1«\u{200b}» -> c", Code::E0114),
    planted("article", "x1 -> c", "«\u{a0}»x1 -> c", Code::E0114),
    planted("article", "x1 -> c", "«х1» -> c", Code::E0201),
    planted("article", "-> c : w1", "-> c : «1e-999»", Code::W0101),
    planted("article", "weight w1", "weight w1 = 1 «## strong»\nweight w3", Code::W0102),
    planted("article", "weight w1", "«## strong»\n\nweight w1", Code::W0103),
    planted("excitation", "[1.0, 0.8]", "[\n  «## strong»\n  1.0, 0.8]", Code::W0103),
    planted("article", "x1 -> c : w1", "x2 -> c : w1", Code::W0205).shows("«x2 -> c : w2»"),
    planted("layers", "input a, b", "input a, b = «0»", Code::W0208),
];

/// What other languages call things, and marks of theirs.
const OTHERS: &[Mistake] = &[
    planted("article", "input x1", "import «\"gates.neuron\"» as gates\n\ninput x1", Code::E0701),
    planted("article", "neuron c", "«cell» c", Code::E0104),
    planted("article", "neuron c", "«layer» c", Code::E0104),
    planted("article", "neuron c", "«perceptron» c", Code::E0104),
    planted("article", "neuron c", "«unit» c", Code::E0104),
    planted("article", "neuron c", "«out» c", Code::E0104),
    planted("article", "neuron c", "«return» c", Code::E0104),
    planted("article", "neuron c", "«show» c", Code::E0104),
    planted("article", "neuron c", "«in» c", Code::E0104),
    planted("article", "neuron c", "«data» c", Code::E0104),
    planted("article", "neuron c", "«check» c", Code::E0104),
    planted("article", "neuron c", "«test» c", Code::E0104),
    planted("article", "neuron c", "«param» c", Code::E0104),
    planted("article", "neuron c", "«parameter» c", Code::E0104),
    planted("article", "neuron c", "«synaptic_weight» c", Code::E0104),
    planted("article", "neuron c", "«constant» c", Code::E0104),
    planted("article", "neuron c", "«define» c", Code::E0104),
    planted("article", "neuron c", "«final» c", Code::E0104),
    planted("article", "neuron c", "«static» c", Code::E0104),
    planted("article", "neuron c", "«include» c", Code::E0104),
    planted("article", "neuron c", "«use» c", Code::E0104),
    planted("article", "neuron c", "«from» c", Code::E0104),
    planted("article", "neuron c", "«model» c", Code::E0104),
    planted("article", "neuron c", "«module» c", Code::E0104),
    planted("article", "neuron c", "«net» c", Code::E0104),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «≤» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «≥» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «≠» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «÷» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «·» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «⋅» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «&&» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «||» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «!» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «&» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «|» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «–» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 2 «—» 3", Code::E0114),
    planted("article", "weight w1 = 1.0", "weight w1 = 1 < 2 «<» 3", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = 1 < 2 «==» 3", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = 1 «?» 2", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = 1 «if» 2", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = «if(1 , 2)»", Code::E0212),
    planted("article", "weight w1 = 1.0", "weight w1 = «0b101»", Code::E0108),
    planted("article", "weight w1 = 1.0", "weight w1 = «0o17»", Code::E0108),
    planted("article", "weight w1 = 1.0", "weight w1 = «0x1G»", Code::E0108),
    planted("article", "weight w1 = 1.0", "weight w1 = «2w2»", Code::E0108),
    planted("article", "weight w1 = 1.0", "weight w1 = «2d»", Code::E0108),
    planted("article", "weight w1 = 1.0", "weight w1 = w2 «2»", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = (1«,» 2)", Code::E0101),
    planted("article", "weight w1 = 1.0", "weight w1 = «{»1, 2}", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8 {range = 0 «..» 1}", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1«(»3) = 0.8", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1«.»a = 0.8", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 «x3»", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c : w1 «neuron» d", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c : w1 «0.5»", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 «*» w1 -> c : 1", Code::E0101),
    planted("article", "x1 -> c : w1", "x1 -> c «*» w1", Code::E0101),
    planted("article", "x1 -> c : w1", "«2» * x1 -> c : 1", Code::E0101),
    planted("article", "x1 -> c : w1", "[«0»..2] -> c : w1", Code::E0101),
    planted("article", "output c", "output c«.»y", Code::E0101),
    planted("article", "output c", "output c«[»0]", Code::E0101),
    planted("article", "output c", "output c «x1»", Code::E0101),
    planted("article", "output c", "output «\"c\"»", Code::E0101),
    planted("article", "output c", "output c «output» x1", Code::E0101),
    planted("article", "network article", "network and«-»gate", Code::E0101),
    planted("article", "neuron c {", "neuron «1c» {", Code::E0101),
    planted("article", "expect x1 = 0.8", "expect x1 = 1, «0», x2 = 1", Code::E0101),
    planted("article", "expect x1 = 0.8", "expect x1 «[»1, 0]", Code::E0101),
    planted("article", "expect x1 = 0.8", "expect x1 «0.8»", Code::E0101),
    planted("tolerances", "within 0.5", "within 0.5«,» y = 1", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8\n«activation» = relu", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8\nactivation «2»(z) = z", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8\nactivation bent(z) «{» 2 }", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8\nactivation bent(z) = 2 «z»", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8\nactivation bent(z) = z«,» b(z) = z", Code::E0101),
    planted("article", "input x1 = 0.8", "input x1 = 0.8\nactivation bent(z) = z «input» x9", Code::E0101),
];

#[test]
fn every_planted_mistake_is_told_once_where_it_is() {
    let (mut failures, mut told_of_all) = (String::new(), String::new());
    let all = [WORDS, MARKS, BRACKETS, NAMES, VALUES, TEXTS, OTHERS];
    for mistake in all.into_iter().flatten() {
        let (text, start, end) = mistake.plant();
        let (sources, reports) = check(&text);
        let wanted = if mistake.code.as_str().starts_with('E') { Severity::Error } else { Severity::Warning };
        let told: Vec<_> = reports.iter().filter(|report| report.severity == wanted).collect();
        let errors = reports.iter().filter(is_error).count();
        let marks = |report: &&&neuronc::Diagnostic| {
            let place = report.label.as_ref().expect("a place").span.range();
            report.code == mistake.code && place.start == start && end.is_none_or(|end| place.end == end)
        };
        let is_right = errors == usize::from(wanted == Severity::Error) && told.iter().filter(marks).count() == 1;
        let file = reports.first().and_then(|report| Some(report.label.as_ref()?.span.file));
        let messages: String =
            reports.iter().map(|report| shown(report, sources.get(file.expect("a place")))).collect();
        let _ = writeln!(told_of_all, "--- {}: {} -> {}\n{messages}", mistake.file, mistake.right, mistake.wrong);
        if !is_right {
            failures.push_str(&format!(
                "--- {}: {} -> {} ({})\n{messages}",
                mistake.file, mistake.right, mistake.wrong, mistake.code
            ));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert_recorded("planted.txt", &told_of_all);
}
