//! `POST /{tenant}/oauth2/v2.0/token`: finds the grant that is asked for.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{discovery, error::TokenError, grant};
use crate::{
    app::App,
    http::{answer, extract, origin},
};

/// A request for a token.
pub(super) struct TokenRequest {
    pub(super) headers: HeaderMap,
    /// Scheme, host and port as the client knows them.
    pub(super) origin: String,
    fields: Vec<(String, String)>,
}

impl TokenRequest {
    /// A field that may be missing or empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, TokenError> {
        self.field(name).ok_or_else(|| TokenError::missing(name))
    }
}

pub(super) async fn grant(
    State(app): State<App>,
    Path(tenant): Path<String>,
    request: Request,
) -> Result<Response, TokenError> {
    discovery::tenant_of(&app, &tenant)?;
    let request = read(&app, request).await?;
    let granted = match request.required("grant_type")? {
        "client_credentials" => grant::client_credentials(&app, &request).await?,
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
            grant::device_code(&app, &request).await?
        }
        "refresh_token" => grant::refresh_token(&app, &request).await?,
        other => {
            let shown: String = other.chars().take(100).collect();
            return Err(TokenError::new(
                "unsupported_grant_type",
                70_003,
                format!("The app requested an unsupported grant type '{shown}'."),
            ));
        }
    };
    Ok(answer::json(StatusCode::OK, &granted))
}

/// Reads a form.
pub(super) async fn read(app: &App, request: Request) -> Result<TokenRequest, TokenError> {
    let (parts, body) = request.into_parts();
    let fields = extract::form(body).await?;
    Ok(TokenRequest {
        origin: origin(app, &parts),
        headers: parts.headers,
        fields,
    })
}
