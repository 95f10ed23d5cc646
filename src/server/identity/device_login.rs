//! The page on which a person enters a device code and signs in.

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use uuid::Uuid;

use super::{client, device_code};
use crate::{
    app::App,
    domain::{Error, directory},
    http::{answer, arm_error, extract},
};

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

/// The longest name, and the longest secret, that is looked at. Wrong ones are remembered by name.
const LONGEST_BYTES: usize = 1024;

/// `GET /devicelogin`
pub(super) async fn show() -> Response {
    page(StatusCode::OK, FORM)
}

/// `POST /devicelogin`
pub(super) async fn approve(State(app): State<App>, request: Request) -> Response {
    match sign_in(&app, request).await {
        Ok(true) => page(
            StatusCode::OK,
            "<p>You are signed in. Go back to your program; this page can be closed.</p>",
        ),
        Ok(false) => page(
            StatusCode::BAD_REQUEST,
            &format!(
                "<p role=\"alert\">That did not work: the code is unknown or has ended, or the name or the secret is wrong.</p>{FORM}"
            ),
        ),
        Err(error) => arm_error::respond(&error, None),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/devicelogin\" autocomplete=\"off\">\
<label>Code <input name=\"code\" required maxlength=\"20\"></label>\
<label>User name, or client id <input name=\"name\" required maxlength=\"256\" value=\"administrator\"></label>\
<label>Password, or client secret <input name=\"secret\" type=\"password\" required maxlength=\"256\"></label>\
<button>Sign in</button></form>";

/// The secret is looked at before the code, so that codes cannot be tried without one.
async fn sign_in(app: &App, request: Request) -> Result<bool, Error> {
    let fields = extract::form(request.into_body()).await?;
    let field = |name: &str| {
        let mut fields = fields.iter();
        fields
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.trim())
    };
    match who(app, field("name"), field("secret")).await? {
        Some((object_id, user_name)) => {
            device_code::approve(app, field("code"), &object_id, &user_name).await
        }
        None => Ok(false),
    }
}

/// The object id and the shown name of a user or of an application, if the secret is theirs.
async fn who(app: &App, name: &str, secret: &str) -> Result<Option<(String, String)>, Error> {
    if name.len() > LONGEST_BYTES || secret.len() > LONGEST_BYTES {
        return Ok(None);
    }
    let is_administrator = name.eq_ignore_ascii_case("administrator");
    let app_id = if is_administrator {
        &app.tenancy().administrator_app_id
    } else {
        name
    };
    if is_administrator || name.parse::<Uuid>().is_ok() {
        let Some((application, _)) = directory::by_app_id(app, app_id).await? else {
            return Ok(None);
        };
        let is_right = client::check_secret(app, &application, secret).is_ok();
        let principal = application.principal_id.filter(|_| is_right);
        return Ok(principal.map(|id| (id, application.display_name)));
    }
    // Names have no case, and neither has their count.
    let counted = name.to_lowercase();
    if app.throttle().is_over(&counted, app.now()) {
        return Ok(None);
    }
    let user = directory::user_by_name(app, name).await?;
    if let Some((user, kept)) = user.and_then(|user| Some((user.clone(), user.password?)))
        && kept.is(secret).await?
    {
        return Ok(user.user_principal_name.map(|shown| (user.id, shown)));
    }
    app.throttle().count(&counted, app.now());
    Ok(None)
}

fn page(status: StatusCode, content: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sign in</title>\
<style>body{{font:16px sans-serif;max-width:24em;margin:3em auto}}label,button{{display:block;margin:1em 0}}input{{width:100%}}</style>\
<h1>Sign in</h1>{content}</html>"
    );
    let response = (status, Html(html)).into_response();
    answer::header(response, header::CONTENT_SECURITY_POLICY, POLICY)
}
