//! The `acr` binary.
fn main() {}
