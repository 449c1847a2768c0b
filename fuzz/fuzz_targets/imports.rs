#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| neuronc_fuzz::imports(bytes));
