//! Reads long lists of numbers without the grammar, many times as fast and in little memory.
//!
//! Only the plain form is read here: numbers with at most one sign directly before them, commas, brackets, blanks and
//! line ends. Everything else, and every mistake, is the grammar's. What is read stands in the rest of the statement
//! as a mark that the grammar takes for a list.

use std::fmt::Write;

use crate::ast::Numbers;
use crate::numeric::decimal;

/// Shorter lists are left to the grammar.
const SHORTEST: usize = 64;

/// The byte around the number of a list that was read; it stands in no source.
const MARK: char = '\u{1}';

/// The long lists of numbers that marks stand for, and where they stood.
#[derive(Debug, Default)]
pub(super) struct Shortened {
    /// The lists, by the numbers in their marks.
    lists: Vec<Option<Numbers>>,
    /// Behind which offset of the shortened statement how many bytes are left out in all.
    left_out: Vec<(usize, usize)>,
}

impl Shortened {
    /// The offset in the whole statement of an offset in the shortened one.
    pub(super) fn original(&self, offset: usize) -> usize {
        let before = self.left_out.partition_point(|(end, _)| *end <= offset);
        offset + before.checked_sub(1).map_or(0, |last| self.left_out[last].1)
    }

    /// Takes the list of a mark.
    pub(super) fn take(&mut self, mark: &str) -> Option<Numbers> {
        let number: usize = mark.trim_matches(MARK).parse().ok()?;
        self.lists.get_mut(number)?.take()
    }
}

/// The statement with marks for its long lists of numbers, and these; none if it has none.
pub(super) fn shorten(text: &str) -> Option<(String, Shortened)> {
    if text.len() < SHORTEST {
        return None;
    }
    let bytes = text.as_bytes();
    let mut shortened = Shortened::default();
    let mut short = String::new();
    let (mut kept, mut at) = (0, 0);
    // The last byte that is no blank: a list follows a mark, a selector or size follows a name.
    let mut last = b' ';
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at),
            b'"' => at += 1 + bytes[at + 1..].iter().position(|byte| *byte == b'"').map_or(bytes.len(), |end| end + 1),
            b'[' if matches!(last, b'=' | b':' | b',' | b'[' | b'(') => match read(text, at) {
                Some((numbers, end)) if end - at >= SHORTEST => {
                    short.push_str(&text[kept..at]);
                    let _ = write!(short, "{MARK}{}{MARK}", shortened.lists.len());
                    shortened.left_out.push((short.len(), end - short.len()));
                    shortened.lists.push(Some(numbers));
                    (at, kept, last) = (end, end, b']');
                }
                _ => {
                    last = b'[';
                    at += 1;
                }
            },
            byte => {
                if !byte.is_ascii_whitespace() {
                    last = byte;
                }
                at += 1;
            }
        }
    }
    short.push_str(&text[kept..]);
    (!shortened.lists.is_empty()).then_some((short, shortened))
}

/// The list of numbers that opens at `start`, and where it ends.
pub(super) fn read(text: &str, start: usize) -> Option<(Numbers, usize)> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: start + 1 };
    let mut numbers = Numbers::default();
    reader.blanks();
    if reader.bytes.get(reader.at) != Some(&b'[') {
        reader.row(&mut numbers)?;
        return Some((numbers, reader.at));
    }
    let mut columns = None;
    let mut rows = 0;
    while reader.taken(b'[') {
        let before = numbers.values.len();
        reader.row(&mut numbers)?;
        let count = numbers.values.len() - before;
        if *columns.get_or_insert(count) != count {
            return None;
        }
        rows += 1;
        reader.blanks();
        if !reader.taken(b',') {
            break;
        }
        reader.blanks();
    }
    if !reader.taken(b']') {
        return None;
    }
    numbers.rows = Some(rows);
    Some((numbers, reader.at))
}

/// The end of the plain number at `start`.
pub(super) fn number_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = start + usize::from(matches!(bytes.get(start)?, b'-' | b'+'));
    decimal::digits(bytes, digits).filter(|digits| digits.is_moderate()).map(|digits| digits.end)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n')) {
            self.at += 1;
        }
    }

    fn taken(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// Numbers up to and with the closing bracket; at least one.
    fn row(&mut self, numbers: &mut Numbers) -> Option<()> {
        loop {
            self.blanks();
            self.number(numbers)?;
            self.blanks();
            let comma = self.taken(b',');
            self.blanks();
            if self.taken(b']') {
                return Some(());
            }
            if !comma {
                return None;
            }
        }
    }

    /// A number with at most one sign directly before it, and not one that is too large or too small: those have
    /// messages of their own.
    fn number(&mut self, numbers: &mut Numbers) -> Option<()> {
        let signed = self.at;
        let first = *self.bytes.get(signed)?;
        let start = signed + usize::from(matches!(first, b'-' | b'+'));
        let digits = decimal::digits(self.bytes, start).filter(|digits| digits.is_moderate())?;
        self.at = digits.end;
        let value = digits.value(self.text.as_bytes(), start);
        numbers.push(if first == b'-' { -value } else { value }, &self.text[signed..digits.end]);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use pest::Parser;
    use proptest::collection::vec;
    use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, prop_oneof, proptest};
    use proptest::test_runner::RngSeed;

    use super::super::build::Builder;
    use super::super::grammar::{NeuronParser, Rule};
    use super::{read, shorten};
    use crate::ast::{Expression, ExpressionKind, Numbers};
    use crate::span::FileId;

    /// The list as the grammar reads it.
    fn by_grammar(text: &str) -> Option<Numbers> {
        let pair = NeuronParser::parse(Rule::given_value, text).ok()?.next()?;
        let built = Builder::new(FileId::default(), 0, 256).given_value(pair).ok()?;
        match built {
            Expression { kind: ExpressionKind::Numbers(numbers), .. } => Some(numbers),
            _ => None,
        }
    }

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => "[+-]?[0-9]{1,3}(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?",
            1 => "- 1|--1|1_0|1\\.|\\.5|1e999|1e-999|x|1 -1|0x1|0\\.0|-0",
        ]
    }

    fn row() -> impl Strategy<Value = String> {
        (vec(number(), 1..5), prop_oneof![4 => ", ", 1 => ",", 1 => " ,\n\t"], prop_oneof![4 => "", 1 => ",", 1 => " "])
            .prop_map(|(numbers, comma, end)| format!("[{}{end}]", numbers.join(&comma)))
    }

    fn list() -> impl Strategy<Value = String> {
        prop_oneof![
            row(),
            (vec(row(), 1..4), prop_oneof!["", ",", " ,\n"])
                .prop_map(|(rows, end)| format!("[{}{end}]", rows.join(",\n")))
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Default::default() })]

        /// What is read here is what the grammar reads; what is not, the grammar reads or refuses.
        #[test]
        fn the_fast_way_is_the_grammars(text in list()) {
            if let Some((numbers, end)) = read(&text, 0) {
                prop_assert_eq!(Some(numbers), by_grammar(&text[..end]), "{}", text);
            }
        }
    }

    #[test]
    fn plain_lists_are_read() {
        for text in ["[1]", "[1, -2.5e3, +0.5,]", "[[1, 2], [3, 4]]", "[\n [1],\n [2],\n]"] {
            let (numbers, _) = read(text, 0).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(Some(numbers), by_grammar(text), "{text}");
        }
        for text in ["[]", "[[]]", "[[1, 2], [3]]", "[1 2]", "[1, x]", "[1", "[[1]", "[1e999]", "[1] # [2]"] {
            assert!(read(text, 0).is_none_or(|(_, end)| end < text.len()), "{text}");
        }
    }

    #[test]
    fn places_behind_a_mark_are_those_of_the_whole() {
        let list = format!("[{}1]", "0.25, ".repeat(20));
        let text = format!("neuron y {{ bias = {list}, activation = rleu }}");
        let (short, shortened) = shorten(&text).expect("a long list");
        assert!(short.len() < 60);
        let place = short.find("rleu").expect("it is kept");
        assert_eq!(&text[shortened.original(place)..][..4], "rleu");
        assert_eq!(shortened.original(3), 3);
        assert!(
            shorten("x[1] -> y : 2 # [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]").is_none()
        );
    }
}
