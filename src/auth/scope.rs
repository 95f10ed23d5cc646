//! What a token is for: a scope, and the resource it belongs to.

use std::fmt;

const DEFAULT: &str = "/.default";
const SUFFIXES: [&str; 2] = [DEFAULT, "/user_impersonation"];

/// An OAuth scope such as `https://management.azure.com//.default`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope(String);

impl Scope {
    /// Reads a scope, or the resource whose default scope is meant. A resource keeps its trailing
    /// slash, which is part of its name: `https://x/` becomes `https://x//.default`.
    pub fn parse(scope_or_resource: &str) -> Self {
        if SUFFIXES
            .iter()
            .any(|suffix| scope_or_resource.ends_with(suffix))
        {
            return Self(scope_or_resource.to_owned());
        }
        Self(format!("{scope_or_resource}{DEFAULT}"))
    }

    /// The scope as it is sent to a token service.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The resource as it is sent to a managed identity endpoint.
    pub fn resource(&self) -> &str {
        let suffix = SUFFIXES
            .iter()
            .find_map(|suffix| self.0.strip_suffix(suffix));
        suffix.unwrap_or(&self.0)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_and_scopes_turn_into_each_other_as_in_az() {
        let arm = Scope::parse("https://management.core.windows.net/");
        assert_eq!(
            arm.as_str(),
            "https://management.core.windows.net//.default"
        );
        assert_eq!(arm.resource(), "https://management.core.windows.net/");
        assert_eq!(Scope::parse(arm.as_str()), arm);
        let user = Scope::parse("https://a/user_impersonation");
        assert_eq!(
            (user.as_str(), user.resource()),
            ("https://a/user_impersonation", "https://a")
        );
    }
}
