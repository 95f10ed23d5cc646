//! The token service of a registry: directory tokens become refresh tokens, refresh tokens and
//! passwords become access tokens.

use std::sync::Arc;

use acr_api::auth::Scope;
use serde_json::json;

use super::{
    Access, Identity, Refusal, Registry,
    claims::{self, ACCESS, ACCESS_SECONDS, Claims, ISSUER, Permissions, REFRESH, REFRESH_SECONDS},
    login::{Login, login},
};
use crate::{app::App, domain::token as directory_token};

/// The resource that clients ask the directory a token for.
const AUDIENCE: &str = "https://containerregistry.azure.net";
/// More scopes than any client asks for at once.
const MOST_SCOPES: usize = 100;

/// What stands for the caller of the token service.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Grant<'a> {
    /// A refresh token.
    Refresh(&'a str),
    /// A name and a password, or a token in place of one.
    Password(&'a str, &'a str),
    /// Nothing.
    Anonymous,
}

/// What is asked of the token service.
pub(crate) struct Asked<'a> {
    pub(crate) grant: Grant<'a>,
    pub(crate) scopes: Vec<Scope>,
}

/// What the token service gives.
pub(crate) struct Granted {
    pub(crate) access_token: String,
    /// The refresh token that came in place of a password.
    pub(crate) refresh_token: Option<String>,
}

/// Makes a refresh token for whoever holds a token of the directory.
pub(crate) async fn exchange(
    app: &App,
    registry: &Arc<Registry>,
    token: &str,
) -> Result<String, Refusal> {
    let management = directory_token::audiences(app, &app.settings().endpoint);
    let mut audiences = vec![AUDIENCE];
    if registry.takes_management_tokens() {
        audiences.extend(management);
    }
    let Ok(caller) = directory_token::verify(app, token, &audiences).await? else {
        return Err(Refusal::unknown_caller());
    };
    let identity = Identity::Principal(caller);
    let mut claims = Claims::new(app, registry, &identity, REFRESH, REFRESH_SECONDS);
    let access = Access::of(app, registry, identity).await?;
    let access = access.ok_or_else(Refusal::unknown_caller)?;
    if access.rights().is_empty() {
        return Err(Refusal::Forbidden);
    }
    claims.permissions = Some(Permissions {
        actions: access.rights().permissions(),
    });
    Ok(claims.sign(app).await?)
}

/// Makes an access token: of what is asked for, it grants what the caller has.
pub(crate) async fn token(
    app: &App,
    registry: &Arc<Registry>,
    asked: Asked<'_>,
) -> Result<Granted, Refusal> {
    let mut refresh_token = None;
    let access = match asked.grant {
        Grant::Refresh(token) => {
            let claims = claims::read(app, registry, token).await?;
            match claims.filter(|claims| claims.grant_type == REFRESH) {
                Some(claims) => Access::of_token(app, registry, &claims).await?,
                None => None,
            }
        }
        Grant::Password(user, password) => match login(app, registry, user, password).await? {
            Login::Identity(identity) => Access::of(app, registry, identity).await?,
            Login::Token(claims) => {
                refresh_token = (claims.grant_type == REFRESH).then(|| password.to_owned());
                Access::of_token(app, registry, &claims).await?
            }
            Login::Wrong => None,
            Login::TooMany => return Err(Refusal::TooMany),
        },
        Grant::Anonymous => Access::of(app, registry, Identity::Anonymous).await?,
    };
    let access = access.ok_or_else(Refusal::unknown_caller)?;
    let mut claims = Claims::new(app, registry, access.identity(), ACCESS, ACCESS_SECONDS);
    claims.access = Some(access.rights().narrow(asked.scopes, registry));
    // An access token in place of a password must not outlive itself by what it is changed for.
    if let (Grant::Password(..), Some(ends)) = (asked.grant, access.ends()) {
        claims.exp = claims.exp.min(ends.timestamp());
    }
    Ok(Granted {
        access_token: claims.sign(app).await?,
        refresh_token,
    })
}

/// A token for whoever comes to the server before naming a registry that is there. It opens none of
/// them, so nothing is asked of its holder: what is wrong is told where a registry is named.
pub(crate) async fn blank_token(app: &App, audience: &str) -> Result<Granted, Refusal> {
    let now = app.now().timestamp();
    let claims = json!({
        "iss": ISSUER,
        "aud": audience,
        "iat": now,
        "exp": now + ACCESS_SECONDS,
        "access": [],
    });
    Ok(Granted {
        access_token: app.signer().await?.sign_for_registry(&claims)?,
        refresh_token: None,
    })
}

/// Reads the scopes that are asked for: texts of one or more each.
pub(crate) fn scopes<'a>(asked: impl Iterator<Item = &'a str>) -> Result<Vec<Scope>, Refusal> {
    let mut scopes = Vec::new();
    for text in asked {
        let more = Scope::parse_list(text)
            .map_err(|_| Refusal::Invalid("a scope is written TYPE:NAME:ACTION[,ACTION]"))?;
        scopes.extend(more);
    }
    if scopes.len() > MOST_SCOPES {
        return Err(Refusal::Invalid("too many scopes are asked for at once"));
    }
    Ok(scopes)
}
