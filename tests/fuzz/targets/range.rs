//! `range`: see `properties/range.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::range::check(input));
