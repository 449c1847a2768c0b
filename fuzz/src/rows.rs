//! Files of rows.

use neuronc::table::{Choice, Columns, Format, Policy, Reading, Rows, Rules};
use neuronc::{Inputs, Limits, Sources, parse, resolve};

const NETWORK: &[u8] = b"input a, b = 1\ninput c[2] = 0\nneuron y\n[a, b] -> y : 1\nc -> y : 1\noutput y\n";

/// A file of rows, whose first byte tells its format: no panic, and every row is read or has a fault.
pub fn tables(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let format = match first % 3 {
        0 => Format::Csv,
        1 => Format::Tsv,
        _ => Format::JsonLines,
    };
    let mut sources = Sources::new();
    let file = sources.add("rows.neuron", NETWORK.to_vec(), &Limits::default()).expect("a text");
    let (program, _) = parse(sources.get(file), &Limits::default());
    let network = resolve(&program, sources.get(file), &Limits::default()).0.expect("a network");
    let Ok(header) = format.header(bytes) else { return };
    let keep = header.names.first().cloned().filter(|_| first & 4 != 0);
    let keep: Vec<String> = keep.into_iter().collect();
    let inputs = Inputs::new(&network);
    let choice = Choice { format, file: "rows", keep: &keep, ..Choice::default() };
    let Ok(columns) = Columns::matched(&network, &inputs, &header.names, &choice) else { return };
    for policy in [Policy::Skip, Policy::Null, Policy::Stop] {
        let rules = Rules { policy, allow_nonfinite: first & 8 != 0, ..Rules::default() };
        let reading = Reading::<f64>::new(format, columns.clone(), &inputs, &rules);
        let whole = &bytes[header.end..];
        let mut rows = Rows::new();
        let mut faults = 0;
        let outcome = reading.read(whole, &mut rows, &mut |_| faults += 1);
        assert_eq!(rows.values().len(), rows.count() * 4, "whole rows");
        // Cut where a block may end, the same rows come of it.
        let cut = format.cut(whole);
        assert!(cut <= whole.len());
        let (mut near, mut far) = (Rows::new(), Rows::new());
        let mut parts = 0;
        let parted = reading
            .read(&whole[..cut], &mut near, &mut |_| parts += 1)
            .and_then(|()| reading.read(&whole[cut..], &mut far, &mut |_| parts += 1));
        if outcome.is_ok() && parted.is_ok() {
            assert_eq!(near.count() + far.count(), rows.count(), "rows of two blocks");
            assert_eq!(parts, faults, "faults of two blocks");
        }
    }
}
