//! `client_credentials`: a program acts for itself.

use acr_api::auth::TokenResponse;

use crate::{
    app::App,
    domain::token::{self, Grantee, LIFETIME_SECONDS},
    identity::{client, discovery, error::TokenError, scope, token_endpoint::TokenRequest},
};

pub(in crate::identity) async fn grant(
    app: &App,
    request: &TokenRequest,
) -> Result<TokenResponse, TokenError> {
    let (application, proof) = client::authenticate(app, request).await?;
    let scopes = request.required("scope")?;
    let audience = scope::audience(scopes)
        .filter(|_| scope::is_default(scopes))
        .ok_or_else(|| {
            TokenError::new(
                "invalid_scope",
                1_002_012,
                "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
            )
        })?;
    let Some(principal) = &application.principal_id else {
        return Err(TokenError::new(
            "unauthorized_client",
            7_000_229,
            format!(
                "The client application '{}' is missing service principal in the tenant.",
                application.app_id
            ),
        ));
    };
    let grantee = Grantee {
        object_id: principal,
        user_name: None,
        client_id: &application.app_id,
        proof,
    };
    let issuer = discovery::issuer(app, &request.origin);
    let signer = app.signer().await?;
    Ok(TokenResponse {
        token_type: "Bearer".to_owned(),
        scope: None,
        expires_in: LIFETIME_SECONDS,
        ext_expires_in: Some(LIFETIME_SECONDS),
        access_token: token::issue(app, &signer, &issuer, &audience, &grantee)?,
        refresh_token: None,
        id_token: None,
        client_info: None,
    })
}
