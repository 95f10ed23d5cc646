//! Which program asks for a token, and how it proves that.

use axum::http::header;
use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;

use super::{assertion, error::TokenError, token_endpoint::TokenRequest};
use crate::{
    app::App,
    domain::directory::{self, Application},
};

/// How a client proved itself, as tokens say it.
pub(super) const BY_NOTHING: &str = "0";
const BY_SECRET: &str = "1";
const BY_SIGNATURE: &str = "2";

/// Programs that people sign in with and that can keep no secret: az, its PowerShell kin and the
/// editor's extension.
const PUBLIC: [&str; 3] = [
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "1950a258-227b-4e31-a9cf-717495945fc2",
    "aebc6443-996d-45c2-90f0-388ff96faa56",
];

/// The application behind a request, and how it proved itself.
pub(super) async fn authenticate(
    app: &App,
    request: &TokenRequest,
) -> Result<(Application, &'static str), TokenError> {
    let basic = basic(request);
    let client_id = match (request.field("client_id"), &basic) {
        (Some(client_id), _) => client_id.to_owned(),
        (None, Some((client_id, _))) => client_id.clone(),
        (None, None) => return Err(TokenError::missing("client_id")),
    };
    let application = find(app, &client_id).await?;
    if let Some(assertion) = request.field("client_assertion") {
        assertion::check(app, request, &application, assertion).await?;
        return Ok((application, BY_SIGNATURE));
    }
    let secret = request.field("client_secret").map(str::to_owned);
    let secret = secret.or_else(|| basic.map(|(_, secret)| secret)).ok_or_else(|| {
        TokenError::wrong_assertion(
            7_000_218,
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        )
    })?;
    check_secret(app, &application, &secret)?;
    Ok((application, BY_SECRET))
}

/// Checks a secret of an application. Right ones always pass, whoever else is guessing.
pub(super) fn check_secret(
    app: &App,
    application: &Application,
    secret: &str,
) -> Result<(), TokenError> {
    let now = app.now();
    let matching: Vec<_> = application
        .secrets
        .iter()
        .filter(|kept| kept.is(secret))
        .collect();
    if matching.iter().any(|kept| kept.holds(now)) {
        return Ok(());
    }
    if !matching.is_empty() {
        return Err(TokenError::wrong_assertion(
            7_000_222,
            format!(
                "The provided client secret keys for app '{}' are expired.",
                application.app_id
            ),
        ));
    }
    if app.throttle().is_over(&application.app_id, now) {
        return Err(TokenError::too_many());
    }
    app.throttle().count(&application.app_id, now);
    Err(TokenError::wrong_secret(&application.app_id))
}

/// The application of a client id.
pub(super) async fn find(app: &App, client_id: &str) -> Result<Application, TokenError> {
    match client_id.parse::<Uuid>() {
        Ok(_) => directory::by_app_id(app, client_id)
            .await?
            .map(|(application, _)| application)
            .ok_or_else(|| TokenError::unknown_client(client_id)),
        Err(_) => Err(TokenError::unknown_client(client_id)),
    }
}

/// The client id of a program that needs no proof because a user signs in through it.
pub(super) async fn public(app: &App, request: &TokenRequest) -> Result<String, TokenError> {
    let client_id = request.required("client_id")?.to_ascii_lowercase();
    if !PUBLIC.contains(&client_id.as_str()) {
        find(app, &client_id).await?;
    }
    Ok(client_id)
}

/// Id and secret of a `Basic` header, each encoded as in a form (RFC 6749 §2.3.1).
fn basic(request: &TokenRequest) -> Option<(String, String)> {
    let value = request.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    Some((form_decoded(client_id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let pair = format!("v={text}");
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}
