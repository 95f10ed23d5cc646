//! The discovery document and the public keys.

use acr_api::auth::OpenIdConfiguration;
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use super::error::TokenError;
use crate::{
    app::App,
    domain::token,
    http::{answer, origin},
};

pub(super) async fn show(
    State(app): State<App>,
    Path(tenant): Path<String>,
    request: Request,
) -> Result<Response, TokenError> {
    let tenant = tenant_of(&app, &tenant)?;
    let (parts, _) = request.into_parts();
    let base = format!("{}/{tenant}", origin(&app, &parts));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Ok(answer::json(
        StatusCode::OK,
        &OpenIdConfiguration {
            issuer: issuer(&app, &origin(&app, &parts)),
            authorization_endpoint: format!("{base}/oauth2/v2.0/authorize"),
            token_endpoint: format!("{base}/oauth2/v2.0/token"),
            device_authorization_endpoint: format!("{base}/oauth2/v2.0/devicecode"),
            jwks_uri: format!("{base}/discovery/v2.0/keys"),
            response_types_supported: words(&[
                "code",
                "id_token",
                "code id_token",
                "id_token token",
            ]),
            response_modes_supported: words(&["query", "fragment", "form_post"]),
            subject_types_supported: words(&["pairwise"]),
            id_token_signing_alg_values_supported: words(&["RS256"]),
            scopes_supported: words(&["openid", "profile", "email", "offline_access"]),
            token_endpoint_auth_methods_supported: words(&[
                "client_secret_post",
                "private_key_jwt",
                "client_secret_basic",
            ]),
            claims_supported: words(&[
                "sub",
                "iss",
                "aud",
                "exp",
                "iat",
                "tid",
                "oid",
                "name",
                "preferred_username",
                "uti",
                "ver",
            ]),
            request_uri_parameter_supported: false,
        },
    ))
}

pub(super) async fn keys(
    State(app): State<App>,
    Path(tenant): Path<String>,
) -> Result<Response, TokenError> {
    tenant_of(&app, &tenant)?;
    // A key must be there before it can be shown.
    app.signer().await?;
    let keys = token::public_keys(app.meta()).await?;
    Ok(answer::json(StatusCode::OK, &json!({"keys": keys})))
}

/// The tenant that a path names, by its id or by one of the words for "any".
pub(super) fn tenant_of<'a>(app: &'a App, named: &'a str) -> Result<&'a str, TokenError> {
    let own = &app.tenancy().tenant_id;
    let is_known = named.eq_ignore_ascii_case(own) || matches!(named, "common" | "organizations");
    if is_known {
        Ok(named)
    } else {
        Err(TokenError::unknown_tenant(named))
    }
}

/// The `iss` of tokens that are asked for at an address.
pub(super) fn issuer(app: &App, origin: &str) -> String {
    format!("{origin}/{}/v2.0", app.tenancy().tenant_id)
}
