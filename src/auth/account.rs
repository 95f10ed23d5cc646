//! Whom a token belongs to.

/// The tenant, the subscription and the identity that the chain speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The Entra tenant.
    pub tenant_id: String,
    /// The subscription, if the link knows one; else the caller has to ask Resource Manager.
    pub subscription_id: Option<String>,
    /// Its display name, if known.
    pub subscription_name: Option<String>,
    /// The identity.
    pub user: User,
    /// The name of the cloud.
    pub cloud: String,
}

/// An identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// A sign-in name or a client id.
    pub name: String,
    /// What it is.
    pub kind: UserKind,
}

/// What an identity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    /// A person.
    User,
    /// An application.
    ServicePrincipal,
    /// An identity that Azure manages.
    ManagedIdentity,
}

/// Splits what a person gave for `--subscription` into an id or a name.
pub(crate) fn split_subscription(given: Option<&str>) -> (Option<String>, Option<String>) {
    match given {
        Some(id) if uuid::Uuid::try_parse(id).is_ok() => (Some(id.to_owned()), None),
        other => (None, other.map(str::to_owned)),
    }
}
