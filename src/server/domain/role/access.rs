//! What a caller may do: their assignments, read once per request.

use super::{
    Definition, by_guid,
    condition::{Condition, Question},
    held_by,
};
use crate::{
    app::App,
    domain::{Error, ErrorKind, caller::Caller},
};

/// The roles of a caller with the scopes they hold at.
pub struct Access {
    grants: Vec<Grant>,
}

struct Grant {
    /// In lower case, without a slash at its end; empty for everything.
    scope: String,
    role: &'static Definition,
    condition: Option<Condition>,
}

impl Access {
    /// Reads what a caller was assigned.
    pub async fn of(app: &App, caller: &Caller) -> Result<Self, Error> {
        let held = held_by(app, &caller.object_id).await?;
        let grants = held
            .into_iter()
            .filter_map(|assignment| {
                let role = assignment.properties.role_definition_id?;
                let guid = role.rsplit('/').next()?.to_owned();
                // A condition that cannot be read lets nobody in.
                let condition = assignment.properties.condition.map(|text| text.parse());
                Some(Grant {
                    scope: key(&assignment.properties.scope?),
                    role: by_guid(&guid)?,
                    condition: condition.transpose().ok()?,
                })
            })
            .collect();
        Ok(Self { grants })
    }

    /// Whether an action is allowed at a scope.
    pub fn allows(&self, action: &str, scope: &str) -> bool {
        let question = Question {
            action,
            repository: None,
        };
        self.grants_at(scope)
            .any(|grant| grant.role.allows(action) && grant.meets(question))
    }

    /// Whether a data action is allowed at a scope, on a repository if it is about one.
    pub fn allows_data(&self, action: &str, scope: &str, repository: Option<&str>) -> bool {
        let question = Question { action, repository };
        self.grants_at(scope)
            .any(|grant| grant.role.allows_data(action) && grant.meets(question))
    }

    /// Whether a data action is allowed at a scope on some repository, as far as roles tell.
    pub fn may_allow_data(&self, action: &str, scope: &str) -> bool {
        self.grants_at(scope)
            .any(|grant| grant.role.allows_data(action))
    }

    fn grants_at(&self, scope: &str) -> impl Iterator<Item = &Grant> {
        let scope = key(scope);
        let is_above = move |grant: &&Grant| contains(&grant.scope, &scope);
        self.grants.iter().filter(is_above)
    }

    /// Whether there is any role at, above or below a scope.
    pub fn touches(&self, scope: &str) -> bool {
        let scope = key(scope);
        self.grants
            .iter()
            .any(|grant| contains(&scope, &grant.scope) || contains(&grant.scope, &scope))
    }

    /// Refuses what is not allowed.
    pub fn require(&self, caller: &Caller, action: &str, scope: &str) -> Result<(), Error> {
        if self.allows(action, scope) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            "AuthorizationFailed",
            format!(
                "The client '{}' with object id '{}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
                caller.name, caller.object_id
            ),
        ))
    }
}

impl Grant {
    fn meets(&self, question: Question<'_>) -> bool {
        let mut condition = self.condition.iter();
        condition.all(|condition| condition.holds(question))
    }
}

fn key(scope: &str) -> String {
    scope.trim_end_matches('/').to_ascii_lowercase()
}

/// Whether the outer scope is the inner one or holds it.
fn contains(outer: &str, inner: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{Access, Grant, by_guid, contains};
    use crate::domain::role::READER;

    #[test]
    fn scopes_hold_whole_segments() {
        for (outer, inner, expected) in [
            ("", "/subscriptions/s", true),
            ("/subscriptions/s", "/subscriptions/s", true),
            (
                "/subscriptions/s",
                "/subscriptions/s/resourcegroups/g",
                true,
            ),
            ("/subscriptions/s", "/subscriptions/s2", false),
            (
                "/subscriptions/s/resourcegroups/g",
                "/subscriptions/s",
                false,
            ),
        ] {
            assert_eq!(contains(outer, inner), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn roles_reach_down_and_not_up() {
        let access = Access {
            grants: vec![Grant {
                scope: "/subscriptions/s/resourcegroups/g".to_owned(),
                role: by_guid(READER).unwrap(),
                condition: None,
            }],
        };
        assert!(access.allows(
            "x/read",
            "/subscriptions/S/resourceGroups/G/providers/p/t/n"
        ));
        assert!(!access.allows("x/write", "/subscriptions/S/resourceGroups/G"));
        assert!(!access.allows("x/read", "/subscriptions/s"));
        assert!(access.touches("/subscriptions/s"));
        assert!(!access.touches("/subscriptions/t"));
    }
}
