//! `/v1.0/servicePrincipals`

use acr_store::Batch;
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::Response,
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    asker::{Reader, Writer, absent},
    select,
};
use crate::{
    app::App,
    domain::{
        Error,
        directory::{self, Principal, PrincipalKind},
        resource::decode,
    },
    http::{answer, extract},
};

const KINDS: [PrincipalKind; 2] = [
    PrincipalKind::ServicePrincipal,
    PrincipalKind::ManagedIdentity,
];

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Given {
    app_id: String,
}

pub(super) async fn list(State(app): State<App>, _: Reader, uri: Uri) -> Result<Response, Error> {
    let all = directory::list_principals(&app, &KINDS).await?;
    select::list(
        all.iter()
            .map(|principal| show_one(&app, principal))
            .collect(),
        &uri,
    )
}

pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    let found = directory::by_app_id(&app, &given.app_id).await?;
    let (mut application, revision) = found.ok_or_else(|| {
        let shown: String = given.app_id.chars().take(100).collect();
        Error::invalid(
            "Request_BadRequest",
            format!("The appId '{shown}' of the service principal does not reference a valid application object."),
        )
    })?;
    if application.principal_id.is_some() {
        return Err(Error::conflict(
            "Request_MultipleObjectsWithSameKeyValue",
            format!(
                "The service principal cannot be created: the appId {} is in use already.",
                application.app_id
            ),
        ));
    }
    let principal = Principal {
        id: Uuid::new_v4().to_string(),
        kind: PrincipalKind::ServicePrincipal,
        display_name: application.display_name.clone(),
        app_id: Some(application.app_id.clone()),
        user_principal_name: None,
        password: None,
    };
    application.principal_id = Some(principal.id.clone());
    let batch = directory::keep_principal(Batch::new(), &principal);
    directory::save_application(&app, &application, revision, batch).await?;
    Ok(answer::json(
        StatusCode::CREATED,
        &show_one(&app, &principal),
    ))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let principal = read(&app, &id).await?;
    Ok(answer::json(StatusCode::OK, &show_one(&app, &principal)))
}

pub(super) async fn delete(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let principal = read(&app, &id).await?;
    if principal.id == app.tenancy().administrator_object_id {
        return Err(Error::invalid(
            "Request_BadRequest",
            "The administrator cannot be deleted.",
        ));
    }
    let batch = directory::forget_principal(&app, &principal.id, Batch::new()).await?;
    let app_id = principal.app_id.unwrap_or_default();
    match directory::by_app_id(&app, &app_id).await? {
        Some((mut application, revision)) => {
            application.principal_id = None;
            directory::save_application(&app, &application, revision, batch).await?;
        }
        None => app.meta().commit(batch).await?,
    }
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

async fn read(app: &App, id: &str) -> Result<Principal, Error> {
    let found = directory::find_principal(app, id).await?;
    found
        .filter(|principal| KINDS.contains(&principal.kind))
        .ok_or_else(|| absent(id))
}

/// A service principal as it is shown.
pub(super) fn show_one(app: &App, principal: &Principal) -> Value {
    let kind = match principal.kind {
        PrincipalKind::ManagedIdentity => "ManagedIdentity",
        _ => "Application",
    };
    let names: Vec<&String> = principal.app_id.iter().collect();
    json!({
        "id": principal.id,
        "accountEnabled": true,
        "appDisplayName": principal.display_name,
        "appId": principal.app_id,
        "appOwnerOrganizationId": app.tenancy().tenant_id,
        "displayName": principal.display_name,
        "servicePrincipalNames": names,
        "servicePrincipalType": kind,
    })
}
