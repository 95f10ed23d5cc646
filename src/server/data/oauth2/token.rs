//! `/oauth2/token`: refresh tokens, passwords or nothing become an access token. GET is docker's
//! way with `Basic`, POST is that of OAuth 2.0.

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::{Value, json};

use super::{ok, request::TokenRequest};
use crate::{
    app::App,
    domain::access::{self, Asked, Grant, Granted, Refusal},
};

pub(super) async fn by_query(State(app): State<App>, request: Request) -> Response {
    let request = match TokenRequest::of_query(app, request).await {
        Ok(request) => request,
        Err(response) => return *response,
    };
    let login = request.authorization().and_then(basic);
    let grant = match (&login, request.authorization()) {
        (Some((user, password)), _) => Grant::Password(user, password),
        (None, None) => Grant::Anonymous,
        (None, Some(_)) => {
            return request.refuse(&Refusal::unknown_caller());
        }
    };
    answer(&request, grant).await
}

pub(super) async fn by_form(State(app): State<App>, request: Request) -> Response {
    let request = match TokenRequest::of_form(app, request).await {
        Ok(request) => request,
        Err(response) => return *response,
    };
    let refresh_token = request.field("refresh_token");
    let login = (request.field("username"), request.field("password"));
    let grant = match (request.field("grant_type"), refresh_token, login) {
        (Some("refresh_token") | None, Some(token), _) => Grant::Refresh(token),
        (Some("password"), _, (Some(user), Some(password))) => Grant::Password(user, password),
        (Some("password"), _, (None, None)) => Grant::Anonymous,
        (Some("password"), ..) => {
            return request.refuse(&Refusal::Invalid(
                "a name needs a password and a password a name",
            ));
        }
        (Some("refresh_token") | None, None, _) => {
            return request.refuse(&Refusal::Invalid("the refresh token is missing"));
        }
        (Some(_), ..) => {
            return request.refuse(&Refusal::Invalid(
                "the grant type must be 'refresh_token' or 'password'",
            ));
        }
    };
    answer(&request, grant).await
}

async fn answer(request: &TokenRequest, grant: Grant<'_>) -> Response {
    match granted(request, grant).await {
        Ok(granted) => ok(&body(request, granted)),
        Err(refusal) => request.refuse(&refusal),
    }
}

async fn granted(request: &TokenRequest, grant: Grant<'_>) -> Result<Granted, Refusal> {
    let scopes = request.scopes()?;
    let asked = Asked { grant, scopes };
    match request.target.registry() {
        Some(registry) => access::token(&request.app, registry, asked).await,
        None => access::blank_token(&request.app, request.service()).await,
    }
}

/// Docker asks for a token to keep with `offline_token`. One that came as the password is given
/// back for that; for a password of its own none is made, or the login would end with it.
fn body(request: &TokenRequest, granted: Granted) -> Value {
    let mut body = json!({"access_token": granted.access_token});
    let wants_offline = request.field("offline_token") == Some("true");
    if let (Some(token), true) = (granted.refresh_token, wants_offline) {
        body["refresh_token"] = token.into();
    }
    body
}

fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, value) = authorization.split_once(' ')?;
    match scheme.eq_ignore_ascii_case("Basic") {
        true => access::basic(value),
        false => None,
    }
}
