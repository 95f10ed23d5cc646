//! Names and passwords: whose they are.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Identity, Registry,
    claims::{self, Claims},
};
use crate::{
    app::App,
    domain::{
        Error,
        caller::{Caller, CallerKind},
        directory, registry as registries, repository_token,
    },
};

/// The user name that says: the password is a token.
const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";
/// Longer names belong to nobody.
const LONGEST_NAME: usize = 256;
/// Longer passwords are no passwords.
const LONGEST_PASSWORD: usize = 1024;

/// What a name and a password come to.
pub(super) enum Login {
    /// The password was right.
    Identity(Identity),
    /// The password was a token of the registry.
    Token(Arc<Claims>),
    /// Neither.
    Wrong,
    /// Too many wrong passwords for this name in the last minute.
    TooMany,
}

/// Finds out whose name and password these are. Right ones always pass, whoever else is guessing.
pub(super) async fn login(
    app: &App,
    registry: &Registry,
    user: &str,
    password: &str,
) -> Result<Login, Error> {
    if user == TOKEN_USER {
        let read = claims::read(app, registry, password).await?;
        return Ok(read.map_or(Login::Wrong, Login::Token));
    }
    if user.len() > LONGEST_NAME || password.len() > LONGEST_PASSWORD {
        return Ok(Login::Wrong);
    }
    if let Some(identity) = identify(app, registry, user, password).await? {
        return Ok(Login::Identity(identity));
    }
    let name = format!("{} {}", registry.id.key(), user.to_lowercase());
    let now = app.now();
    if app.throttle().is_over(&name, now) {
        return Ok(Login::TooMany);
    }
    app.throttle().count(&name, now);
    Ok(Login::Wrong)
}

async fn identify(
    app: &App,
    registry: &Registry,
    user: &str,
    password: &str,
) -> Result<Option<Identity>, Error> {
    let is_admin_name = user.eq_ignore_ascii_case(registry.name());
    if is_admin_name
        && registry.has_admin_user()
        && registries::is_password(app, &registry.id.key(), password).await?
    {
        return Ok(Some(Identity::AdminUser));
    }
    if user.parse::<Uuid>().is_ok()
        && let Some(caller) = application(app, user, password).await?
    {
        return Ok(Some(Identity::Principal(caller)));
    }
    // A slash would lead out of the registry's own tokens.
    if user.contains('/') {
        return Ok(None);
    }
    let proof = repository_token::check(app, &registry.id, user, password).await?;
    Ok(proof.map(|proof| Identity::Token {
        name: proof.name,
        key_id: proof.key_id,
    }))
}

/// The service principal of an application, if this is a secret of it that holds.
async fn application(app: &App, id: &str, secret: &str) -> Result<Option<Caller>, Error> {
    let Some((application, _)) = directory::by_app_id(app, id).await? else {
        return Ok(None);
    };
    let now = app.now();
    let mut secrets = application.secrets.iter();
    let is_right = secrets.any(|kept| kept.is(secret) && kept.holds(now));
    let principal = application.principal_id.filter(|_| is_right);
    Ok(principal.map(|object_id| Caller {
        object_id,
        name: application.app_id,
        kind: CallerKind::Application,
    }))
}
