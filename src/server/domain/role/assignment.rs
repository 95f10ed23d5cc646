//! Role assignments: written once by id and once by principal, in one transaction.

use acr_api::arm::{RoleAssignment, RoleAssignmentProperties};
use acr_store::{Batch, Document};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{OWNER, by_guid, condition::Condition};
use crate::{
    app::App,
    domain::{Error, caller::Caller, resource::decode, scan, stamp},
};

const BY_ID: &str = "role-assignment";
const BY_PRINCIPAL: &str = "role-assignment/principal";
const LONGEST_TEXT: usize = 8 * 1024;

/// An assignment that is stored.
pub struct Assigned {
    /// Its body.
    pub assignment: RoleAssignment,
    /// Whether it is new.
    pub is_new: bool,
}

/// Assigns a role, or changes the condition or description of an assignment.
pub async fn put(
    app: &App,
    caller: &Caller,
    scope: &str,
    name: &str,
    input: Value,
) -> Result<Assigned, Error> {
    let name = check_name(name)?;
    let asked: RoleAssignment = decode(input)?;
    let (role, principal) = check(&asked.properties)?;
    let key = key(scope, &name);
    let stored = app.meta().get(BY_ID, &key).await?;
    let before = stored
        .as_ref()
        .map(Document::parse::<RoleAssignment>)
        .transpose()?;
    check_change(app, scope, before.as_ref(), &principal, role).await?;
    let now = stamp::with_zulu(app.now());
    let first = before.as_ref().map(|before| &before.properties);
    let assignment = RoleAssignment {
        properties: RoleAssignmentProperties {
            role_definition_id: Some(definition_id(&app.tenancy().subscription_id, role)),
            principal_id: Some(principal.clone()),
            principal_type: Some(
                asked
                    .properties
                    .principal_type
                    .unwrap_or_else(|| "ServicePrincipal".to_owned()),
            ),
            scope: Some(scope_text(scope)),
            condition_version: asked
                .properties
                .condition
                .as_ref()
                .map(|_| "2.0".to_owned()),
            condition: asked.properties.condition,
            description: asked.properties.description,
            created_on: first.map_or(Some(now.clone()), |first| first.created_on.clone()),
            updated_on: Some(now),
            created_by: first.map_or(Some(caller.object_id.clone()), |first| {
                first.created_by.clone()
            }),
            updated_by: Some(caller.object_id.clone()),
            delegated_managed_identity_resource_id: None,
        },
        ..envelope(scope, &name)
    };
    let batch = match &stored {
        Some(document) => Batch::new().replace(BY_ID, &key, document.revision, &assignment),
        None => Batch::new().insert(BY_ID, &key, &assignment),
    };
    let batch = batch.put(BY_PRINCIPAL, &principal_key(&principal, &key), &assignment);
    app.meta().commit(batch).await?;
    Ok(Assigned {
        assignment,
        is_new: stored.is_none(),
    })
}

/// Reads an assignment.
pub async fn get(app: &App, scope: &str, name: &str) -> Result<RoleAssignment, Error> {
    match app.meta().get(BY_ID, &key(scope, name)).await? {
        Some(document) => Ok(document.parse()?),
        None => Err(Error::not_found(
            "RoleAssignmentNotFound",
            format!("The role assignment '{name}' is not found."),
        )),
    }
}

/// Takes an assignment away; gives what it was, if it was there.
pub async fn delete(app: &App, scope: &str, name: &str) -> Result<Option<RoleAssignment>, Error> {
    let key = key(scope, name);
    let Some(document) = app.meta().get(BY_ID, &key).await? else {
        return Ok(None);
    };
    let assignment: RoleAssignment = document.parse()?;
    let batch = forget(Batch::new(), &key, &assignment);
    app.meta().commit(batch).await?;
    Ok(Some(assignment))
}

/// The assignments of a principal, wherever they hold.
pub async fn held_by(app: &App, principal: &str) -> Result<Vec<RoleAssignment>, Error> {
    scan::all(app, BY_PRINCIPAL, &principal_key(principal, "/")).await
}

/// The assignments made exactly at a scope.
pub async fn list_at(app: &App, scope: &str) -> Result<Vec<RoleAssignment>, Error> {
    scan::all(app, BY_ID, &key(scope, "")).await
}

/// The assignments made at a scope or anywhere inside it.
pub async fn list_below(app: &App, scope: &str) -> Result<Vec<RoleAssignment>, Error> {
    scan::all(app, BY_ID, &format!("{}/", scope_key(scope))).await
}

/// Adds to a batch the end of every assignment at a scope and inside it.
pub async fn removal_below(app: &App, scope: &str, mut batch: Batch) -> Result<Batch, Error> {
    for assignment in list_below(app, scope).await? {
        if let Some(id) = &assignment.id {
            batch = forget(batch, &id.to_ascii_lowercase(), &assignment);
        }
    }
    Ok(batch)
}

/// Adds to a batch the end of every assignment of a principal.
pub async fn removal_of(app: &App, principal: &str, mut batch: Batch) -> Result<Batch, Error> {
    for assignment in held_by(app, principal).await? {
        if let Some(id) = &assignment.id {
            batch = batch.remove(BY_ID, &id.to_ascii_lowercase());
        }
    }
    // Also those that are being made right now.
    Ok(batch.remove_prefix(BY_PRINCIPAL, &principal_key(principal, "/")))
}

/// Adds to the first batch of a server its owner.
pub(crate) fn plant_owner(
    batch: Batch,
    subscription: &str,
    principal: &str,
    now: DateTime<Utc>,
) -> Batch {
    let scope = format!("/subscriptions/{subscription}");
    let name = uuid::Uuid::new_v4().to_string();
    let key = key(&scope, &name);
    let now = stamp::with_zulu(now);
    let assignment = RoleAssignment {
        properties: RoleAssignmentProperties {
            role_definition_id: Some(definition_id(subscription, OWNER)),
            principal_id: Some(principal.to_owned()),
            principal_type: Some("ServicePrincipal".to_owned()),
            scope: Some(scope.clone()),
            created_on: Some(now.clone()),
            updated_on: Some(now),
            ..RoleAssignmentProperties::default()
        },
        ..envelope(&scope, &name)
    };
    batch.insert(BY_ID, &key, &assignment).insert(
        BY_PRINCIPAL,
        &principal_key(principal, &key),
        &assignment,
    )
}

/// The id of a role as assignments name it.
pub(crate) fn definition_id(subscription: &str, guid: &str) -> String {
    format!(
        "/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    )
}

async fn check_change(
    app: &App,
    scope: &str,
    before: Option<&RoleAssignment>,
    principal: &str,
    role: &str,
) -> Result<(), Error> {
    if let Some(before) = before {
        let is_same =
            before.properties.principal_id.as_deref() == Some(principal) && holds(before, role);
        return if is_same {
            Ok(())
        } else {
            Err(Error::conflict(
                "RoleAssignmentUpdateNotPermitted",
                "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
            ))
        };
    }
    let scope = scope_key(scope);
    let is_held = held_by(app, principal).await?.iter().any(|held| {
        let held_scope = held.properties.scope.as_deref().map(scope_key);
        held_scope.as_deref() == Some(&scope) && holds(held, role)
    });
    if is_held {
        return Err(Error::conflict(
            "RoleAssignmentExists",
            "The role assignment already exists.",
        ));
    }
    Ok(())
}

fn holds(assignment: &RoleAssignment, role: &str) -> bool {
    assignment
        .properties
        .role_definition_id
        .as_deref()
        .is_some_and(|id| id.to_ascii_lowercase().ends_with(role))
}

/// The role's guid and the principal that a request names.
fn check(properties: &RoleAssignmentProperties) -> Result<(&'static str, String), Error> {
    let bad = |message: &str| Error::invalid("BadRequestFormat", message);
    let role = properties
        .role_definition_id
        .as_deref()
        .and_then(|id| id.rsplit('/').next())
        .ok_or_else(|| bad("The role definition id is missing."))?;
    let role = by_guid(role).ok_or_else(|| {
        Error::not_found(
            "RoleDefinitionDoesNotExist",
            format!(
                "The specified role definition with ID '{}' does not exist.",
                role.chars().take(64).collect::<String>()
            ),
        )
    })?;
    let principal: uuid::Uuid = properties
        .principal_id
        .as_deref()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| {
            Error::invalid(
                "InvalidPrincipalId",
                "A valid principal ID must be provided for role assignment.",
            )
        })?;
    let too_long = [&properties.condition, &properties.description]
        .into_iter()
        .flatten()
        .any(|text| text.len() > LONGEST_TEXT);
    if too_long {
        return Err(bad(
            "The condition and the description can have 8 KiB each.",
        ));
    }
    let version = properties.condition_version.as_deref();
    if properties.condition.is_some() && version.is_some_and(|version| version != "2.0") {
        return Err(bad("The condition version must be '2.0'."));
    }
    if let Some(condition) = &properties.condition {
        condition.parse::<Condition>().map_err(|why| {
            Error::invalid(
                "InvalidConditionFormat",
                format!("The condition of the role assignment is invalid: {why}."),
            )
        })?;
    }
    Ok((role.guid, principal.to_string()))
}

fn check_name(name: &str) -> Result<String, Error> {
    name.parse::<uuid::Uuid>()
        .map(|name| name.to_string())
        .map_err(|_| {
            Error::invalid(
                "InvalidRoleAssignmentId",
                "The role assignment ID must be a GUID.",
            )
        })
}

fn envelope(scope: &str, name: &str) -> RoleAssignment {
    RoleAssignment {
        properties: RoleAssignmentProperties::default(),
        id: Some(format!(
            "{}/providers/Microsoft.Authorization/roleAssignments/{name}",
            scope.trim_end_matches('/')
        )),
        kind: Some("Microsoft.Authorization/roleAssignments".to_owned()),
        name: Some(name.to_owned()),
    }
}

fn forget(batch: Batch, key: &str, assignment: &RoleAssignment) -> Batch {
    let batch = batch.remove(BY_ID, key);
    match &assignment.properties.principal_id {
        Some(principal) => batch.remove(BY_PRINCIPAL, &principal_key(principal, key)),
        None => batch,
    }
}

fn key(scope: &str, name: &str) -> String {
    format!(
        "{}/providers/microsoft.authorization/roleassignments/{}",
        scope_key(scope),
        name.to_ascii_lowercase()
    )
}

fn principal_key(principal: &str, key: &str) -> String {
    format!("{}{key}", principal.to_ascii_lowercase())
}

fn scope_key(scope: &str) -> String {
    scope.trim_end_matches('/').to_ascii_lowercase()
}

fn scope_text(scope: &str) -> String {
    match scope.trim_end_matches('/') {
        "" => "/".to_owned(),
        scope => scope.to_owned(),
    }
}
