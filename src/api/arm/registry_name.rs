//! The name of a registry: 5 to 50 letters and digits.

use std::fmt;
use std::str::FromStr;

/// A well-formed registry name, in the case it was given. Two names that differ only in case are
/// the same registry: compare [`RegistryName::label`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryName(String);

impl RegistryName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a host label: lower case.
    pub fn label(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for RegistryName {
    type Err = InvalidRegistryName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let is_valid =
            (5..=50).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_valid {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidRegistryName)
        }
    }
}

impl fmt::Display for RegistryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no registry name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a registry name has 5 to 50 letters and digits and nothing else")]
pub struct InvalidRegistryName;

#[cfg(test)]
mod tests {
    use super::RegistryName;

    #[test]
    fn accepts_five_to_fifty_letters_and_digits() {
        for good in ["abcde", "ABC12", &"x".repeat(50)] {
            assert!(good.parse::<RegistryName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "abcd",
            &"x".repeat(51),
            "my-reg",
            "größe",
            "a b c",
            "reg.io",
        ] {
            assert!(bad.parse::<RegistryName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn its_host_label_is_lower_case() {
        let name: RegistryName = "MyReg".parse().unwrap();
        assert_eq!((name.as_str(), name.label().as_str()), ("MyReg", "myreg"));
    }
}
