//! `POST /oauth2/exchange`: a token of the directory becomes a refresh token of the registry.

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde_json::json;

use super::{ok, request::TokenRequest};
use crate::{
    app::App,
    domain::access::{self, Refusal},
};

/// What clients ask with; the second, of old, sends a refresh token of the directory along.
const GRANT_TYPES: [&str; 2] = ["access_token", "access_token_refresh_token"];

pub(super) async fn grant(State(app): State<App>, request: Request) -> Response {
    let request = match TokenRequest::of_form(app, request).await {
        Ok(request) => request,
        Err(response) => return *response,
    };
    match exchange(&request).await {
        Ok(token) => ok(&json!({"refresh_token": token})),
        Err(refusal) => request.refuse(&refusal),
    }
}

async fn exchange(request: &TokenRequest) -> Result<String, Refusal> {
    let grant_type = request.field("grant_type").unwrap_or(GRANT_TYPES[0]);
    if !GRANT_TYPES.contains(&grant_type) {
        return Err(Refusal::Invalid(
            "the grant type must be 'access_token', with an access token of the directory",
        ));
    }
    let token = request
        .field("access_token")
        .ok_or(Refusal::Invalid("the access token is missing"))?;
    let registry = request.target.registry().ok_or(Refusal::Invalid(
        "the service must be the login server of a registry",
    ))?;
    access::exchange(&request.app, registry, token).await
}
