//! Tensors in files: random ones come out as the doubles that they are, and files made to hurt give one exact error.

use std::collections::BTreeMap;

use neuronc::network::Parameter;
use neuronc::{Limits, Shape, Sources, Surroundings, parse, resolve_with_files};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::{Config, RngSeed};

/// What `weight w = load(ARGUMENTS)` makes of a file: the parameter, or the error's code, message and help.
fn load(arguments: &str, file: &str, bytes: &[u8]) -> Result<Parameter, String> {
    load_within(arguments, file, bytes, &Limits::default())
}

fn load_within(arguments: &str, file: &str, bytes: &[u8], limits: &Limits) -> Result<Parameter, String> {
    let files = BTreeMap::from([(file.to_owned(), bytes.to_vec())]);
    let mut sources = Sources::new();
    let text = format!("bias w = load({arguments})\nneuron h[1]\noutput h\n");
    let id = sources.add("t.neuron", text.replace("bias w", "weight w").into(), limits).expect("it is text");
    let (program, mistakes) = parse(sources.get(id), limits);
    assert_eq!(mistakes.iter().count(), 0, "{text}");
    let surroundings = Surroundings { sources: &mut sources, files: &files, limits };
    let (network, reports) = resolve_with_files(&program, surroundings);
    let errors: Vec<String> = reports
        .iter()
        .filter(|report| report.code.as_str().starts_with('E'))
        .map(|report| format!("{} {} ({})", report.code, report.message, report.help.as_deref().unwrap_or("")))
        .collect();
    match (network, errors.as_slice()) {
        (Some(network), []) => {
            let found = network.parameters().find(|parameter| parameter.name.as_deref() == Some("w"));
            Ok(found.expect("it is declared").clone())
        }
        (None, [only]) => Err(only.clone()),
        (_, errors) => panic!("not one error: {errors:?}"),
    }
}

fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// A file of version 1 whose header is not padded.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// Numbers of one type: what it is called in each format, and the bytes and double of each.
#[derive(Debug, Clone)]
struct Numbers {
    dtype: &'static str,
    /// None where NumPy has no such type.
    descr: Option<&'static str>,
    raw: Vec<(Vec<u8>, f64)>,
}

/// A number of one type from any 64 bits.
type Made = fn(u64) -> (Vec<u8>, f64);

const TYPES: [(&str, Option<&str>, Made); 12] = [
    ("F64", Some("f8"), |bits| {
        let value = Some(f64::from_bits(bits)).filter(|value| value.is_finite()).unwrap_or(-0.0);
        (value.to_le_bytes().to_vec(), value)
    }),
    ("F32", Some("f4"), |bits| {
        let value = Some(f32::from_bits(bits as u32)).filter(|value| value.is_finite()).unwrap_or(-0.0);
        (value.to_le_bytes().to_vec(), f64::from(value))
    }),
    ("BF16", None, |bits| {
        let half = if bits & 0x7F80 == 0x7F80 { 0 } else { bits as u16 };
        (half.to_le_bytes().to_vec(), f64::from(f32::from_bits(u32::from(half) << 16)))
    }),
    ("F16", Some("f2"), |bits| {
        let half = if bits & 0x7C00 == 0x7C00 { 0x8000 } else { bits as u16 };
        // By its definition, not as the library does it.
        let (exponent, fraction) = (i32::from(half >> 10 & 31), f64::from(half & 1023));
        let magnitude = match exponent {
            0 => fraction / 1024.0 * 2f64.powi(-14),
            exponent => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
        };
        (half.to_le_bytes().to_vec(), if half >> 15 == 1 { -magnitude } else { magnitude })
    }),
    ("I8", Some("i1"), |bits| ((bits as i8).to_le_bytes().to_vec(), f64::from(bits as i8))),
    ("U8", Some("u1"), |bits| ((bits as u8).to_le_bytes().to_vec(), f64::from(bits as u8))),
    ("I16", Some("i2"), |bits| ((bits as i16).to_le_bytes().to_vec(), f64::from(bits as i16))),
    ("U16", Some("u2"), |bits| ((bits as u16).to_le_bytes().to_vec(), f64::from(bits as u16))),
    ("I32", Some("i4"), |bits| ((bits as i32).to_le_bytes().to_vec(), f64::from(bits as i32))),
    ("U32", Some("u4"), |bits| ((bits as u32).to_le_bytes().to_vec(), f64::from(bits as u32))),
    ("I64", Some("i8"), |bits| {
        let value = bits as i64 >> 11;
        (value.to_le_bytes().to_vec(), value as f64)
    }),
    ("U64", Some("u8"), |bits| {
        let value = bits & !0x7FF;
        (value.to_le_bytes().to_vec(), value as f64)
    }),
];

fn shapes() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        Just(Vec::new()),
        (1usize..40).prop_map(|n| vec![n]),
        (1usize..70, 1usize..40).prop_map(|(m, n)| vec![m, n])
    ]
}

fn numbers() -> impl Strategy<Value = (Vec<usize>, Numbers)> {
    (shapes(), 0..TYPES.len()).prop_flat_map(|(shape, place)| {
        let count: usize = shape.iter().product();
        let (dtype, descr, made) = TYPES[place];
        proptest::collection::vec(any::<u64>(), count).prop_map(move |bits| {
            let raw = bits.into_iter().map(made).collect();
            (shape.clone(), Numbers { dtype, descr, raw })
        })
    })
}

/// The rows and columns of a shape swapped, as indices into the values.
fn swapped(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [m, n] => (0..n).flat_map(|j| (0..m).map(move |i| i * n + j)).collect(),
        _ => (0..shape.iter().product()).collect(),
    }
}

#[track_caller]
fn same(loaded: Result<Parameter, String>, shape: &[usize], values: impl Iterator<Item = f64>) {
    let parameter = loaded.expect("it loads");
    let wanted = match *shape {
        [] => Shape::Scalar,
        [n] => Shape::Vector(n),
        [m, n] => Shape::Matrix(m, n),
        _ => panic!("no shape of the language"),
    };
    assert_eq!(parameter.shape, wanted);
    assert!(parameter.values.iter().map(|value| value.to_bits()).eq(values.map(f64::to_bits)));
}

proptest! {
    #![proptest_config(Config { cases: 300, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..Config::default() })]

    #[test]
    fn random_tensors_are_the_doubles_that_they_are((shape, numbers) in numbers()) {
        let values = || numbers.raw.iter().map(|(_, value)| *value);
        let data = numbers.raw.iter().flat_map(|(bytes, _)| bytes.clone()).collect::<Vec<u8>>();
        let turned: Vec<usize> = shape.iter().rev().copied().collect();
        let turned_values = || swapped(&shape).into_iter().map(|place| numbers.raw[place].1);
        let matrix = shape.len() == 2;

        // Between two others, so that its place counts.
        let end = 3 + data.len();
        let header = format!(
            "{{\"__metadata__\":{{\"by\":\"test\"}},\"z\":{{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[{end},{}]}},\
             \"w\\u00e9\":{{\"shape\":{shape:?},\"data_offsets\":[3,{end}],\"dtype\":\"{}\"}},\
             \"a\":{{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}}}   ",
            end + 2, numbers.dtype
        );
        let file = safetensors(&header, &[&[1, 2, 3][..], &data, &[0, 1]].concat());
        same(load("\"w.safetensors\", \"wé\"", "w.safetensors", &file), &shape, values());
        if matrix {
            same(load("\"w.safetensors\", \"wé\", true", "w.safetensors", &file), &turned, turned_values());
        }

        if let Some(descr) = numbers.descr {
            let written = match shape.as_slice() {
                [] => "()".to_owned(),
                [n] => format!("({n},)"),
                shape => format!("({}, {})", shape[0], shape[1]),
            };
            let fortran: Vec<u8> =
                swapped(&shape).into_iter().flat_map(|place| numbers.raw[place].0.clone()).collect();
            for (order, fortran_order) in [("<", false), (">", false), ("<", true), (">", true)] {
                let width = numbers.raw[0].0.len();
                let mut data = if fortran_order { fortran.clone() } else { data.clone() };
                if order == ">" {
                    data.chunks_mut(width).for_each(<[u8]>::reverse);
                }
                let order = if width == 1 { "|" } else { order };
                let truth = if fortran_order { "True" } else { "False" };
                let header = format!("{{'descr': '{order}{descr}', 'fortran_order': {truth}, 'shape': {written}, }}  \n");
                let mut file = npy(&header, &data);
                same(load("\"w.npy\"", "w.npy", &file), &shape, values());
                if matrix {
                    same(load("\"w.npy\", transpose = true", "w.npy", &file), &turned, turned_values());
                }
                for version in [2, 3] {
                    file[6] = version;
                    if version == 2 {
                        file.splice(10..10, [0, 0]);
                    }
                    same(load("\"w.npy\"", "w.npy", &file), &shape, values());
                }
            }
        }

        if let [m, n] = *shape.as_slice() && m > 1 {
            for (blank, line_end) in [("", "\n"), (" ", "\r\n"), ("\t", "\r")] {
                let row = |row: &[(Vec<u8>, f64)]| {
                    row.iter().map(|(_, value)| format!("{blank}{value:e}{blank}")).collect::<Vec<_>>().join(",")
                };
                let text = numbers.raw.chunks(n).map(row).collect::<Vec<_>>().join(line_end);
                same(load("\"w.csv\"", "w.csv", text.as_bytes()), &shape, values());
                same(load("\"w.csv\", transpose = true", "w.csv", (text + line_end).as_bytes()), &turned, turned_values());
            }
        }
    }

    #[test]
    fn any_bytes_load_or_are_one_error(bytes in proptest::collection::vec(any::<u8>(), 0..60), cut in 0usize..200, at in 0usize..200, byte in any::<u8>()) {
        let good = [
            ("w.safetensors", safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", &[0; 8])),
            ("w.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n", &[0; 8])),
            ("w.csv", b"0.5, -1e3\r\n2, 0.25\n".to_vec()),
        ];
        for (name, mut good) in good {
            let arguments = if name == "w.safetensors" { "\"w.safetensors\", \"w\"" } else { &format!("\"{name}\"") };
            let _ = load(arguments, name, &bytes);
            let _ = load(arguments, name, &good[..cut.min(good.len())]);
            let place = at % good.len();
            good[place] = byte;
            let _ = load(arguments, name, &good);
        }
    }
}

#[track_caller]
fn error(arguments: &str, file: &str, bytes: &[u8], said: &str) {
    let error = load(arguments, file, bytes).expect_err("it is broken");
    assert!(error.starts_with(said), "said: {error}\nwant: {said}");
}

#[test]
fn broken_safetensors_say_where() {
    let whole = |header: &str, data: &[u8], said: &str| {
        error("\"w.safetensors\", \"w\"", "w.safetensors", &safetensors(header, data), said);
    };
    let w = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    let raw = |bytes: &[u8], said: &str| error("\"w.safetensors\", \"w\"", "w.safetensors", bytes, said);
    raw(b"", "E0708 `w.safetensors`, byte 0: the file ends in its header");
    raw(b"\x01\0\0", "E0708 `w.safetensors`, byte 3: the file ends in its header");
    raw(
        &[0xFF; 16],
        "E0708 `w.safetensors`, byte 0: the header should have 18446744073709551615 bytes, but the file has only 8 behind this",
    );
    whole("{", &[], "E0708 `w.safetensors`, byte 9: `\"` belongs here");
    whole("[]", &[], "E0708 `w.safetensors`, byte 8: `{` belongs here");
    whole("{}x", &[], "E0708 `w.safetensors`, byte 10: something follows the header's `}`");
    whole(&format!("{{{w},{w}}}"), &[0; 8], "E0708 `w.safetensors`, byte 66: the header lists `w` twice");
    let same = w.replace('w', "\\u0077");
    whole(&format!("{{{w},{same}}}"), &[0; 8], "E0708 `w.safetensors`, byte 71: the header lists `w` twice");
    whole(
        &format!("{{{w}}}"),
        &[0; 7],
        "E0708 `w.safetensors`, tensor `w`: its bytes end at 8, but there are only 7 behind the header",
    );
    whole(
        &format!("{{{w}}}"),
        &[0; 9],
        "E0708 `w.safetensors`, byte 70: the file goes on after its last tensor, by 1 byte",
    );
    let v =
        |begin: u64, end: u64| format!("\"v\":{{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[{begin},{end}]}}");
    whole(
        &format!("{{{w},{}}}", v(4, 12)),
        &[0; 12],
        "E0708 `w.safetensors`, tensor `v`: its bytes start at 4, inside those of another tensor",
    );
    whole(
        &format!("{{{w},{}}}", v(9, 17)),
        &[0; 17],
        "E0708 `w.safetensors`, tensor `v`: its bytes start at 9; those from 8 on are of no tensor",
    );
    whole(
        &format!("{{{}}}", v(8, 0)),
        &[0; 8],
        "E0708 `w.safetensors`, tensor `v`: its shape [2] of `F32` needs 8 bytes, but it has those from 8 to 0",
    );
    let wraps = w.replace("[2]", "[4294967296,4294967296,16]").replace("[0,8]", "[0,0]");
    whole(
        &format!("{{{wraps}}}"),
        &[],
        "E0708 `w.safetensors`, tensor `w`: its shape [4294967296, 4294967296, 16] of `F32` needs more bytes than can be counted",
    );
    whole(
        &format!("{{{}}}", w.replace("[2]", "[-2]")),
        &[0; 8],
        "E0708 `w.safetensors`, byte 37: a whole number of at most 2^64 belongs here",
    );
    whole(&format!("{{{}}}", w.replace("[2]", "[2.0]")), &[0; 8], "E0708 `w.safetensors`, byte 37: a whole number");
    whole(
        &format!("{{{}}}", w.replace("F32", "F32\",\"x\":\"")),
        &[0; 8],
        "E0708 `w.safetensors`, byte 32: `w` has an unknown key `x`",
    );
    whole(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}",
        &[],
        "E0708 `w.safetensors`, tensor `w`: it has no `dtype`, no `shape` or no `data_offsets`",
    );
    whole(
        "{\"w\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,1]}}",
        &[0],
        "E0711 `w` of `w.safetensors` holds elements of the type `F4`",
    );
    whole(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1],\"data_offsets\":[0,4]}}",
        &[0; 4],
        "E0711 `w` of `w.safetensors` has 3 dimensions: its shape is [1, 1, 1]",
    );
    whole(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}",
        &[],
        "E0711 `w` of `w.safetensors` is empty: its shape is [0, 3]",
    );
    let deep = "{\"w\":".repeat(100_000);
    whole(&deep, &[], "E0708 `w.safetensors`, byte 18: `w` has an unknown key `w`");
}

#[test]
fn names_of_tensors_are_suggested_and_listed() {
    let entry = |number: usize| {
        format!("\"fc{number}.weight\":{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[{number},{}]}}", number + 1)
    };
    let header = format!("{{{}}}", (0..20).map(entry).collect::<Vec<_>>().join(","));
    let file = safetensors(&header, &[0; 20]);
    let told = load("\"w.safetensors\", \"fc3.wieght\"", "w.safetensors", &file).expect_err("there is none");
    assert!(told.starts_with("E0710 `w.safetensors` has no tensor called `fc3.wieght` (did you mean `fc3.weight`? it has `fc0.weight` [1], "), "{told}");
    assert!(told.ends_with("`fc11.weight` [1], and 8 more)"), "{told}");
    error(
        "\"w.safetensors\"",
        "w.safetensors",
        &file,
        "E0710 `w.safetensors` holds tensors with names, and none is named here",
    );
}

#[test]
fn broken_npy_say_where() {
    let whole = |header: &str, data: &[u8], said: &str| error("\"w.npy\"", "w.npy", &npy(header, data), said);
    let header =
        |descr: &str, shape: &str| format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
    let raw = |bytes: &[u8], said: &str| error("\"w.npy\"", "w.npy", bytes, said);
    raw(b"", "E0708 `w.npy`, byte 0: no file in NumPy's format starts so");
    raw(b"\x93NUMPY", "E0708 `w.npy`, byte 6: the file ends in its header");
    raw(b"\x93NUMPY\x01\x00\xFF\xFF{", "E0708 `w.npy`, byte 11: the file ends in its header");
    raw(b"\x93NUMPY\x09\x00\x01\x00{", "E0708 `w.npy`, byte 6: the format's version 9 is none of 1, 2 and 3");
    raw(
        b"\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF{",
        "E0909 the header of `w.npy` has 4294967295 bytes; the limit is 16777216",
    );
    whole(
        &header("'<f4'", "(2,)"),
        &[0; 7],
        "E0708 `w.npy`, byte 68: its shape [2] needs 8 bytes behind the header, but there are 7",
    );
    whole(
        &header("'<f4'", "(2,)"),
        &[0; 9],
        "E0708 `w.npy`, byte 68: its shape [2] needs 8 bytes behind the header, but there are 9",
    );
    whole(
        &header("'<f4'", "(4294967296, 4294967296)"),
        &[],
        "E0708 `w.npy`, byte 88: its shape [4294967296, 4294967296] needs more bytes than can be counted",
    );
    whole(
        &header("'<f4'", "(18446744073709551616,)"),
        &[],
        "E0708 `w.npy`, byte 61: a size of at most 2^64 belongs here",
    );
    whole(&header("'<f4'", "(2)"), &[0; 8], "E0708 `w.npy`, byte 63: a shape of one size is written `(n,)`");
    whole(&header("'|O'", "(1,)"), &[0; 8], "E0711 `w.npy` holds Python objects (`|O`)");
    whole(&header("'|b1'", "(1,)"), &[0], "E0711 `w.npy` holds truth values (`|b1`)");
    whole(&header("'<c8'", "(1,)"), &[0; 8], "E0711 `w.npy` holds complex numbers (`<c8`)");
    whole(&header("[('a', '<f4'), ('b', '<f4')]", "(1,)"), &[0; 8], "E0711 `w.npy` holds records of several fields");
    whole(
        &header("__import__('os').system('x')", "(1,)"),
        &[0; 8],
        "E0708 `w.npy`, byte 20: a text in quotes belongs here",
    );
    whole(
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
        &[0; 4],
        "E0708 `w.npy`, byte 27: the header gives `descr` twice",
    );
    whole("{'descr': '<f4', 'fortran_order': False}", &[0; 4], "E0708 `w.npy`, byte 50: the header has no `shape`");
    whole(
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
        &[0; 4],
        "E0708 `w.npy`, byte 44: `True` or `False` belongs here",
    );
    whole(&header("'<f4'", "(1, 1, 1)"), &[0; 4], "E0711 `w.npy` has 3 dimensions: its shape is [1, 1, 1]");
    whole(&header("'<f4'", "(0,)"), &[], "E0711 `w.npy` is empty: its shape is [0]");
    error(
        "\"w.npy\", transpose = true",
        "w.npy",
        &npy(&header("'<f4'", "(2,)"), &[0; 8]),
        "E0301 `w.npy` is a list of 2, which has no transpose",
    );
}

#[test]
fn what_no_finite_double_is_is_told_with_its_index() {
    let bytes = [1.0f64, 2.0, 3.0, f64::NAN, 5.0, 6.0].map(f64::to_le_bytes).concat();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}";
    error("\"w.npy\"", "w.npy", &npy(header, &bytes), "E0709 element [1, 0] of `w.npy` is NaN");
    error("\"w.npy\", transpose = true", "w.npy", &npy(header, &bytes), "E0709 element [1, 0] of `w.npy` is NaN");
    error(
        "\"w.npy\"",
        "w.npy",
        &npy(&header.replace("False", "True"), &bytes),
        "E0709 element [1, 1] of `w.npy` is NaN",
    );
    let whole = 9_007_199_254_740_993i64.to_le_bytes();
    error(
        "\"w.npy\"",
        "w.npy",
        &npy("{'descr':'<i8','fortran_order':False,'shape':()}", &whole),
        "E0709 the value of `w.npy` is 9007199254740993, which no double holds exactly",
    );
    error("\"w.csv\"", "w.csv", b"1,2\n3,-inf\n", "E0709 element [1, 1] of `w.csv` is -inf");
    error("\"w.csv\"", "w.csv", b"1,1e999\n", "E0709 element [0, 1] of `w.csv` is inf");
}

#[test]
fn broken_csv_says_line_and_column() {
    for (text, said) in [
        ("a,b\n1,2\n", "line 1, column 1: this line is a header, not a row of numbers (remove the first line"),
        ("1,2\n3\n", "line 2, column 1: this row has 1 cell, the first has 2 (every row"),
        ("1, ,2\n", "line 1, column 4: this cell is empty (every cell"),
        ("1,2,\n", "line 1, column 5: this cell is empty"),
        ("1,2\n\n3,4\n", "line 2, column 1: this line is empty"),
        ("", "line 1, column 1: this line is empty"),
        ("0,5;1,5\n", "line 1, column 3: `5;1` is no number (cells have commas between them"),
        ("1,2\n3, \"4\"\n", "line 2, column 4: `\"4\"` is no number (numbers stand without quotes"),
        ("1,.5\n", "line 1, column 3: `.5` is no number (cells are numbers such as"),
        ("1,0x10\n", "line 1, column 3: `0x10` is no number"),
        ("1,1_000\n", "line 1, column 3: `1_000` is no number"),
    ] {
        error("\"w.csv\"", "w.csv", text.as_bytes(), &format!("E0708 `w.csv`, {said}"));
    }
    error("\"w.csv\"", "w.csv", b"1,\xFF\n", "E0708 `w.csv`, byte 2: this is not UTF-8 text");
    same(load("\"w.csv\"", "w.csv", "\u{FEFF}1,-2.5\n".as_bytes()), &[2], [1.0, -2.5].into_iter());
}

#[test]
fn limits_hold_before_values_are_made() {
    let limits = Limits { parameters: 3, header: 40, ..Limits::default() };
    let file = npy("{'descr':'<f4','fortran_order':0}", &[]);
    let told =
        |file: &[u8], name: &str| load_within(&format!("\"{name}\""), name, file, &limits).expect_err("too much");
    assert!(told(&file, "w.npy").starts_with("E0708"));
    let long = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", &[0; 4]);
    assert!(told(&long, "w.npy").starts_with("E0909 the header of `w.npy` has 55 bytes; the limit is 40"));
    assert!(told(b"1,2,3,4", "w.csv").starts_with("E0905 "));
}
