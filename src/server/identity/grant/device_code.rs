//! `device_code`: a person signed in elsewhere.

use acr_api::auth::TokenResponse;

use crate::{
    app::App,
    identity::{
        client,
        device_code::{self, State},
        error::TokenError,
        scope,
        session::{self, Session},
        token_endpoint::TokenRequest,
    },
};

pub(in crate::identity) async fn grant(
    app: &App,
    request: &TokenRequest,
) -> Result<TokenResponse, TokenError> {
    let client_id = client::public(app, request).await?;
    let code = request.required("device_code")?;
    let pending = device_code::find(app, code).await?;
    if pending.client_id != client_id {
        return Err(TokenError::new(
            "invalid_grant",
            70_000,
            "The device code was given to another client.",
        ));
    }
    match pending.state {
        State::Pending => Err(TokenError::new(
            "authorization_pending",
            70_016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        )),
        State::Approved {
            object_id,
            user_name,
        } => {
            device_code::forget(app, code).await?;
            let session = Session {
                client_id,
                object_id,
                user_name,
            };
            let audience = scope::audience(&pending.scope);
            session::tokens(app, &request.origin, &session, audience.as_deref(), None).await
        }
    }
}
