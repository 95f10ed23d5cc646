//! Who asks something of a registry.

use crate::domain::caller::{Caller, CallerKind};

use super::{Registry, claims::Claims};

/// Whoever asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// Somebody of the directory.
    Principal(Caller),
    /// The admin user.
    AdminUser,
    /// A token of the registry.
    Token {
        /// Its name.
        name: String,
        /// Names the password that it used.
        key_id: String,
    },
    /// Nobody.
    Anonymous,
}

const USER: &str = "user";
const APPLICATION: &str = "app";
const ADMIN_USER: &str = "admin";
const TOKEN: &str = "token";
const ANONYMOUS: &str = "anonymous";

impl Identity {
    /// The name to record.
    pub fn name<'a>(&'a self, registry: &'a Registry) -> &'a str {
        match self {
            Self::Principal(caller) => &caller.name,
            Self::AdminUser => registry.name(),
            Self::Token { name, .. } => name,
            Self::Anonymous => ANONYMOUS,
        }
    }

    /// What kind it is, as tokens say it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Principal(caller) => match caller.kind {
                CallerKind::User => USER,
                CallerKind::Application => APPLICATION,
            },
            Self::AdminUser => ADMIN_USER,
            Self::Token { .. } => TOKEN,
            Self::Anonymous => ANONYMOUS,
        }
    }

    /// Whom a token was issued to.
    pub(super) fn of(claims: &Claims) -> Option<Self> {
        let principal = |kind| {
            Some(Self::Principal(Caller {
                object_id: claims.oid.clone()?,
                name: claims.appid.clone().unwrap_or_else(|| claims.sub.clone()),
                kind,
            }))
        };
        match claims.idtyp.as_str() {
            USER => principal(CallerKind::User),
            APPLICATION => principal(CallerKind::Application),
            ADMIN_USER => Some(Self::AdminUser),
            TOKEN => Some(Self::Token {
                name: claims.sub.clone(),
                key_id: claims.pwd.clone()?,
            }),
            ANONYMOUS => Some(Self::Anonymous),
            _ => None,
        }
    }
}
