//! What is special to tokens among the resources.

use acr_api::arm::{ResourceId, Token, TokenCredentials, TokenProperties};
use acr_store::Batch;

use super::password::{self, Kept};
use crate::{
    app::App,
    domain::{
        Error, registry,
        resource::{Draft, Kind, Resolved, collection, decode},
        scope_map, stamp,
    },
};

/// The type on the wire.
pub const TYPE: &str = "Microsoft.ContainerRegistry/registries/tokens";

/// `Microsoft.ContainerRegistry/registries/tokens`.
pub struct Tokens;

impl Kind for Tokens {
    const TYPE: &'static str = TYPE;
    type Body = Token;

    async fn resolve(mut draft: Draft<'_, Token>) -> Result<Resolved<Token>, Error> {
        registry::check_child_name(draft.id.name())?;
        let asked: Token = decode(draft.input.take())?;
        let asked = asked.properties.unwrap_or_default();
        let before = draft.current.and_then(|token| token.properties.as_ref());
        if draft.current.is_none() {
            registry::check_room(draft.app, &draft.id.parent(), registry::Child::Token).await?;
        }
        let kept = password::read(draft.app, draft.id).await?;
        let (passwords, batch) = passwords(&draft, asked.credentials, &kept);
        let id = draft.current.and_then(|token| token.id.clone());
        let name = draft.current.and_then(|token| token.name.clone());
        let body = Token {
            kind: Some(TYPE.to_owned()),
            id: id.or_else(|| Some(draft.id.to_string())),
            name: name.or_else(|| Some(draft.id.name().to_owned())),
            properties: Some(TokenProperties {
                creation_date: before
                    .and_then(|before| before.creation_date.clone())
                    .or_else(|| Some(stamp::with_offset(draft.app.now()))),
                provisioning_state: Some("Succeeded".to_owned()),
                scope_map_id: Some(scope_map(&draft, asked.scope_map_id, before).await?),
                credentials: Some(passwords),
                status: Some(status(asked.status.as_deref())?),
            }),
            system_data: Some(draft.system_data),
        };
        Ok(Resolved { body, batch })
    }

    /// A token lies in no region of its own.
    fn location(_token: &Token) -> &str {
        ""
    }

    async fn removal(_app: &App, id: &ResourceId, _token: &Token) -> Result<Batch, Error> {
        Ok(password::removal(id, Batch::new()))
    }
}

/// Adds to a batch the end of every token of a registry.
pub fn removal_below(registry: &str, batch: Batch) -> Batch {
    let batch = password::removal_below(registry, batch);
    batch.remove_prefix(&collection(TYPE), &format!("{registry}/"))
}

/// The passwords after this write: those that it names, or all if it names none at all. None is
/// made here.
fn passwords(
    draft: &Draft<'_, Token>,
    asked: Option<TokenCredentials>,
    kept: &Kept,
) -> (TokenCredentials, Batch) {
    let named = asked.and_then(|credentials| credentials.passwords);
    let mut secrets = kept.secrets.clone();
    if let Some(named) = &named {
        secrets.retain(|secret| {
            let mut rows = named.iter();
            rows.any(|row| row.name == secret.display_name)
        });
    }
    let batch = match secrets.len() == kept.secrets.len() {
        true => Batch::new(),
        false => kept.write(draft.id, &secrets, Batch::new()),
    };
    let rows = secrets.iter().map(password::row).collect();
    let credentials = TokenCredentials {
        passwords: Some(rows),
    };
    (credentials, batch)
}

/// The scope map that is named, as this registry spells it. One that was named before may be gone.
async fn scope_map(
    draft: &Draft<'_, Token>,
    asked: Option<String>,
    before: Option<&TokenProperties>,
) -> Result<String, Error> {
    let refuse = |message: &str| {
        Error::invalid("InvalidParameter", message).with_target("properties.scopeMapId")
    };
    let Some(asked) = asked else {
        return Err(refuse("The scope map id is missing."));
    };
    let known = before.and_then(|before| before.scope_map_id.as_deref());
    if known == Some(&asked) {
        return Ok(asked);
    }
    let id: ResourceId = asked
        .parse()
        .map_err(|_| refuse("The scope map id is no resource id."))?;
    let registry = draft.id.parent();
    if id.parent().key() != registry.key() {
        return Err(refuse("The scope map must be one of the same registry."));
    }
    if scope_map::find(draft.app, &id).await?.is_none() {
        return Err(Error::invalid(
            "ScopeMapNotFound",
            format!("The scope map '{}' could not be found.", id.name()),
        )
        .with_target("properties.scopeMapId"));
    }
    Ok(registry.child("scopeMaps", id.name()).to_string())
}

fn status(asked: Option<&str>) -> Result<String, Error> {
    let asked = asked.unwrap_or("enabled").to_ascii_lowercase();
    if ["enabled", "disabled"].contains(&asked.as_str()) {
        return Ok(asked);
    }
    Err(Error::invalid(
        "InvalidParameter",
        "The status of a token must be 'enabled' or 'disabled'.",
    )
    .with_target("properties.status"))
}
