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
    /// To do one of these with a repository; the first is what a token is asked for.
    AnyOf(&'a RepositoryName, &'a [Action]),
    /// To push to a repository, and to take a blob of another one if that may be read: where it may
    /// not, the blob is pushed instead.
    Mount {
        /// Where the blob is wanted.
        target: &'a RepositoryName,
        /// Where it is said to be.
        source: &'a RepositoryName,
    },
}

/// What a push needs.
pub(crate) const PUSH: &[Action] = &[Action::Pull, Action::Push];

/// The names of what can be asked of a registry as a whole.
pub(super) const CATALOG: &str = "catalog";
pub(super) const DELETED_CATALOG: &str = "deleted_catalog";

impl Demand<'_> {
    /// The scopes that a token should have been given.
    pub(super) fn scopes(self) -> Vec<Scope> {
        let whole = |name: &str| Scope {
            kind: ResourceKind::Registry,
            class: None,
            name: name.to_owned(),
            actions: vec![Action::All],
        };
        let repository = |name: &RepositoryName, actions: &[Action]| Scope {
            kind: ResourceKind::Repository,
            class: None,
            name: name.as_str().to_owned(),
            actions: actions.to_vec(),
        };
        match self {
            Self::Entry => Vec::new(),
            Self::Catalog => vec![whole(CATALOG)],
            Self::DeletedCatalog => vec![whole(DELETED_CATALOG)],
            Self::Repository(name, actions) => vec![repository(name, actions)],
            Self::AnyOf(name, actions) => vec![repository(name, &actions[..1.min(actions.len())])],
            Self::Mount { target, source } => Scope::union([
                repository(target, PUSH),
                repository(source, &[Action::Pull]),
            ]),
        }
    }
}
