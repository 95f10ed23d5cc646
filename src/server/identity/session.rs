//! The tokens of a person who signed in: for a resource, about themselves, and to go on with.

use acr_api::auth::TokenResponse;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{client::BY_NOTHING, discovery, error::TokenError, refresh_token};
use crate::{
    app::App,
    domain::{
        directory,
        token::{self, Grantee, LIFETIME_SECONDS},
    },
};

/// Who signed in, and through which program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub(super) client_id: String,
    pub(super) object_id: String,
    pub(super) user_name: String,
}

/// Issues the tokens of a session; without a resource, for the management endpoint.
pub(super) async fn tokens(
    app: &App,
    origin: &str,
    session: &Session,
    audience: Option<&str>,
    family: Option<&str>,
) -> Result<TokenResponse, TokenError> {
    if directory::find_principal(app, &session.object_id)
        .await?
        .is_none()
    {
        return Err(TokenError::new(
            "invalid_grant",
            50_034,
            "The user account does not exist in the directory 'local'.",
        ));
    }
    let grantee = Grantee {
        object_id: &session.object_id,
        user_name: Some(&session.user_name),
        client_id: &session.client_id,
        proof: BY_NOTHING,
    };
    let issuer = discovery::issuer(app, origin);
    let audience = audience.unwrap_or(&app.settings().endpoint);
    let signer = app.signer().await?;
    let access_token = token::issue(app, &signer, &issuer, audience, &grantee)?;
    let tenant = &app.tenancy().tenant_id;
    let now = app.now().timestamp();
    let id_token = signer.sign(&json!({
        "aud": session.client_id,
        "iss": issuer,
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME_SECONDS,
        "name": session.user_name,
        "oid": session.object_id,
        "preferred_username": session.user_name,
        "sub": session.object_id,
        "tid": tenant,
        "ver": "2.0",
    }))?;
    let client_info = json!({"uid": session.object_id, "utid": tenant}).to_string();
    Ok(TokenResponse {
        token_type: "Bearer".to_owned(),
        // MSAL finds the token again only under scopes that it asked for.
        scope: Some(format!("{audience}/user_impersonation {audience}/.default")),
        expires_in: LIFETIME_SECONDS,
        ext_expires_in: Some(LIFETIME_SECONDS),
        access_token,
        refresh_token: Some(refresh_token::make(app, session, family).await?),
        id_token: Some(id_token),
        client_info: Some(URL_SAFE_NO_PAD.encode(client_info)),
    })
}
