//! User-assigned managed identities: a principal with a resource of its own.
use acr_api::arm::ResourceId;
use acr_store::Batch;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Error, directory,
    resource::{Draft, Kind, Resolved, collection, decode, location, tags},
};
use crate::app::App;

/// The type on the wire.
pub const TYPE: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// `Microsoft.ManagedIdentity/userAssignedIdentities`.
pub struct UserAssignedIdentities;

/// The ids of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ids {
    /// The principal, which role assignments name.
    pub principal_id: String,
    /// The client id, which token requests name.
    pub client_id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    location: Option<String>,
    tags: Option<Map<String, Value>>,
}

/// The ids of an identity, if there is one of this resource id.
pub(super) async fn find(app: &App, id: &ResourceId) -> Result<Option<Ids>, Error> {
    if !id.kind().eq_ignore_ascii_case(TYPE) {
        return Ok(None);
    }
    let document = app.meta().get(&collection(TYPE), &id.key()).await?;
    document
        .map(|document| serde_json::from_value(document.body["properties"].clone()))
        .transpose()
        .map_err(Error::internal)
}

impl Kind for UserAssignedIdentities {
    const TYPE: &'static str = TYPE;

    async fn resolve(draft: Draft<'_>) -> Result<Resolved, Error> {
        check_name(draft.id.name())?;
        let asked: Asked = decode(draft.input)?;
        let known = draft.current.map(|body| &body["properties"]);
        let kept = draft.current.and_then(|body| body["location"].as_str());
        let region = match asked.location.as_deref().or(kept) {
            Some(given) => location(given)?,
            None => {
                return Err(Error::invalid(
                    "LocationRequired",
                    "The location property is required for this definition.",
                ));
            }
        };
        let mut batch = Batch::new();
        let properties = match known {
            Some(known) => known.clone(),
            None => {
                let (principal, client) = (Uuid::new_v4().to_string(), Uuid::new_v4().to_string());
                let record = directory::Principal {
                    app_id: Some(client.clone()),
                    ..directory::Principal::managed_identity(&principal, draft.id.name())
                };
                batch = directory::keep_principal(batch, &record);
                json!({
                    "tenantId": draft.app.tenancy().tenant_id,
                    "principalId": principal,
                    "clientId": client,
                })
            }
        };
        let body = json!({
            "location": region,
            "tags": tags(asked.tags)?,
            "id": draft.id.to_string(),
            "name": draft.id.name(),
            "type": TYPE,
            "systemData": draft.system_data,
            "properties": properties,
        });
        Ok(Resolved { body, batch })
    }

    fn removal(_id: &ResourceId, body: &Value) -> Batch {
        match body["properties"]["principalId"].as_str() {
            Some(principal) => directory::forget_principal(Batch::new(), principal),
            None => Batch::new(),
        }
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let is_valid = (3..=128).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && name.as_bytes()[0].is_ascii_alphanumeric();
    if is_valid {
        return Ok(());
    }
    Err(Error::invalid(
        "InvalidResourceName",
        "The name of an identity has 3 to 128 letters, digits, '-' and '_', the first a letter or digit.",
    ))
}
