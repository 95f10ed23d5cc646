//! User-assigned managed identities: a principal with a resource of its own.

use acr_api::arm::{ResourceId, SystemData};
use acr_store::Batch;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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

/// An identity as it is stored and as clients see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserAssignedIdentity {
    location: String,
    tags: Map<String, Value>,
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    system_data: SystemData,
    properties: Ids,
}

/// The ids of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ids {
    tenant_id: String,
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
    let identity = document
        .map(|document| document.parse::<UserAssignedIdentity>())
        .transpose()?;
    Ok(identity.map(|identity| identity.properties))
}

impl Kind for UserAssignedIdentities {
    const TYPE: &'static str = TYPE;
    type Body = UserAssignedIdentity;

    async fn resolve(
        draft: Draft<'_, UserAssignedIdentity>,
    ) -> Result<Resolved<UserAssignedIdentity>, Error> {
        check_name(draft.id.name())?;
        let asked: Asked = decode(draft.input)?;
        let kept = draft.current.map(|known| known.location.as_str());
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
        let properties = match draft.current {
            Some(known) => known.properties.clone(),
            None => {
                let ids = Ids {
                    tenant_id: draft.app.tenancy().tenant_id.clone(),
                    principal_id: Uuid::new_v4().to_string(),
                    client_id: Uuid::new_v4().to_string(),
                };
                let record = directory::Principal {
                    app_id: Some(ids.client_id.clone()),
                    ..directory::Principal::managed_identity(&ids.principal_id, draft.id.name())
                };
                batch = directory::keep_principal(batch, &record);
                ids
            }
        };
        let body = UserAssignedIdentity {
            location: region,
            tags: tags(asked.tags)?,
            id: draft.id.to_string(),
            name: draft.id.name().to_owned(),
            kind: TYPE.to_owned(),
            system_data: draft.system_data,
            properties,
        };
        Ok(Resolved { body, batch })
    }

    fn location(identity: &UserAssignedIdentity) -> &str {
        &identity.location
    }

    async fn removal(
        app: &App,
        _id: &ResourceId,
        identity: &UserAssignedIdentity,
    ) -> Result<Batch, Error> {
        directory::forget_principal(app, &identity.properties.principal_id, Batch::new()).await
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
