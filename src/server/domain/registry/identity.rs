//! The managed identities of a registry: the service keeps their principals.

use acr_api::arm::{Identity, Registry, ResourceId};
use acr_store::Batch;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::choice::refuse;
use crate::domain::{Error, directory, resource::Draft, user_assigned_identity};

const MOST_IDENTITIES: usize = 100;

/// The identities after a write, and the principals that come or go with it.
pub(super) struct Held {
    pub(super) identity: Option<Identity>,
    pub(super) batch: Batch,
}

/// Works out the identities after a write.
pub(super) async fn resolve(draft: &Draft<'_, Registry>, asked: &Registry) -> Result<Held, Error> {
    let wanted = asked.identity.clone().unwrap_or_default();
    let (wants_system, wants_user) = parse_kind(wanted.kind.as_deref().unwrap_or("None"))?;
    let known = draft
        .current
        .and_then(|before| before.identity.as_ref())
        .and_then(|identity| identity.principal_id.clone());
    let mut batch = Batch::new();
    let principal = match (wants_system, known) {
        (true, Some(known)) => Some(known),
        (true, None) => {
            let principal = Uuid::new_v4().to_string();
            let record = directory::Principal::managed_identity(&principal, draft.id.name());
            batch = directory::keep_principal(batch, &record);
            Some(principal)
        }
        (false, Some(known)) => {
            batch = directory::forget_principal(draft.app, &known, batch).await?;
            None
        }
        (false, None) => None,
    };
    let users = match wants_user {
        true => {
            Some(user_assigned(draft, wanted.user_assigned_identities.unwrap_or_default()).await?)
        }
        false => None,
    };
    let kind = match (wants_system, wants_user) {
        (false, false) => {
            return Ok(Held {
                identity: None,
                batch,
            });
        }
        (true, false) => "SystemAssigned",
        (false, true) => "UserAssigned",
        (true, true) => "SystemAssigned, UserAssigned",
    };
    let identity = Identity {
        tenant_id: principal
            .as_ref()
            .map(|_| draft.app.tenancy().tenant_id.clone()),
        principal_id: principal,
        kind: Some(kind.to_owned()),
        user_assigned_identities: users,
    };
    Ok(Held {
        identity: Some(identity),
        batch,
    })
}

/// Whether a kind has a system-assigned identity, and user-assigned ones.
fn parse_kind(kind: &str) -> Result<(bool, bool), Error> {
    let (mut system, mut user) = (false, false);
    for word in kind.split(',') {
        match word.trim().to_ascii_lowercase().as_str() {
            "systemassigned" => system = true,
            "userassigned" => user = true,
            "none" => {}
            _ => {
                return Err(refuse(
                    "identity.type",
                    "The identity type must be SystemAssigned, UserAssigned, both with a comma between, or None.",
                ));
            }
        }
    }
    Ok((system, user))
}

/// Looks the identities up; each is named once, spelt as the service does, without those set to null.
async fn user_assigned(
    draft: &Draft<'_, Registry>,
    asked: Map<String, Value>,
) -> Result<Map<String, Value>, Error> {
    let removed: Vec<String> = asked
        .iter()
        .filter(|(_, value)| value.is_null())
        .map(|(id, _)| id.to_ascii_lowercase())
        .collect();
    let mut found: Map<String, Value> = Map::new();
    for (id, _) in asked.iter().filter(|(_, value)| !value.is_null()) {
        let lower = id.to_ascii_lowercase();
        let is_seen = found.keys().any(|seen| seen.eq_ignore_ascii_case(id));
        if removed.contains(&lower) || is_seen {
            continue;
        }
        let parsed: ResourceId = id.parse().map_err(|_| absent(id))?;
        let held = user_assigned_identity::find(draft.app, &parsed)
            .await?
            .ok_or_else(|| absent(id))?;
        found.insert(
            spell(&parsed),
            json!({"principalId": held.principal_id, "clientId": held.client_id}),
        );
    }
    if found.is_empty() || found.len() > MOST_IDENTITIES {
        return Err(refuse(
            "identity.userAssignedIdentities",
            format!(
                "The identity type UserAssigned needs 1 to {MOST_IDENTITIES} user-assigned identities."
            ),
        ));
    }
    Ok(found)
}

/// Registries give these ids with a small `g` in `resourcegroups`, unlike every other id.
fn spell(id: &ResourceId) -> String {
    id.to_string()
        .replacen("/resourceGroups/", "/resourcegroups/", 1)
}

fn absent(id: &str) -> Error {
    Error::invalid(
        "FailedIdentityOperation",
        format!(
            "The identity '{}' could not be found.",
            id.chars().take(300).collect::<String>()
        ),
    )
    .with_target("identity.userAssignedIdentities")
}

#[cfg(test)]
mod tests {
    use super::parse_kind;

    #[test]
    fn reads_kinds_in_any_spelling() {
        for (kind, expected) in [
            ("None", (false, false)),
            ("systemAssigned", (true, false)),
            ("SystemAssigned, UserAssigned", (true, true)),
            ("SystemAssigned,UserAssigned", (true, true)),
        ] {
            assert_eq!(parse_kind(kind).unwrap(), expected, "{kind}");
        }
        assert!(parse_kind("Mine").is_err());
    }
}
