//! Applications: what a program proves itself with.

use acr_store::{Batch, Document};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ClientSecret;
use crate::{
    app::App,
    domain::{Error, ErrorKind, scan},
};

const COLLECTION: &str = "application";
/// Finds applications by object id.
const OBJECTS: &str = "application/object";
const MOST_ATTEMPTS: u32 = 10;

/// An application as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The object id.
    pub id: String,
    /// The client id.
    pub app_id: String,
    /// What people call it.
    pub display_name: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// The object id of its service principal, once it has one.
    pub principal_id: Option<String>,
    /// Secrets.
    pub secrets: Vec<ClientSecret>,
    /// Certificates.
    pub keys: Vec<KeyCredential>,
    /// Subjects of outside token services.
    pub federated: Vec<FederatedCredential>,
    /// Names of its own.
    #[serde(default)]
    pub identifier_uris: Vec<String>,
}

/// A certificate that an application signs with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyCredential {
    /// Names it among the certificates of its application.
    pub key_id: String,
    /// What its owner calls it.
    pub display_name: Option<String>,
    /// From when it holds.
    pub start: DateTime<Utc>,
    /// Until when it holds.
    pub end: DateTime<Utc>,
    /// The certificate: DER in base64.
    pub certificate: String,
}

/// A subject of an outside token service that may act as the application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FederatedCredential {
    /// Names it among the credentials of its application.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The `iss` of the token.
    pub issuer: String,
    /// The `sub` of the token.
    pub subject: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// The `aud` of the token.
    pub audiences: Vec<String>,
}

/// Reads an application by client id, with its revision.
pub async fn by_app_id(app: &App, app_id: &str) -> Result<Option<(Application, i64)>, Error> {
    let document = app
        .meta()
        .get(COLLECTION, &app_id.to_ascii_lowercase())
        .await?;
    document.as_ref().map(read).transpose()
}

/// Reads an application by object id, with its revision.
pub async fn by_object_id(app: &App, id: &str) -> Result<Option<(Application, i64)>, Error> {
    match app.meta().get(OBJECTS, &id.to_ascii_lowercase()).await? {
        Some(document) => by_app_id(app, &document.parse::<String>()?).await,
        None => Ok(None),
    }
}

/// Reads all applications.
pub async fn list_applications(app: &App) -> Result<Vec<Application>, Error> {
    scan::all(app, COLLECTION, "").await
}

/// Stores a new application.
pub async fn create_application(app: &App, application: &Application) -> Result<(), Error> {
    Ok(app
        .meta()
        .commit(keep_new(Batch::new(), application))
        .await?)
}

/// Stores a changed application, if nobody else changed it meanwhile, together with a batch.
pub async fn save_application(
    app: &App,
    application: &Application,
    revision: i64,
    batch: Batch,
) -> Result<(), Error> {
    let key = application.app_id.to_ascii_lowercase();
    let batch = batch.replace(COLLECTION, &key, revision, application);
    Ok(app.meta().commit(batch).await?)
}

/// Changes an application, again on what another change left behind if one came between.
pub async fn change_application<T>(
    app: &App,
    id: &str,
    mut change: impl FnMut(&mut Application) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let Some((mut application, revision)) = by_object_id(app, id).await? else {
            return Ok(None);
        };
        let outcome = change(&mut application)?;
        match save_application(app, &application, revision, Batch::new()).await {
            Ok(()) => return Ok(Some(outcome)),
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::conflict(
        "Directory_ConcurrencyViolation",
        "Too many other requests change the same application at the same time. Try again.",
    ))
}

/// Takes an application away, with its service principal.
pub async fn delete_application(app: &App, application: &Application) -> Result<(), Error> {
    let mut batch = Batch::new()
        .remove(COLLECTION, &application.app_id.to_ascii_lowercase())
        .remove(OBJECTS, &application.id.to_ascii_lowercase());
    if let Some(principal) = &application.principal_id {
        batch = super::forget_principal(app, principal, batch).await?;
    }
    Ok(app.meta().commit(batch).await?)
}

/// Adds a new application to a batch.
pub(crate) fn keep_new(batch: Batch, application: &Application) -> Batch {
    batch
        .insert(
            COLLECTION,
            &application.app_id.to_ascii_lowercase(),
            application,
        )
        .insert(
            OBJECTS,
            &application.id.to_ascii_lowercase(),
            &application.app_id,
        )
}

fn read(document: &Document) -> Result<(Application, i64), Error> {
    Ok((document.parse()?, document.revision))
}
