//! Lets a request in: first by its address, then by its credentials, then by what it needs.

use std::{net::IpAddr, sync::Arc};

use acr_api::{auth::Action, oci::RepositoryName};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};

use super::{
    Demand, Identity, Refusal, Registry,
    claims::{self, ACCESS, Claims, REFRESH},
    demand::PUSH,
    login::{Login, login},
    memory::print,
    rights::Rights,
};
use crate::{app::App, domain::Error};

const INVALID_TOKEN: Option<&str> = Some("invalid_token");
const INSUFFICIENT_SCOPE: Option<&str> = Some("insufficient_scope");
/// Longer headers hold no credentials of ours.
const LONGEST_HEADER: usize = 128 * 1024;

/// A request in front of a registry.
#[derive(Debug, Clone, Copy)]
pub struct Knock<'a> {
    /// The registry.
    pub registry: &'a Arc<Registry>,
    /// The address it comes from, if that is known.
    pub peer: Option<IpAddr>,
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
}

/// A caller that was let in, with its rights on one registry.
pub struct Access {
    registry: Arc<Registry>,
    identity: Identity,
    rights: Rights,
    /// When the token it came with ends.
    ends: Option<DateTime<Utc>>,
}

/// Lets a request in, if its caller may do what it needs.
///
/// The first request with a credential costs a check of a signature or of a password's hash, and
/// one to four reads. The next ones cost a hash of the header and a look-up; what follows from the
/// metadata is worked out again after each change of it, and after a second: the rights of Basic
/// callers, and whether the password, the status and the scope map of a registry's token still
/// allow what its access token was given.
pub async fn admit(
    app: &App,
    knock: Knock<'_>,
    demand: Demand<'_>,
) -> Result<Arc<Access>, Refusal> {
    check_network(knock.registry, knock.peer)?;
    let header = knock
        .authorization
        .filter(|header| header.len() <= LONGEST_HEADER)
        .ok_or_else(|| Refusal::unauthorized(demand, None))?;
    let key = print(&[&knock.registry.registry_id, header]);
    let now = app.now();
    let kept = app.access_memory().callers.get(&key, now);
    let access = match kept.filter(|access| access.ends.is_none_or(|ends| now < ends)) {
        Some(access) => access,
        None => {
            let epoch = app.access_memory().epoch();
            let authenticated = Box::pin(authenticate(app, knock.registry, header, demand));
            let access = Arc::new(authenticated.await?);
            let kept = Arc::clone(&access);
            app.access_memory().callers.keep(key, kept, epoch, now);
            access
        }
    };
    access.require(demand)?;
    if let Demand::Mount { source, .. } = demand
        && access.could_pull(app, source).await?
    {
        return Err(Refusal::unauthorized(demand, INSUFFICIENT_SCOPE));
    }
    Ok(access)
}

/// Refuses an address that the network rules keep out, before anything else is said.
pub(crate) fn check_network(registry: &Registry, peer: Option<IpAddr>) -> Result<(), Refusal> {
    match registry.network.admits(peer) {
        true => Ok(()),
        false => Err(Refusal::Network(peer.map(|address| address.to_canonical()))),
    }
}

impl Access {
    /// The registry that the rights are on.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Who it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The name to record for what is done.
    pub fn name(&self) -> &str {
        self.identity.name(&self.registry)
    }

    /// Whether an action on a repository, which need not exist, is allowed.
    pub fn allows(&self, repository: &RepositoryName, action: &Action) -> bool {
        self.rights.allows(repository, action)
    }

    /// Whether the repositories may be listed.
    pub fn allows_catalog(&self) -> bool {
        self.rights.allows_catalog()
    }

    /// Whether the deleted repositories may be listed.
    pub fn allows_deleted_catalog(&self) -> bool {
        self.rights.allows_deleted_catalog()
    }

    /// Refuses what is not allowed.
    pub fn require(&self, demand: Demand<'_>) -> Result<(), Refusal> {
        let is_met = match demand {
            Demand::Entry => true,
            Demand::Catalog => self.allows_catalog(),
            Demand::DeletedCatalog => self.allows_deleted_catalog(),
            Demand::Repository(name, actions) => {
                actions.iter().all(|action| self.allows(name, action))
            }
            Demand::AnyOf(name, actions) => actions.iter().any(|action| self.allows(name, action)),
            Demand::Mount { target, .. } => PUSH.iter().all(|action| self.allows(target, action)),
        };
        match is_met {
            true => Ok(()),
            false => Err(Refusal::unauthorized(demand, INSUFFICIENT_SCOPE)),
        }
    }

    /// Whether a token lacks what its holder may have: a client that is told so asks for another
    /// one and mounts the blob, in place of sending it. To one that may not read the source no
    /// token would help, so it is not asked.
    async fn could_pull(&self, app: &App, source: &RepositoryName) -> Result<bool, Error> {
        if self.allows(source, &Action::Pull) || !matches!(self.rights, Rights::Given { .. }) {
            return Ok(false);
        }
        let now = Self::of(app, &self.registry, self.identity.clone()).await?;
        Ok(now.is_some_and(|now| now.allows(source, &Action::Pull)))
    }

    /// What may be done.
    pub(super) fn rights(&self) -> &Rights {
        &self.rights
    }

    /// When the token it came with ends.
    pub(super) fn ends(&self) -> Option<DateTime<Utc>> {
        self.ends
    }

    /// The access of an identity, if it still may come in.
    pub(crate) async fn of(
        app: &App,
        registry: &Arc<Registry>,
        identity: Identity,
    ) -> Result<Option<Self>, Error> {
        let rights = Rights::of(app, registry, &identity).await?;
        Ok(rights.map(|rights| Self {
            registry: Arc::clone(registry),
            identity,
            rights,
            ends: None,
        }))
    }

    /// The access of whoever holds a token of the registry: all that the identity behind a refresh
    /// token may do now, or what an access token was given. Principals keep what they were given
    /// until the token ends, as in Azure; everybody else only as long as they still have it.
    pub(super) async fn of_token(
        app: &App,
        registry: &Arc<Registry>,
        claims: &Claims,
    ) -> Result<Option<Self>, Error> {
        let Some(identity) = Identity::of(claims) else {
            return Ok(None);
        };
        let ends = DateTime::from_timestamp(claims.exp, 0);
        if claims.grant_type == REFRESH {
            let access = Self::of(app, registry, identity).await?;
            return Ok(access.map(|access| Self { ends, ..access }));
        }
        if claims.grant_type != ACCESS {
            return Ok(None);
        }
        let within = match &identity {
            Identity::Principal(_) => None,
            _ => match Rights::of(app, registry, &identity).await? {
                Some(rights) => Some(Box::new(rights)),
                None => return Ok(None),
            },
        };
        Ok(Some(Self {
            registry: Arc::clone(registry),
            identity,
            rights: Rights::Given {
                scopes: claims.access.clone().unwrap_or_default(),
                within,
            },
            ends,
        }))
    }
}

async fn authenticate(
    app: &App,
    registry: &Arc<Registry>,
    header: &str,
    demand: Demand<'_>,
) -> Result<Access, Refusal> {
    let refuse = |error| Refusal::unauthorized(demand, error);
    let (scheme, value) = header.split_once(' ').ok_or_else(|| refuse(None))?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        let claims = claims::read(app, registry, value.trim()).await?;
        let claims = claims
            .filter(|claims| claims.grant_type == ACCESS)
            .ok_or_else(|| refuse(INVALID_TOKEN))?;
        let access = Access::of_token(app, registry, &claims).await?;
        return access.ok_or_else(|| refuse(INVALID_TOKEN));
    }
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(refuse(None));
    }
    let (user, password) = basic(value).ok_or_else(|| refuse(None))?;
    let access = match login(app, registry, &user, &password).await? {
        Login::Identity(identity) => Access::of(app, registry, identity).await?,
        Login::Token(claims) => Access::of_token(app, registry, &claims).await?,
        Login::Wrong => None,
        Login::TooMany => return Err(Refusal::TooMany),
    };
    access.ok_or_else(|| refuse(None))
}

/// Name and password of a `Basic` header's value.
pub(crate) fn basic(value: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
