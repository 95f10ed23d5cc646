//! Who asks the directory: everybody known may look, whoever assigns roles may change.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    domain::{Error, ErrorKind, caller::Caller, role::Access},
    http::{authenticate, middleware::RequestId, origin},
};

/// Somebody with a valid token.
pub(super) struct Reader {
    pub(super) caller: Caller,
}

/// Somebody who may change the directory.
pub(super) struct Writer;

impl FromRequestParts<App> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let id = parts
            .extensions
            .get::<RequestId>()
            .map(|id| id.request.clone());
        let origin = origin(app, parts);
        match authenticate(app, &parts.headers, &origin, id.as_deref()).await {
            Ok(caller) => Ok(Self { caller }),
            Err(refusal) => Err(*refusal),
        }
    }
}

impl FromRequestParts<App> for Writer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Reader { caller } = Reader::from_request_parts(parts, app).await?;
        let scope = format!("/subscriptions/{}", app.tenancy().subscription_id);
        let access = Access::of(app, &caller)
            .await
            .map_err(IntoResponse::into_response)?;
        if access.allows("Microsoft.Authorization/roleAssignments/write", &scope) {
            return Ok(Self);
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
        .into_response())
    }
}

/// The refusal for what is not there.
pub(super) fn absent(id: &str) -> Error {
    let shown: String = id.chars().take(100).collect();
    Error::not_found(
        "Request_ResourceNotFound",
        format!(
            "Resource '{shown}' does not exist or one of its queried reference-property objects are not present."
        ),
    )
}
