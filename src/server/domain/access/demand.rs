//! What a request needs, in the words of scopes.

use acr_api::{
    auth::{Action, ResourceKind, Scope},
    oci::RepositoryName,
};

/// What a request needs of its caller.
#[derive(Debug, Clone, Copy)]
pub enum Demand<'a> {
    /// To be known, and nothing more: `GET /v2/`.
    Entry,
    /// To list the repositories.
    Catalog,
    /// To list the repositories that were deleted.
    DeletedCatalog,
    /// To do all of this with a repository, which need not exist.
    Repository(&'a RepositoryName, &'a [Action]),
}

/// The names of what can be asked of a registry as a whole.
pub(super) const CATALOG: &str = "catalog";
pub(super) const DELETED_CATALOG: &str = "deleted_catalog";

impl Demand<'_> {
    /// The scope that a token must have been given.
    pub(super) fn scope(self) -> Option<Scope> {
        let whole = |name: &str| Scope {
            kind: ResourceKind::Registry,
            class: None,
            name: name.to_owned(),
            actions: vec![Action::All],
        };
        match self {
            Self::Entry => None,
            Self::Catalog => Some(whole(CATALOG)),
            Self::DeletedCatalog => Some(whole(DELETED_CATALOG)),
            Self::Repository(name, actions) => Some(Scope {
                kind: ResourceKind::Repository,
                class: None,
                name: name.as_str().to_owned(),
                actions: actions.to_vec(),
            }),
        }
    }
}
