//! Diagnostic settings: kept and given back, whatever they say.

use acr_store::Batch;
use serde_json::{Value, json};

use super::{Error, scan};
use crate::app::App;

const COLLECTION: &str = "resource/microsoft.insights/diagnosticsettings";

/// Makes or replaces a setting of a resource.
pub async fn put(app: &App, scope: &str, name: &str, input: &Value) -> Result<Value, Error> {
    let Some(properties) = input.get("properties").filter(|value| value.is_object()) else {
        return Err(Error::invalid(
            "InvalidRequestContent",
            "The diagnostic setting has no properties.",
        )
        .with_target("properties"));
    };
    let body = json!({
        "id": id(scope, name),
        "type": "Microsoft.Insights/diagnosticSettings",
        "name": name,
        "location": Value::Null,
        "kind": Value::Null,
        "tags": Value::Null,
        "properties": properties,
        "identity": Value::Null,
    });
    let batch = Batch::new().put(COLLECTION, &key(scope, name), &body);
    app.meta().commit(batch).await?;
    Ok(body)
}

/// Reads a setting.
pub async fn get(app: &App, scope: &str, name: &str) -> Result<Value, Error> {
    match app.meta().get(COLLECTION, &key(scope, name)).await? {
        Some(document) => Ok(document.parse()?),
        None => Err(Error::not_found(
            "ResourceNotFound",
            format!("The diagnostic setting '{name}' doesn't exist."),
        )),
    }
}

/// Reads the settings of a resource.
pub async fn list(app: &App, scope: &str) -> Result<Vec<Value>, Error> {
    scan::all(app, COLLECTION, &key(scope, "")).await
}

/// Takes a setting away, if it is there.
pub async fn delete(app: &App, scope: &str, name: &str) -> Result<bool, Error> {
    let key = key(scope, name);
    let was_there = app.meta().get(COLLECTION, &key).await?.is_some();
    app.meta()
        .commit(Batch::new().remove(COLLECTION, &key))
        .await?;
    Ok(was_there)
}

/// Adds to a batch the end of every setting of a resource and of what is inside it.
pub(super) fn removal_below(scope: &str, batch: Batch) -> Batch {
    batch.remove_prefix(
        COLLECTION,
        &format!("{}/", scope.trim_end_matches('/').to_ascii_lowercase()),
    )
}

fn id(scope: &str, name: &str) -> String {
    format!("{scope}/providers/microsoft.insights/diagnosticSettings/{name}")
}

fn key(scope: &str, name: &str) -> String {
    id(scope, name).to_ascii_lowercase()
}
