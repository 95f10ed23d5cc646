//! What a context may be called: its name stands on command lines and in tables, and names a file.

use crate::cli::error::CliError;

/// The name of the context that stands for Azure itself; it is always there.
pub(crate) const AZURE: &str = "azure";
/// The name under which `acr serve` registers itself.
pub(crate) const LOCAL: &str = "local";
const LONGEST_BYTES: usize = 64;

/// Refuses what cannot name a server.
pub(crate) fn check_name(name: &str) -> Result<(), CliError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    let is_name = begins_well && name.len() <= LONGEST_BYTES && name.bytes().all(is_plain);
    if is_name && !name.eq_ignore_ascii_case(AZURE) {
        return Ok(());
    }
    Err(CliError::usage(format!("{name:?} cannot name a server")).hint(format!(
        "A name has at most {LONGEST_BYTES} letters, digits, '.', '_' and '-', begins with a letter or a digit, and is not '{AZURE}'."
    )))
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn a_name_is_fit_for_a_table_and_a_file() {
        for name in ["local", "x", "My-server_1.example", &"x".repeat(64)] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "a b",
            "a\nb",
            "../x",
            "a/b",
            "a\\b",
            ".x",
            "-x",
            "é",
            "azure",
            "Azure",
            "AZURE",
            &"x".repeat(65),
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
