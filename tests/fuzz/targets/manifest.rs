//! `manifest`: see `properties/manifest.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::manifest::check(input));
