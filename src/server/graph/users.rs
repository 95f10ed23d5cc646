//! `/v1.0/users` and `/v1.0/me`

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
    select, service_principals,
};
use crate::{
    app::App,
    domain::{
        Error,
        directory::{self, Password, Principal, PrincipalKind},
        resource::decode,
    },
    http::{answer, extract},
};

const LONGEST_NAME: usize = 113;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Given {
    display_name: String,
    user_principal_name: String,
    password_profile: PasswordProfile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PasswordProfile {
    password: String,
}

pub(super) async fn list(State(app): State<App>, _: Reader, uri: Uri) -> Result<Response, Error> {
    let all = directory::list_principals(&app, &[PrincipalKind::User]).await?;
    select::list(all.iter().map(show_one).collect(), &uri)
}

pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    let name = given.user_principal_name;
    let is_name = (3..=LONGEST_NAME).contains(&name.len())
        && name.split('@').filter(|part| !part.is_empty()).count() == 2
        && !name.contains(char::is_whitespace);
    if !is_name || given.display_name.is_empty() || given.display_name.len() > LONGEST_NAME {
        return Err(Error::invalid(
            "Request_BadRequest",
            "A user has a displayName, and a userPrincipalName such as somebody@local.",
        ));
    }
    let user = Principal {
        id: Uuid::new_v4().to_string(),
        kind: PrincipalKind::User,
        display_name: given.display_name,
        app_id: None,
        user_principal_name: Some(name),
        password: Some(Password::keep(&given.password_profile.password).await?),
    };
    let batch = directory::keep_principal(Batch::new(), &user);
    match app.meta().commit(batch).await {
        Ok(()) => Ok(answer::json(StatusCode::CREATED, &show_one(&user))),
        Err(acr_store::Error::Exists { .. }) => Err(Error::invalid(
            "Request_BadRequest",
            "Another object with the same value for property userPrincipalName already exists.",
        )),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    Ok(answer::json(
        StatusCode::OK,
        &show_one(&read(&app, &id).await?),
    ))
}

pub(super) async fn delete(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let user = read(&app, &id).await?;
    let batch = directory::forget_principal(&app, &user.id, Batch::new()).await?;
    app.meta().commit(batch).await?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn me(
    State(app): State<App>,
    Reader { caller }: Reader,
) -> Result<Response, Error> {
    let found = directory::find_principal(&app, &caller.object_id).await?;
    let principal = found.ok_or_else(|| absent(&caller.object_id))?;
    Ok(answer::json(StatusCode::OK, &any(&app, &principal)))
}

/// A principal of any kind, as it is shown.
pub(super) fn any(app: &App, principal: &Principal) -> Value {
    let (kind, mut shown) = match principal.kind {
        PrincipalKind::User => ("#microsoft.graph.user", show_one(principal)),
        _ => (
            "#microsoft.graph.servicePrincipal",
            service_principals::show_one(app, principal),
        ),
    };
    shown["@odata.type"] = kind.into();
    shown
}

async fn read(app: &App, id: &str) -> Result<Principal, Error> {
    let found = match id.contains('@') {
        true => directory::user_by_name(app, id).await?,
        false => directory::find_principal(app, id).await?,
    };
    found
        .filter(|user| user.kind == PrincipalKind::User)
        .ok_or_else(|| absent(id))
}

fn show_one(user: &Principal) -> Value {
    json!({
        "id": user.id,
        "businessPhones": [],
        "displayName": user.display_name,
        "userPrincipalName": user.user_principal_name,
    })
}
