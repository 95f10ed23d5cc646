//! Finds the resource that a scope asks for.

/// Scopes that are about the user and name no resource.
const OWN: [&str; 4] = ["openid", "profile", "email", "offline_access"];
const DEFAULT: &str = "/.default";

/// The resource of the first scope that names one. Whatever stands before `/.default` is it, to
/// the letter: az asks for `https://host//.default` where the resource ends in a slash.
pub(super) fn audience(scope: &str) -> Option<String> {
    let word = scope
        .split_ascii_whitespace()
        .find(|word| !OWN.contains(word))?;
    let resource = match word.strip_suffix(DEFAULT) {
        Some(resource) => resource,
        None => word.rsplit_once('/')?.0,
    };
    (!resource.is_empty() && resource.len() <= 2048).then(|| resource.to_owned())
}

/// Whether every scope that names a resource asks for all that was granted beforehand, as
/// programs without a user must.
pub(super) fn is_default(scope: &str) -> bool {
    let mut words = scope
        .split_ascii_whitespace()
        .filter(|word| !OWN.contains(word));
    words.all(|word| word.ends_with(DEFAULT))
}

#[cfg(test)]
mod tests {
    use super::{audience, is_default};

    #[test]
    fn finds_the_resource() {
        for (scope, expected) in [
            ("https://h/.default", Some("https://h")),
            ("https://h//.default", Some("https://h/")),
            (
                "openid profile offline_access https://h//.default",
                Some("https://h/"),
            ),
            ("https://h/user_impersonation", Some("https://h")),
            ("api://guid/.default", Some("api://guid")),
            ("openid", None),
            ("", None),
            ("/.default", None),
        ] {
            assert_eq!(audience(scope).as_deref(), expected, "{scope}");
        }
        assert!(is_default("https://h/.default") && !is_default("https://h/read"));
    }
}
