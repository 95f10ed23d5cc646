//! What an identity may do with the content of a registry.

use acr_api::{
    auth::{Action, ResourceKind, Scope},
    oci::RepositoryName,
};

use super::{
    Identity, Registry,
    demand::{CATALOG, DELETED_CATALOG},
};
use crate::{
    app::App,
    domain::{
        Error,
        caller::Caller,
        directory, repository_token, role,
        scope_map::{self, Entry},
    },
};

const PREFIX: &str = "Microsoft.ContainerRegistry/registries";

/// Everything that can be done with a repository, in the order in which tokens list it.
const ACTIONS: [Action; 7] = [
    Action::Pull,
    Action::Push,
    Action::Delete,
    Action::MetadataRead,
    Action::MetadataWrite,
    Action::DeletedRead,
    Action::DeletedRestore,
];

/// What can be done with what is in quarantine; nobody asks for it by name.
const QUARANTINE: [Action; 2] = [Action::QuarantineRead, Action::QuarantineWrite];

/// What a role's action lets its holder do with every repository.
const BY_ROLE: [(&str, &[Action]); 9] = [
    ("pull/read", &[Action::Pull, Action::MetadataRead]),
    ("push/write", &[Action::Push]),
    ("artifacts/delete", &[Action::Delete]),
    ("metadata/read", &[Action::MetadataRead]),
    ("metadata/write", &[Action::MetadataWrite]),
    ("deleted/read", &[Action::DeletedRead]),
    ("deleted/restore/action", &[Action::DeletedRestore]),
    ("quarantine/read", &[Action::QuarantineRead]),
    ("quarantine/write", &[Action::QuarantineWrite]),
];

/// The data action that lets its holder do something with a repository.
const BY_DATA_ACTION: [(Action, &str); 7] = [
    (Action::Pull, "repositories/content/read"),
    (Action::Push, "repositories/content/write"),
    (Action::Delete, "repositories/content/delete"),
    (Action::MetadataRead, "repositories/metadata/read"),
    (Action::MetadataWrite, "repositories/metadata/write"),
    (Action::QuarantineRead, QUARANTINE_READ),
    (Action::QuarantineWrite, "quarantinedArtifacts/write"),
];
const QUARANTINE_READ: &str = "quarantinedArtifacts/read";

/// What comes with the right to read what is in quarantine, where everything begins there.
const OF_SCANNERS: [Action; 2] = [Action::Pull, Action::MetadataRead];

/// What may be done.
pub(super) enum Rights {
    /// The same with every repository.
    Same {
        actions: Vec<Action>,
        has_catalog: bool,
    },
    /// What data actions and their conditions say.
    Roles(RepositoryRoles),
    /// What a scope map says.
    Map(Vec<Entry>),
    /// What an access token was given, as far as its holder still has it.
    Given {
        scopes: Vec<Scope>,
        within: Option<Box<Rights>>,
    },
}

/// The roles of a principal on a registry whose repositories have roles of their own.
pub(super) struct RepositoryRoles {
    held: role::Access,
    registry: String,
    has_quarantine: bool,
}

impl Rights {
    /// What an identity may do now; `None` if it is no longer there, or may not come in at all.
    pub(super) async fn of(
        app: &App,
        registry: &Registry,
        identity: &Identity,
    ) -> Result<Option<Self>, Error> {
        Ok(match identity {
            Identity::Principal(caller) => {
                match directory::find_principal(app, &caller.object_id).await? {
                    Some(_) => Some(of_principal(app, registry, caller).await?),
                    None => None,
                }
            }
            Identity::AdminUser => registry.has_admin_user().then(|| Self::Same {
                actions: ACTIONS.to_vec(),
                has_catalog: true,
            }),
            Identity::Token { name, key_id } => {
                let found = repository_token::find(app, &registry.id, name, key_id).await?;
                match found {
                    Some(proof) => {
                        Some(Self::Map(scope_map::entries(app, &proof.scope_map).await?))
                    }
                    None => None,
                }
            }
            Identity::Anonymous => registry.has_anonymous_pull().then(|| Self::Same {
                actions: vec![Action::Pull, Action::MetadataRead],
                has_catalog: true,
            }),
        })
    }

    /// Whether an action on a repository, which need not exist, is allowed.
    pub(super) fn allows(&self, repository: &RepositoryName, action: &Action) -> bool {
        match self {
            Self::Same { actions, .. } => actions.contains(action),
            Self::Roles(roles) => roles.allows(repository, action),
            Self::Map(entries) => entries.iter().any(|entry| match entry {
                Entry::Repository(pattern, right) => {
                    right.action() == *action && pattern.covers(repository)
                }
                Entry::Gateway(_) => false,
            }),
            Self::Given { scopes, within } => {
                let is_given = scopes.iter().any(|scope| {
                    scope.kind == ResourceKind::Repository
                        && scope.name == repository.as_str()
                        && has(scope, action)
                });
                is_given
                    && within
                        .as_ref()
                        .is_none_or(|rights| rights.allows(repository, action))
            }
        }
    }

    /// Whether the repositories may be listed.
    pub(super) fn allows_catalog(&self) -> bool {
        match self {
            Self::Same { has_catalog, .. } => *has_catalog,
            Self::Roles(roles) => roles.allows_data("catalog/read", None),
            Self::Map(_) => false,
            Self::Given { .. } => self.was_given(CATALOG, Self::allows_catalog),
        }
    }

    /// Whether the deleted repositories may be listed.
    pub(super) fn allows_deleted_catalog(&self) -> bool {
        match self {
            Self::Same { actions, .. } => actions.contains(&Action::DeletedRead),
            Self::Roles(roles) => roles.allows_control("deleted/read"),
            Self::Map(_) => false,
            Self::Given { .. } => self.was_given(DELETED_CATALOG, Self::allows_deleted_catalog),
        }
    }

    /// Whether there is nothing at all that may be done, as far as can be told.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Same { actions, .. } => actions.is_empty(),
            Self::Roles(roles) => !roles.may_do_anything(),
            Self::Map(entries) => entries.is_empty(),
            Self::Given { scopes, .. } => scopes.is_empty(),
        }
    }

    /// Of the scopes that are asked for, what is held. A resource of which nothing is held stays,
    /// without actions, so that whoever asked can see it.
    pub(super) fn narrow(&self, asked: Vec<Scope>, registry: &Registry) -> Vec<Scope> {
        let asked = Scope::union(asked).into_iter();
        asked
            .map(|mut scope| {
                if registry.has_quarantine() && scope.kind == ResourceKind::Repository {
                    scope.actions.extend(implied(&scope.actions));
                }
                Scope {
                    actions: self.held(&scope),
                    ..scope
                }
            })
            .collect()
    }

    /// What may be done with the registry as a whole, as refresh tokens list it.
    pub(super) fn permissions(&self) -> Vec<String> {
        let Self::Same { actions, .. } = self else {
            return Vec::new();
        };
        let words = [
            "read",
            "write",
            "delete",
            "metadata/read",
            "metadata/write",
            "deleted/read",
            "deleted/restore/action",
        ];
        let listed = ACTIONS.iter().zip(words);
        listed
            .filter(|(action, _)| actions.contains(action))
            .map(|(_, word)| word.to_owned())
            .collect()
    }

    fn held(&self, scope: &Scope) -> Vec<Action> {
        match (&scope.kind, scope.name.as_str()) {
            (ResourceKind::Registry, CATALOG) => all_if(self.allows_catalog()),
            (ResourceKind::Registry, DELETED_CATALOG) => all_if(self.allows_deleted_catalog()),
            (ResourceKind::Repository, name) => {
                let Ok(repository) = name.parse::<RepositoryName>() else {
                    return Vec::new();
                };
                let every = match scope.actions.contains(&Action::All) {
                    true => &ACTIONS[..],
                    false => &[],
                };
                let asked = scope
                    .actions
                    .iter()
                    .filter(|action| !every.contains(action));
                let held = every.iter().chain(asked);
                held.filter(|action| self.allows(&repository, action))
                    .cloned()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn was_given(&self, name: &str, still: impl Fn(&Self) -> bool) -> bool {
        let Self::Given { scopes, within } = self else {
            return false;
        };
        scopes.iter().any(|scope| {
            scope.kind == ResourceKind::Registry
                && scope.name == name
                && scope.actions.contains(&Action::All)
        }) && within.as_deref().is_none_or(still)
    }
}

impl RepositoryRoles {
    fn allows(&self, repository: &RepositoryName, action: &Action) -> bool {
        match action {
            Action::DeletedRead => self.allows_control("deleted/read"),
            Action::DeletedRestore => self.allows_control("deleted/restore/action"),
            _ => {
                let is_scanned = self.has_quarantine && OF_SCANNERS.contains(action);
                BY_DATA_ACTION.iter().any(|(known, word)| {
                    known == action && self.allows_data(word, Some(repository.as_str()))
                }) || is_scanned && self.allows_data(QUARANTINE_READ, Some(repository.as_str()))
            }
        }
    }

    fn allows_data(&self, word: &str, repository: Option<&str>) -> bool {
        let action = format!("{PREFIX}/{word}");
        self.held.allows_data(&action, &self.registry, repository)
    }

    fn allows_control(&self, word: &str) -> bool {
        self.held
            .allows(&format!("{PREFIX}/{word}"), &self.registry)
    }

    fn may_do_anything(&self) -> bool {
        let known = BY_DATA_ACTION.iter();
        let counted =
            known.filter(|(action, _)| self.has_quarantine || !QUARANTINE.contains(action));
        let words = counted.map(|(_, word)| *word);
        words.chain(["catalog/read"]).any(|word| {
            let action = format!("{PREFIX}/{word}");
            self.held.may_allow_data(&action, &self.registry)
        })
    }
}

async fn of_principal(app: &App, registry: &Registry, caller: &Caller) -> Result<Rights, Error> {
    let held = role::Access::of(app, caller).await?;
    let scope = registry.id.to_string();
    if registry.has_repository_roles() {
        return Ok(Rights::Roles(RepositoryRoles {
            held,
            registry: scope,
            has_quarantine: registry.has_quarantine(),
        }));
    }
    let mut actions = Vec::new();
    for (word, grants) in BY_ROLE {
        if held.allows(&format!("{PREFIX}/{word}"), &scope) {
            actions.extend(grants.iter().cloned());
        }
    }
    match registry.has_quarantine() {
        true if actions.contains(&Action::QuarantineRead) => actions.extend(OF_SCANNERS),
        true => {}
        false => actions.retain(|action| !QUARANTINE.contains(action)),
    }
    Ok(Rights::Same {
        has_catalog: actions.contains(&Action::Pull),
        actions,
    })
}

/// What whoever asks for these actions wants too: clients know nothing of quarantine.
fn implied(asked: &[Action]) -> Vec<Action> {
    let with = |known: &[Action], implied| {
        let is_asked = asked.iter().any(|action| known.contains(action));
        is_asked.then_some(implied)
    };
    let read = with(&[Action::All, Action::Pull], Action::QuarantineRead);
    let write = with(
        &[Action::All, Action::Push, Action::MetadataWrite],
        Action::QuarantineWrite,
    );
    read.into_iter().chain(write).collect()
}

fn has(scope: &Scope, action: &Action) -> bool {
    scope.actions.contains(action) || scope.actions.contains(&Action::All)
}

fn all_if(is_held: bool) -> Vec<Action> {
    match is_held {
        true => vec![Action::All],
        false => Vec::new(),
    }
}
