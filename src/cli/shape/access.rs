//! The tables of what gives access to repositories: scope maps, tokens and their passwords.

use super::registry::SYSTEM_DATA;
use super::{Kind, Member, of, plain, show};
use serde_json::Value;

/// A scope map.
pub(crate) fn scope_map(value: Value) -> Value {
    show(value, SCOPE_MAP)
}

/// A token.
pub(crate) fn token(value: Value) -> Value {
    show(value, TOKEN)
}

/// The passwords of a token, just made.
pub(crate) fn token_credentials(value: Value) -> Value {
    show(value, GENERATED)
}

const SCOPE_MAP: &[Member] = &[
    plain("id"),
    plain("name"),
    plain("type"),
    of("systemData", Kind::Object(SYSTEM_DATA)),
    of("properties", Kind::Lifted(SCOPE_MAP_PROPERTIES)),
];

const SCOPE_MAP_PROPERTIES: &[Member] = &[
    plain("description"),
    // It has the name of another member, and az shows that one only.
    of("type", Kind::Hidden),
    of("creationDate", Kind::Time),
    plain("provisioningState"),
    plain("actions"),
];

const TOKEN: &[Member] = &[
    plain("id"),
    plain("name"),
    plain("type"),
    of("systemData", Kind::Object(SYSTEM_DATA)),
    of("properties", Kind::Lifted(TOKEN_PROPERTIES)),
];

const TOKEN_PROPERTIES: &[Member] = &[
    of("creationDate", Kind::Time),
    plain("provisioningState"),
    plain("scopeMapId"),
    of("credentials", Kind::Object(CREDENTIALS)),
    plain("status"),
];

const CREDENTIALS: &[Member] = &[
    of("certificates", Kind::List(CERTIFICATE)),
    of("passwords", Kind::List(PASSWORD)),
];

const CERTIFICATE: &[Member] = &[
    plain("name"),
    of("expiry", Kind::Time),
    plain("thumbprint"),
    plain("encodedPemCertificate"),
];

const PASSWORD: &[Member] = &[
    of("creationTime", Kind::Time),
    of("expiry", Kind::Time),
    plain("name"),
    plain("value"),
];

const GENERATED: &[Member] = &[plain("username"), of("passwords", Kind::List(PASSWORD))];
