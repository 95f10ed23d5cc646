//! `scope`: see `properties/scope.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| acr_fuzz::properties::scope::check(input));
