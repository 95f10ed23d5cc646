//! What scope maps and tokens of a registry have in common: their names, and how many there may be.

use acr_api::arm::ResourceId;

use super::{Registries, TYPE, tier};
use crate::{
    app::App,
    domain::{
        Error,
        resource::{self, collection},
    },
};

const LENGTHS: std::ops::RangeInclusive<usize> = 5..=50;

/// A kind of resource inside a registry that its tier bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Child {
    ScopeMap,
    Token,
}

impl Child {
    /// The last word of its type, and its row in the list of usages.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::ScopeMap => ("scopeMaps", "ScopeMaps"),
            Self::Token => ("tokens", "Tokens"),
        }
    }
}

/// Refuses one more than the tier includes, and one without a registry.
pub(crate) async fn check_room(
    app: &App,
    registry: &ResourceId,
    child: Child,
) -> Result<(), Error> {
    let body = resource::get::<Registries>(app, registry).await?.body;
    if !app.settings().has_tier_limits {
        return Ok(());
    }
    let (word, row) = child.words();
    let prefix = format!("{}/", registry.key());
    let held = app
        .meta()
        .count(&collection(&format!("{TYPE}/{word}")), &prefix)
        .await?;
    let held = usize::try_from(held).unwrap_or(usize::MAX);
    let tier = tier::of(&body.sku);
    tier::quota(tier, row, held.saturating_add(1), tier.limits().tokens)
}

/// Refuses a name that no scope map and no token can have.
pub(crate) fn check_child_name(name: &str) -> Result<(), Error> {
    let is_valid = LENGTHS.contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_valid {
        return Ok(());
    }
    Err(Error::invalid(
        "InvalidResourceName",
        "The name must have 5 to 50 letters, digits and '-'.",
    ))
}

#[cfg(test)]
mod tests {
    use super::check_child_name;

    #[test]
    fn names_have_five_to_fifty_letters_digits_and_hyphens() {
        for good in ["abcde", "My-Token-1", &"x".repeat(50)] {
            assert!(check_child_name(good).is_ok(), "{good}");
        }
        for bad in ["abcd", "_mine_", "a b c d", "tök-en", &"x".repeat(51)] {
            assert!(check_child_name(bad).is_err(), "{bad}");
        }
    }
}
