//! `/v1.0/applications/{id}/federatedIdentityCredentials`

use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::Response,
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    asker::{Reader, Writer, absent},
    select,
};
use crate::{
    app::App,
    domain::{
        Error,
        directory::{self, Application, FederatedCredential},
        resource::decode,
    },
    http::{answer, extract},
};

const MOST: usize = 20;
const LONGEST: usize = 600;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    name: Option<String>,
    issuer: Option<String>,
    subject: Option<String>,
    description: Option<String>,
    audiences: Option<Vec<String>>,
}

pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let application = read(&app, &id).await?;
    select::list(
        application
            .federated
            .iter()
            .map(|known| json!(known))
            .collect(),
        &uri,
    )
}

pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    let made = directory::change_application(&app, &id, |application| {
        let empty = FederatedCredential {
            id: Uuid::new_v4().to_string(),
            name: given.name.clone().unwrap_or_default(),
            issuer: String::new(),
            subject: String::new(),
            description: None,
            audiences: Vec::new(),
        };
        let credential = filled(empty, &given)?;
        let mut known = application.federated.iter();
        let is_known = known.any(|known| {
            known.name == credential.name
                || (known.issuer == credential.issuer && known.subject == credential.subject)
        });
        if is_known || application.federated.len() >= MOST {
            return Err(Error::conflict(
                "Request_MultipleObjectsWithSameKeyValue",
                format!("The application has a federated credential of this name or subject already, or {MOST} of them."),
            ));
        }
        application.federated.push(credential.clone());
        Ok(credential)
    })
    .await?;
    Ok(answer::json(
        StatusCode::CREATED,
        &made.ok_or_else(|| absent(&id))?,
    ))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Reader,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    let application = read(&app, &id).await?;
    let mut known = application.federated.iter();
    let found = known
        .find(|known| is_named(known, &name))
        .ok_or_else(|| absent(&name))?;
    Ok(answer::json(StatusCode::OK, found))
}

pub(super) async fn change(
    State(app): State<App>,
    _: Writer,
    Path((id, name)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    let changed = directory::change_application(&app, &id, |application| {
        let mut known = application.federated.iter_mut();
        let found = known
            .find(|known| is_named(known, &name))
            .ok_or_else(|| absent(&name))?;
        *found = filled(found.clone(), &given)?;
        Ok(())
    })
    .await?;
    changed.ok_or_else(|| absent(&id))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn delete(
    State(app): State<App>,
    _: Writer,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    let deleted = directory::change_application(&app, &id, |application| {
        let before = application.federated.len();
        application
            .federated
            .retain(|known| !is_named(known, &name));
        if application.federated.len() == before {
            Err(absent(&name))
        } else {
            Ok(())
        }
    })
    .await?;
    deleted.ok_or_else(|| absent(&id))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

async fn read(app: &App, id: &str) -> Result<Application, Error> {
    let found = directory::by_object_id(app, id).await?;
    found
        .map(|(application, _)| application)
        .ok_or_else(|| absent(id))
}

fn is_named(known: &FederatedCredential, name: &str) -> bool {
    known.name == name || known.id.eq_ignore_ascii_case(name)
}

/// A credential with what was given put in; it must be whole then.
fn filled(
    mut credential: FederatedCredential,
    given: &Given,
) -> Result<FederatedCredential, Error> {
    let put = |member: &mut String, value: &Option<String>| {
        if let Some(value) = value {
            member.clone_from(value);
        }
    };
    put(&mut credential.issuer, &given.issuer);
    put(&mut credential.subject, &given.subject);
    if given.description.is_some() {
        credential.description.clone_from(&given.description);
    }
    if let Some(audiences) = &given.audiences {
        credential.audiences.clone_from(audiences);
    }
    let texts = [&credential.name, &credential.issuer, &credential.subject];
    let is_whole = texts.iter().all(|text| (1..=LONGEST).contains(&text.len()))
        && credential.audiences.len() == 1
        && (1..=LONGEST).contains(&credential.audiences[0].len());
    if is_whole {
        return Ok(credential);
    }
    Err(Error::invalid(
        "Request_BadRequest",
        format!(
            "A federated credential has a name, an issuer, a subject and one audience, each of 1 to {LONGEST} characters."
        ),
    ))
}
