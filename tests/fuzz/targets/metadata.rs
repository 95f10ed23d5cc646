//! `metadata`: see `properties/metadata.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::metadata::check(input));
