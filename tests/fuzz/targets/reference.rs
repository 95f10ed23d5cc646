//! `reference`: see `properties/reference.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::reference::check(input));
