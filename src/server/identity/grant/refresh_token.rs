//! `refresh_token`: a session goes on.

use acr_api::auth::TokenResponse;

use crate::{
    app::App,
    identity::{
        client, error::TokenError, refresh_token, scope, session, token_endpoint::TokenRequest,
    },
};

pub(in crate::identity) async fn grant(
    app: &App,
    request: &TokenRequest,
) -> Result<TokenResponse, TokenError> {
    let client_id = client::public(app, request).await?;
    let token = request.required("refresh_token")?;
    let used = refresh_token::redeem(app, token, &client_id).await?;
    let audience = request.field("scope").and_then(scope::audience);
    session::tokens(
        app,
        &request.origin,
        &used.session,
        audience.as_deref(),
        Some(&used.family),
    )
    .await
}
