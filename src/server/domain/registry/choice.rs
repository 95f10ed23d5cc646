//! Reads members that are one word out of a few.

use crate::domain::Error;

/// `Enabled` and `Disabled`, as most switches spell it.
pub(super) const SWITCH: &[&str] = &["Enabled", "Disabled"];
/// `enabled` and `disabled`, as policies spell it.
pub(super) const STATUS: &[&str] = &["enabled", "disabled"];

/// The word as the service spells it, whatever case it came in, or the default if none came.
pub(super) fn choose(
    path: &str,
    given: Option<&str>,
    allowed: &[&str],
    default: &str,
) -> Result<Option<String>, Error> {
    let Some(given) = given else {
        return Ok(Some(default.to_owned()));
    };
    let word = allowed.iter().find(|word| word.eq_ignore_ascii_case(given));
    match word {
        Some(word) => Ok(Some((*word).to_owned())),
        None => Err(refuse(
            path,
            format!(
                "The value '{}' of '{path}' is not one of: {}.",
                given.chars().take(64).collect::<String>(),
                allowed.join(", ")
            ),
        )),
    }
}

/// Refuses a member's value.
pub(super) fn refuse(path: &str, message: impl Into<String>) -> Error {
    Error::invalid("InvalidParameter", message).with_target(path)
}

#[cfg(test)]
mod tests {
    use super::{SWITCH, choose};

    #[test]
    fn spells_words_as_the_service_does() {
        let chosen = |given| choose("p", given, SWITCH, "Disabled");
        assert_eq!(chosen(None).unwrap().as_deref(), Some("Disabled"));
        assert_eq!(chosen(Some("ENABLED")).unwrap().as_deref(), Some("Enabled"));
        assert_eq!(chosen(Some("on")).unwrap_err().target(), Some("p"));
    }
}
