//! `archive`: see `properties/archive.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::archive::check(input));
