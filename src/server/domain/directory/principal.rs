//! Principals: whoever a role can be assigned to.

use acr_store::Batch;
use serde::{Deserialize, Serialize};

use super::Password;
use crate::{
    app::App,
    domain::{Error, role, scan},
};

const COLLECTION: &str = "principal";
/// Finds users by the name they sign in with.
const NAMES: &str = "principal/user-name";

/// A principal as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Principal {
    /// The object id.
    pub id: String,
    /// What it is.
    pub kind: PrincipalKind,
    /// What people call it.
    pub display_name: String,
    /// The client id of a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// The name a user signs in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// A user's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
}

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrincipalKind {
    /// An application's.
    ServicePrincipal,
    /// A managed identity's.
    ManagedIdentity,
    /// A person's.
    User,
}

impl Principal {
    /// The principal of a managed identity.
    pub fn managed_identity(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind: PrincipalKind::ManagedIdentity,
            display_name: name.to_owned(),
            app_id: None,
            user_principal_name: None,
            password: None,
        }
    }
}

/// Reads a principal by its object id.
pub async fn find_principal(app: &App, id: &str) -> Result<Option<Principal>, Error> {
    let document = app.meta().get(COLLECTION, &id.to_ascii_lowercase()).await?;
    Ok(document.map(|document| document.parse()).transpose()?)
}

/// Finds a user by the name they sign in with.
pub async fn user_by_name(app: &App, name: &str) -> Result<Option<Principal>, Error> {
    match app.meta().get(NAMES, &name.to_ascii_lowercase()).await? {
        Some(document) => find_principal(app, &document.parse::<String>()?).await,
        None => Ok(None),
    }
}

/// Reads all principals of a kind.
pub async fn list_principals(app: &App, kinds: &[PrincipalKind]) -> Result<Vec<Principal>, Error> {
    let mut found: Vec<Principal> = scan::all(app, COLLECTION, "").await?;
    found.retain(|principal| kinds.contains(&principal.kind));
    Ok(found)
}

/// Adds a new or changed principal to a batch; a user's name must be free.
pub fn keep(batch: Batch, principal: &Principal) -> Batch {
    let batch = batch.put(COLLECTION, &principal.id.to_ascii_lowercase(), principal);
    match &principal.user_principal_name {
        Some(name) => batch.insert(NAMES, &name.to_ascii_lowercase(), &principal.id),
        None => batch,
    }
}

/// Adds the end of a principal to a batch: with its name, if it is a user, and all its roles.
pub async fn forget(app: &App, id: &str, batch: Batch) -> Result<Batch, Error> {
    let mut batch = batch.remove(COLLECTION, &id.to_ascii_lowercase());
    let known = find_principal(app, id).await?;
    if let Some(name) = known.and_then(|known| known.user_principal_name) {
        batch = batch.remove(NAMES, &name.to_ascii_lowercase());
    }
    role::removal_of(app, id, batch).await
}
