//! Whether somebody is the token whose name they give, now and later.

use acr_api::arm::{ResourceId, Token};

use super::{TYPE, password};
use crate::{
    app::App,
    domain::{Error, resource::collection},
};

/// A token that proved itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Its name.
    pub(crate) name: String,
    /// The scope map that says what it may do.
    pub(crate) scope_map: ResourceId,
    /// Names the password that it used; a password made anew has another one.
    pub(crate) key_id: String,
}

/// The token of a name, if this is one of its passwords and both hold.
pub(crate) async fn check(
    app: &App,
    registry: &ResourceId,
    name: &str,
    given: &str,
) -> Result<Option<Proof>, Error> {
    prove(app, registry, name, |secret| secret.is(given)).await
}

/// The token of a name, if it still has the password that it proved itself with before.
pub(crate) async fn find(
    app: &App,
    registry: &ResourceId,
    name: &str,
    key_id: &str,
) -> Result<Option<Proof>, Error> {
    prove(app, registry, name, |secret| secret.key_id == key_id).await
}

async fn prove(
    app: &App,
    registry: &ResourceId,
    name: &str,
    is_meant: impl Fn(&crate::domain::directory::ClientSecret) -> bool,
) -> Result<Option<Proof>, Error> {
    let id = registry.child("tokens", name);
    let Some(document) = app.meta().get(&collection(TYPE), &id.key()).await? else {
        return Ok(None);
    };
    let token: Token = document.parse()?;
    let properties = token.properties.unwrap_or_default();
    if properties.status.as_deref() != Some("enabled") {
        return Ok(None);
    }
    let now = app.now();
    let kept = password::read(app, &id).await?;
    let mut secrets = kept.secrets.into_iter();
    let Some(secret) = secrets.find(|secret| is_meant(secret) && secret.holds(now)) else {
        return Ok(None);
    };
    let scope_map = properties.scope_map_id.unwrap_or_default();
    Ok(Some(Proof {
        name: token.name.unwrap_or_default(),
        scope_map: scope_map
            .parse()
            .map_err(|_| Error::internal("a token names no scope map"))?,
        key_id: secret.key_id,
    }))
}
