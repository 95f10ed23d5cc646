//! `/v1.0/applications`

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
    credential::{self, Asked},
    select,
};
use crate::{
    app::App,
    domain::{
        Error,
        directory::{self, Application, ClientSecret},
        resource::decode,
    },
    http::{answer, extract},
};

const LONGEST_NAME: usize = 120;
const MOST_CREDENTIALS: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Given {
    display_name: Option<String>,
    identifier_uris: Option<Vec<String>>,
    key_credentials: Option<Vec<Asked>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PasswordBody {
    password_credential: Asked,
    key_id: Option<String>,
}

pub(super) async fn list(State(app): State<App>, _: Reader, uri: Uri) -> Result<Response, Error> {
    let all = directory::list_applications(&app).await?;
    select::list(all.iter().map(show_one).collect(), &uri)
}

pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    let mut application = Application {
        id: Uuid::new_v4().to_string(),
        app_id: Uuid::new_v4().to_string(),
        display_name: String::new(),
        created: app.now(),
        principal_id: None,
        secrets: Vec::new(),
        keys: Vec::new(),
        federated: Vec::new(),
        identifier_uris: Vec::new(),
    };
    if given.display_name.is_none() {
        return Err(Error::invalid(
            "Request_BadRequest",
            "The application has no displayName.",
        ));
    }
    apply(&app, &given, &mut application)?;
    directory::create_application(&app, &application).await?;
    Ok(answer::json(StatusCode::CREATED, &show_one(&application)))
}

pub(super) async fn show(
    State(app): State<App>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let found = directory::by_object_id(&app, &id).await?;
    let (application, _) = found.ok_or_else(|| absent(&id))?;
    Ok(answer::json(StatusCode::OK, &show_one(&application)))
}

pub(super) async fn change(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    let changed =
        directory::change_application(&app, &id, |application| apply(&app, &given, application))
            .await?;
    changed.ok_or_else(|| absent(&id))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn delete(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let found = directory::by_object_id(&app, &id).await?;
    let (application, _) = found.ok_or_else(|| absent(&id))?;
    if application.app_id == app.tenancy().administrator_app_id {
        return Err(Error::invalid(
            "Request_BadRequest",
            "The administrator cannot be deleted.",
        ));
    }
    directory::delete_application(&app, &application).await?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn add_password(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let asked: PasswordBody = decode(extract::json(&body)?)?;
    let asked = asked.password_credential;
    let (start, lifetime) = asked.period(app.now())?;
    let made = directory::change_application(&app, &id, |application| {
        check_count(application.secrets.len() + 1)?;
        let (text, kept) = ClientSecret::make(asked.display_name.clone(), start, lifetime)?;
        application.secrets.push(kept.clone());
        Ok((text, kept))
    })
    .await?;
    let (text, kept) = made.ok_or_else(|| absent(&id))?;
    Ok(answer::json(
        StatusCode::OK,
        &credential::show_secret(&kept, Some(text.expose())),
    ))
}

pub(super) async fn remove_password(
    State(app): State<App>,
    _: Writer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let asked: PasswordBody = decode(extract::json(&body)?)?;
    let removed = directory::change_application(&app, &id, |application| {
        let before = application.secrets.len();
        application
            .secrets
            .retain(|kept| Some(&kept.key_id) != asked.key_id.as_ref());
        if application.secrets.len() == before {
            return Err(Error::invalid(
                "Request_BadRequest",
                "No password credential found with that keyId.",
            ));
        }
        Ok(())
    })
    .await?;
    removed.ok_or_else(|| absent(&id))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

fn apply(app: &App, given: &Given, application: &mut Application) -> Result<(), Error> {
    if let Some(name) = &given.display_name {
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Error::invalid(
                "Request_BadRequest",
                format!("A displayName has 1 to {LONGEST_NAME} characters."),
            ));
        }
        application.display_name.clone_from(name);
    }
    if let Some(uris) = &given.identifier_uris {
        check_count(uris.len())?;
        application.identifier_uris.clone_from(uris);
    }
    if let Some(keys) = &given.key_credentials {
        check_count(keys.len())?;
        let known = application.keys.clone();
        application.keys = keys
            .iter()
            .map(|asked| credential::certificate(asked, &known, app.now()))
            .collect::<Result<_, _>>()?;
    }
    Ok(())
}

fn check_count(count: usize) -> Result<(), Error> {
    if count <= MOST_CREDENTIALS {
        return Ok(());
    }
    Err(Error::invalid(
        "Directory_QuotaExceeded",
        format!("An application can have at most {MOST_CREDENTIALS} of these."),
    ))
}

fn show_one(application: &Application) -> Value {
    let secrets: Vec<_> = application
        .secrets
        .iter()
        .map(|kept| credential::show_secret(kept, None))
        .collect();
    let keys: Vec<_> = application
        .keys
        .iter()
        .map(credential::show_certificate)
        .collect();
    json!({
        "id": application.id,
        "appId": application.app_id,
        "createdDateTime": credential::time(application.created),
        "displayName": application.display_name,
        "identifierUris": application.identifier_uris,
        "signInAudience": "AzureADMyOrg",
        "publisherDomain": "local",
        "keyCredentials": keys,
        "passwordCredentials": secrets,
    })
}
