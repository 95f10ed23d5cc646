//! The tokens of a registry: what they say, how long they hold, and how they are read back.

use std::sync::Arc;

use acr_api::auth::Scope;
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Identity, Registry, memory::print};
use crate::{
    app::App,
    domain::{Error, caller::CallerKind},
};

/// How long a refresh token holds: 3 h 15 min.
pub(super) const REFRESH_SECONDS: i64 = 11_700;
/// How long an access token holds: 75 min.
pub(super) const ACCESS_SECONDS: i64 = 4_500;

pub(super) const ISSUER: &str = "Azure Container Registry";
pub(super) const REFRESH: &str = "refresh_token";
pub(super) const ACCESS: &str = "access_token";
/// Tokens longer than this are not ours.
const LONGEST_TOKEN: usize = 64 * 1024;
/// How far the clocks of two servers may be apart.
const LEEWAY_SECONDS: i64 = 60;

/// What a token says. The last three members are our own: they name the identity for sure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(super) jti: String,
    pub(super) sub: String,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) version: String,
    pub(super) rid: String,
    pub(super) grant_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) appid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tenant: Option<String>,
    /// Of a refresh token: what the identity may do with the registry as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) permissions: Option<Permissions>,
    /// Of an access token: what it grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) access: Option<Vec<Scope>>,
    pub(super) roles: Vec<String>,
    pub(super) idtyp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oid: Option<String>,
    /// Names the password that a token of the registry used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pwd: Option<String>,
}

/// Rights on the registry as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Permissions {
    pub(super) actions: Vec<String>,
}

impl Claims {
    /// The claims that every token of an identity carries.
    pub(super) fn new(
        app: &App,
        registry: &Registry,
        identity: &Identity,
        grant_type: &str,
        seconds: i64,
    ) -> Self {
        let now = app.now().timestamp();
        let caller = match identity {
            Identity::Principal(caller) => Some(caller),
            _ => None,
        };
        let is_application = |kind: CallerKind| kind == CallerKind::Application;
        Self {
            jti: Uuid::new_v4().to_string(),
            sub: match caller {
                Some(caller) if is_application(caller.kind) => caller.object_id.clone(),
                _ => identity.name(registry).to_owned(),
            },
            nbf: now,
            exp: now + seconds,
            iat: now,
            iss: ISSUER.to_owned(),
            aud: registry.login_server.clone(),
            version: "1.0".to_owned(),
            rid: registry.registry_id.clone(),
            grant_type: grant_type.to_owned(),
            appid: caller
                .filter(|caller| is_application(caller.kind))
                .map(|caller| caller.name.clone()),
            tenant: caller.map(|_| app.tenancy().tenant_id.clone()),
            permissions: None,
            access: None,
            roles: Vec::new(),
            idtyp: identity.kind().to_owned(),
            oid: caller.map(|caller| caller.object_id.clone()),
            pwd: match identity {
                Identity::Token { key_id, .. } => Some(key_id.clone()),
                _ => None,
            },
        }
    }

    /// Signs them.
    pub(super) async fn sign(&self, app: &App) -> Result<String, Error> {
        app.signer().await?.sign_for_registry(self)
    }
}

/// Reads a token back, if it is one of this registry's, unchanged and in time. A signature is
/// checked once; after that, the hash of the token is looked up.
pub(super) async fn read(
    app: &App,
    registry: &Registry,
    token: &str,
) -> Result<Option<Arc<Claims>>, Error> {
    if token.len() > LONGEST_TOKEN {
        return Ok(None);
    }
    let print = print(&[token]);
    let now = app.now();
    let claims = match app.access_memory().signatures.get(&print) {
        Some(claims) => claims,
        None => {
            let Some(claims) = verify(app, token).await? else {
                return Ok(None);
            };
            let claims = Arc::new(claims);
            let kept = Arc::clone(&claims);
            app.access_memory().signatures.keep(print, kept, now);
            claims
        }
    };
    let seconds = now.timestamp();
    let is_good = claims.iss == ISSUER
        && claims.rid == registry.registry_id
        && claims.aud.eq_ignore_ascii_case(&registry.login_server)
        && claims.nbf <= seconds + LEEWAY_SECONDS
        && seconds < claims.exp;
    Ok(is_good.then_some(claims))
}

async fn verify(app: &App, token: &str) -> Result<Option<Claims>, Error> {
    let signer = app.signer().await?;
    let mut validation = Validation::new(Algorithm::RS256);
    // Times and audience are checked against the server's own clock and the registry.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let read = jsonwebtoken::decode::<Claims>(token, signer.public(), &validation);
    Ok(read.ok().map(|data| data.claims))
}
