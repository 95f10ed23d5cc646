//! The stored form of a repository, how it is found and how it begins.

use acr_api::{acr::ChangeableAttributes, oci::RepositoryName};
use acr_store::Batch;
use serde::{Deserialize, Serialize};

use super::super::{
    collection::{DELETED_REPOSITORY, REPOSITORY, key},
    commit::absent,
    deleted::bury,
    identifier, refusal,
};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// A repository as it was read.
#[derive(Debug, Clone)]
pub struct Repository {
    pub(in super::super) registry_id: String,
    pub(in super::super) login_server: String,
    pub(in super::super) name: RepositoryName,
    pub(in super::super) record: Record,
    /// Whether what is deleted from it can be brought back for a while.
    pub(in super::super) keeps_deleted: bool,
    /// Whether manifests without a tag are deleted after a while.
    pub(in super::super) expires_untagged: bool,
    /// Whether what is pushed to it is pulled only after somebody has let it pass.
    pub(in super::super) has_quarantine: bool,
    /// Of one that is being deleted, when that began.
    deleted_at: Option<String>,
    pub(super) origin: Origin,
}

/// Where a repository was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Origin {
    /// It is there, with this revision; it may have to be written before something is put into it.
    Stored { revision: i64, is_stale: bool },
    /// It was deleted, and is there again once something is put into it.
    Deleted { revision: i64 },
    /// It begins.
    Nowhere,
}

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Record {
    pub(in super::super) id: String,
    pub(in super::super) created_time: String,
    pub(in super::super) attributes: ChangeableAttributes,
    /// Whether something may have been deleted from it that is kept: what is pushed is looked for among that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in super::super) has_deleted: bool,
    /// Whether it holds nothing and is about to go; a push that meanwhile puts something into it takes this back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in super::super) is_closing: bool,
}

/// The repository with this name.
pub async fn find(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Repository, Error> {
    match look_up(app, registry, name).await? {
        Some(repository) => Ok(repository),
        None => Err(refusal::name_unknown(name)),
    }
}

/// The repository with this name, or a new one that is there once [`Repository::require`] is committed.
pub(in super::super) async fn find_or_begin(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Repository, Error> {
    if let Some(repository) = find_any(app, registry, name).await? {
        return Ok(repository);
    }
    let record = Record {
        id: identifier::new()?,
        created_time: stamp::with_zulu(app.now()),
        attributes: ChangeableAttributes {
            teleport_enabled: Some(false),
            ..ChangeableAttributes::unlocked()
        },
        has_deleted: registry.keeps_deleted(),
        is_closing: false,
    };
    Ok(Repository::new(registry, name, record, Origin::Nowhere))
}

/// The repository with this name, be it there or deleted. A deletion that somebody has begun is completed first: what
/// was in the repository does not come back with its name.
pub(in super::super) async fn find_any(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Option<Repository>, Error> {
    let place = key(&registry.registry_id, name);
    loop {
        if let Some(repository) = look_up(app, registry, name).await? {
            return Ok(Some(repository));
        }
        let Some(document) = app.meta().get(DELETED_REPOSITORY, &place).await? else {
            return Ok(None);
        };
        let deleted: Deleted = document.parse()?;
        if deleted.burial.is_none() {
            let origin = Origin::Deleted {
                revision: document.revision,
            };
            let repository = Repository::new(registry, name, deleted.record, origin);
            return Ok(Some(repository));
        }
        bury(app, registry, name).await?;
    }
}

async fn look_up(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Option<Repository>, Error> {
    let place = key(&registry.registry_id, name);
    let Some(stored) = app.meta().get_as::<Record>(REPOSITORY, &place).await? else {
        return Ok(None);
    };
    let mut record = Record::clone(&stored);
    let is_first = registry.keeps_deleted() && !record.has_deleted;
    record.has_deleted |= is_first;
    let origin = Origin::Stored {
        revision: stored.revision,
        is_stale: is_first || record.is_closing,
    };
    Ok(Some(Repository::new(registry, name, record, origin)))
}

impl Repository {
    /// What the keys of its contents begin with.
    pub(in super::super) fn id(&self) -> &str {
        &self.record.id
    }

    pub(in super::super) fn attributes(&self) -> &ChangeableAttributes {
        &self.record.attributes
    }

    pub(in super::super) fn key(&self) -> String {
        key(&self.registry_id, &self.name)
    }

    fn new(registry: &Registry, name: &RepositoryName, record: Record, origin: Origin) -> Self {
        Self {
            registry_id: registry.registry_id.clone(),
            login_server: registry.login_server.clone(),
            name: name.clone(),
            record,
            keeps_deleted: registry.keeps_deleted(),
            expires_untagged: registry.untagged_days().is_some(),
            has_quarantine: registry.has_quarantine(),
            deleted_at: None,
            origin,
        }
    }

    /// One that is being deleted, as it was when that began. Nothing in it is waited for any more.
    pub(in super::super) fn dying(
        registry: &Registry,
        name: &RepositoryName,
        deleted: &Deleted,
        burial: Burial,
    ) -> Self {
        Self {
            keeps_deleted: burial.keeps,
            expires_untagged: false,
            deleted_at: Some(deleted.deleted_at.clone()),
            ..Self::new(registry, name, deleted.record.clone(), Origin::Nowhere)
        }
    }

    /// When that is deleted which a batch of now takes out of it.
    pub(in super::super) fn time_of_deletion(&self, app: &App) -> String {
        match &self.deleted_at {
            Some(time) => time.clone(),
            None => stamp::with_zulu(app.now()),
        }
    }

    /// The revision of one that is there.
    pub(in super::super) fn revision(&self) -> Option<i64> {
        match self.origin {
            Origin::Stored { revision, .. } => Some(revision),
            Origin::Deleted { .. } | Origin::Nowhere => None,
        }
    }

    /// Wants the repository to be as it was read, or makes it; at most once in a batch.
    pub(in super::super) fn require(&self, batch: Batch) -> Batch {
        let place = self.key();
        match self.origin {
            Origin::Stored {
                is_stale: true,
                revision,
            } => batch.replace(REPOSITORY, &place, revision, &self.open()),
            Origin::Stored { revision, .. } => batch.require(REPOSITORY, &place, revision),
            Origin::Deleted { revision } => batch
                .remove_if(DELETED_REPOSITORY, &place, revision)
                .insert(REPOSITORY, &place, &self.open()),
            Origin::Nowhere => {
                let batch = batch.insert(REPOSITORY, &place, &self.record);
                absent(DELETED_REPOSITORY, &place, batch)
            }
        }
    }

    /// Writes the repository as it was read, so that whoever relies on what was read has to look again.
    pub(in super::super) fn touch(&self, batch: Batch) -> Batch {
        match self.revision() {
            Some(revision) => batch.replace(REPOSITORY, &self.key(), revision, &self.open()),
            None => batch,
        }
    }

    fn open(&self) -> Record {
        Record {
            is_closing: false,
            ..self.record.clone()
        }
    }
}

/// What is stored of a repository that was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Deleted {
    pub(in super::super) record: Record,
    pub(in super::super) deleted_at: String,
    /// As long as something that it held is still where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in super::super) burial: Option<Burial>,
}

/// What becomes of all that a repository held which is being deleted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(in super::super) struct Burial {
    /// Whether it is kept, as the policy was when the deletion began.
    pub(in super::super) keeps: bool,
}
