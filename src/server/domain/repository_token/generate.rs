//! `generateCredentials`: makes passwords of a token anew.

use acr_api::arm::{
    GenerateCredentials, GeneratedCredentials, ResourceId, Token, TokenCredentials,
};
use acr_store::Batch;
use chrono::{DateTime, Utc};

use super::{TYPE, Tokens, password};
use crate::{
    app::App,
    domain::{
        Error,
        registry::Registries,
        resource::{self, Kind, collection},
    },
};

const MOST_ATTEMPTS: u32 = 10;

/// Makes one or both passwords anew. This is the only answer that tells them.
pub async fn generate(
    app: &App,
    registry: &ResourceId,
    asked: &GenerateCredentials,
) -> Result<GeneratedCredentials, Error> {
    let done = attempts(app, registry, asked).await;
    done.map_err(Error::from_provider)
}

async fn attempts(
    app: &App,
    registry: &ResourceId,
    asked: &GenerateCredentials,
) -> Result<GeneratedCredentials, Error> {
    resource::get::<Registries>(app, registry).await?;
    let id = token_id(registry, asked.token_id.as_deref())?;
    let names = names(asked.name.as_deref())?;
    let expiry = expiry(app, asked.expiry.as_deref())?;
    for _ in 0..MOST_ATTEMPTS {
        if let Some(made) = attempt(app, &id, &names, expiry).await? {
            return Ok(made);
        }
    }
    Err(Error::conflict(
        "Conflict",
        "Too many other requests change the same token at the same time. Try again.",
    ))
}

/// One attempt; `None` if another write came between.
async fn attempt(
    app: &App,
    id: &ResourceId,
    names: &[&str],
    expiry: Option<DateTime<Utc>>,
) -> Result<Option<GeneratedCredentials>, Error> {
    let found = resource::get::<Tokens>(app, id).await?;
    let mut token: Token = found.body;
    let kept = password::read(app, id).await?;
    let mut secrets = kept.secrets.clone();
    let mut passwords = Vec::new();
    for name in names {
        let (row, secret) = password::make(name, app.now(), expiry)?;
        secrets.retain(|known| known.display_name.as_deref() != Some(name));
        secrets.push(secret);
        passwords.push(row);
    }
    secrets.sort_by(|one, other| one.display_name.cmp(&other.display_name));
    let mut properties = token.properties.take().unwrap_or_default();
    properties.credentials = Some(TokenCredentials {
        passwords: Some(secrets.iter().map(password::row).collect()),
    });
    let username = token.name.clone().unwrap_or_default();
    token.properties = Some(properties);
    let batch = kept.write(id, &secrets, Batch::new()).replace(
        &collection(Tokens::TYPE),
        &id.key(),
        found.revision,
        &token,
    );
    match app.meta().commit(batch).await {
        Ok(()) => Ok(Some(GeneratedCredentials {
            username,
            passwords,
        })),
        Err(acr_store::Error::Precondition { .. } | acr_store::Error::Exists { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn token_id(registry: &ResourceId, asked: Option<&str>) -> Result<ResourceId, Error> {
    let id = asked.and_then(|id| id.parse::<ResourceId>().ok());
    id.filter(|id| id.kind().eq_ignore_ascii_case(TYPE) && id.parent().key() == registry.key())
        .ok_or_else(|| {
            refuse(
                "tokenId",
                "The token id must name a token of this registry.",
            )
        })
}

fn names(asked: Option<&str>) -> Result<Vec<&'static str>, Error> {
    let Some(asked) = asked else {
        return Ok(password::NAMES.to_vec());
    };
    let mut known = password::NAMES.into_iter();
    known
        .find(|name| name.eq_ignore_ascii_case(asked))
        .map(|name| vec![name])
        .ok_or_else(|| {
            refuse(
                "name",
                "The name of the password must be 'password1' or 'password2'.",
            )
        })
}

fn expiry(app: &App, asked: Option<&str>) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(asked) = asked else { return Ok(None) };
    let end = DateTime::parse_from_rfc3339(asked)
        .map_err(|_| {
            refuse(
                "expiry",
                "The expiry is no time such as 2030-01-31T12:00:00Z.",
            )
        })?
        .to_utc();
    if end <= app.now() {
        return Err(refuse("expiry", "The expiry must lie in the future."));
    }
    Ok(Some(end))
}

fn refuse(target: &str, message: &str) -> Error {
    Error::invalid("InvalidParameter", message).with_target(target)
}
