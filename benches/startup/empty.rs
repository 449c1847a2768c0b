//! A program that does nothing, to measure what starting a process costs.

fn main() {}
