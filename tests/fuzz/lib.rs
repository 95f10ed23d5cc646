//! What holds of every parser that reads what strangers write; each target gives one of them to libFuzzer.

pub mod properties;
