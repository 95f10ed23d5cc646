//! The token service: enough of OAuth 2.0 and OpenID Connect for MSAL, az and their kin.

mod assertion;
mod client;
mod device_code;
mod device_login;
mod discovery;
mod error;
mod grant;
mod metadata;
mod refresh_token;
mod scope;
mod session;
#[cfg(test)]
mod tests;
mod token_endpoint;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

/// The paths of the token service.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/metadata/endpoints", get(metadata::show))
        .route(
            "/{tenant}/v2.0/.well-known/openid-configuration",
            get(discovery::show),
        )
        .route(
            "/{tenant}/.well-known/openid-configuration",
            get(discovery::show),
        )
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
        .route("/{tenant}/discovery/keys", get(discovery::keys))
        .route("/{tenant}/oauth2/v2.0/token", post(token_endpoint::grant))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device_code::begin))
        .route(
            "/devicelogin",
            get(device_login::show).post(device_login::approve),
        )
}
