//! Access tokens: what they say, and whether one that comes back is ours and still good.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};

use super::Signer;
use crate::{
    app::App,
    domain::{
        Error,
        caller::{Caller, CallerKind},
        directory, random,
    },
};

/// How long a token holds.
pub const LIFETIME_SECONDS: i64 = 3599;
/// How far the clocks of two machines may be apart.
const LEEWAY_SECONDS: i64 = 300;
/// Tokens longer than this are not ours.
const LONGEST_TOKEN: usize = 16 * 1024;

/// The claims of an access token, named as Entra's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessToken {
    /// For which resource it is.
    pub aud: String,
    /// Who issued it.
    pub iss: String,
    /// When, in seconds since 1970.
    pub iat: i64,
    /// From when it holds.
    pub nbf: i64,
    /// Until when it holds.
    pub exp: i64,
    /// The client's id.
    pub appid: String,
    /// How the client proved itself: 0 not at all, 1 by secret, 2 by signature.
    pub appidacr: String,
    /// `app` or `user`.
    pub idtyp: String,
    /// The principal.
    pub oid: String,
    /// The principal once more.
    pub sub: String,
    /// The tenant.
    pub tid: String,
    /// A word that no other token has.
    pub uti: String,
    /// The format.
    pub ver: String,
    /// What a user lets the client do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    /// The name of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
}

/// Whom a token is issued to.
pub struct Grantee<'a> {
    /// The principal.
    pub object_id: &'a str,
    /// The name of the user, if it is one.
    pub user_name: Option<&'a str>,
    /// The client's id.
    pub client_id: &'a str,
    /// How the client proved itself.
    pub proof: &'static str,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is no token of ours, or was changed.
    Invalid(&'static str),
    /// It was good until then.
    Expired(DateTime<Utc>),
    /// It is for another resource.
    Audience(String),
}

/// Issues a token for a resource.
pub fn issue(
    app: &App,
    signer: &Signer,
    issuer: &str,
    audience: &str,
    grantee: &Grantee<'_>,
) -> Result<String, Error> {
    let now = app.now().timestamp();
    signer.sign(&AccessToken {
        aud: audience.to_owned(),
        iss: issuer.to_owned(),
        iat: now,
        nbf: now,
        exp: now + LIFETIME_SECONDS,
        appid: grantee.client_id.to_owned(),
        appidacr: grantee.proof.to_owned(),
        idtyp: if grantee.user_name.is_some() {
            "user"
        } else {
            "app"
        }
        .to_owned(),
        oid: grantee.object_id.to_owned(),
        sub: grantee.object_id.to_owned(),
        tid: app.tenancy().tenant_id.clone(),
        uti: URL_SAFE_NO_PAD.encode(random::bytes::<16>()?),
        ver: "1.0".to_owned(),
        scp: grantee.user_name.map(|_| "user_impersonation".to_owned()),
        upn: grantee.user_name.map(str::to_owned),
    })
}

/// Reads a token back, if it is ours, unchanged, in time, for one of these resources, and of a
/// principal that is still there.
pub async fn verify(
    app: &App,
    token: &str,
    audiences: &[&str],
) -> Result<Result<Caller, Refusal>, Error> {
    if token.len() > LONGEST_TOKEN {
        return Ok(Err(Refusal::Invalid("it is too long")));
    }
    let signer = app.signer().await?;
    let mut validation = Validation::new(Algorithm::RS256);
    // Times are checked below, against the server's own clock.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let Ok(data) = jsonwebtoken::decode::<AccessToken>(token, signer.public(), &validation) else {
        return Ok(Err(Refusal::Invalid("its signature or its form is wrong")));
    };
    let caller = match check(app, data.claims, audiences) {
        Ok(caller) => caller,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match directory::find_principal(app, &caller.object_id).await? {
        Some(_) => Ok(Ok(caller)),
        None => Ok(Err(Refusal::Invalid("its principal was deleted"))),
    }
}

fn check(app: &App, claims: AccessToken, audiences: &[&str]) -> Result<Caller, Refusal> {
    let now = app.now().timestamp();
    if claims.tid != app.tenancy().tenant_id {
        return Err(Refusal::Invalid("it is of another tenant"));
    }
    if claims.nbf > now + LEEWAY_SECONDS {
        return Err(Refusal::Invalid("it does not hold yet"));
    }
    if claims.exp <= now {
        return Err(Refusal::Expired(
            DateTime::from_timestamp(claims.exp, 0).unwrap_or_default(),
        ));
    }
    let audience = claims.aud.trim_end_matches('/');
    if !audiences
        .iter()
        .any(|known| known.eq_ignore_ascii_case(audience))
    {
        return Err(Refusal::Audience(claims.aud));
    }
    let is_user = claims.idtyp == "user";
    Ok(Caller {
        object_id: claims.oid,
        kind: if is_user {
            CallerKind::User
        } else {
            CallerKind::Application
        },
        name: claims.upn.filter(|_| is_user).unwrap_or(claims.appid),
    })
}

/// The resources whose tokens the management endpoint takes: its own address as configured and as
/// asked, and Azure's.
pub fn audiences<'a>(app: &'a App, base: &'a str) -> [&'a str; 4] {
    [
        app.settings().endpoint.as_str(),
        base,
        "https://management.azure.com",
        "https://management.core.windows.net",
    ]
}
