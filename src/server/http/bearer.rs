//! Who asks: reads the bearer token of a request to the management endpoint or to the directory.

use axum::{
    http::{HeaderMap, header},
    response::Response,
};

use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        caller::Caller,
        token::{self, Refusal},
    },
};

use super::{answer, arm_error, is_loopback};

/// The caller behind a request, or the answer that says why there is none.
pub(crate) async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    origin: &str,
    request_id: Option<&str>,
) -> Result<Caller, Box<Response>> {
    let outcome = match bearer(headers) {
        Ok(token) => verify(app, token, origin).await,
        Err(error) => Err(error),
    };
    outcome.map_err(|error| {
        let response = arm_error::respond(&error, request_id);
        if error.kind() != ErrorKind::Unauthenticated {
            return Box::new(response);
        }
        let challenge = format!(
            "Bearer authorization_uri=\"{origin}/{}\", error=\"invalid_token\", error_description=\"{}\"",
            app.tenancy().tenant_id,
            error.message().replace(['"', '\\'], "'")
        );
        Box::new(answer::header(response, header::WWW_AUTHENTICATE, &challenge))
    })
}

async fn verify(app: &App, token: &str, origin: &str) -> Result<Caller, Error> {
    // A host header proves nothing, so a name other than the configured one counts only where no
    // other service could have been given a token for it: on this machine.
    let known = if is_loopback(origin) {
        origin
    } else {
        &app.settings().endpoint
    };
    let refusal = match token::verify(app, token, &token::audiences(app, known)).await? {
        Ok(caller) => return Ok(caller),
        Err(refusal) => refusal,
    };
    Err(match refusal {
        Refusal::Invalid(why) => refuse(
            "InvalidAuthenticationToken",
            format!("The access token is invalid: {why}."),
        ),
        Refusal::Expired(end) => refuse(
            "ExpiredAuthenticationToken",
            format!(
                "The access token expiry UTC time '{}' is earlier than current UTC time '{}'.",
                end.format("%-m/%-d/%Y %-I:%M:%S %p"),
                app.now().format("%-m/%-d/%Y %-I:%M:%S %p")
            ),
        ),
        Refusal::Audience(audience) => refuse(
            "InvalidAuthenticationTokenAudience",
            format!(
                "The access token has been obtained for wrong audience or resource '{}'. It should exactly match with one of the allowed audiences '{}/'.",
                audience.chars().take(200).collect::<String>(),
                app.settings().endpoint
            ),
        ),
    })
}

fn bearer(headers: &HeaderMap) -> Result<&str, Error> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Err(refuse(
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.".to_owned(),
        ));
    };
    value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| {
            refuse(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is provided in an invalid format.".to_owned(),
            )
        })
}

fn refuse(code: &'static str, message: String) -> Error {
    Error::new(ErrorKind::Unauthenticated, code, message)
}
