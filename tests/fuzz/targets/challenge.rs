//! `challenge`: see `properties/challenge.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::challenge::check(input));
