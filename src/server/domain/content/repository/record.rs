//! The stored forms of a repository, and what a batch does with one as it was read.

use std::collections::BTreeSet;

use acr_api::{
    acr::ChangeableAttributes,
    oci::{Digest, RepositoryName},
};
use acr_store::Batch;
use serde::{Deserialize, Serialize};

use super::super::{
    collection::{BARE_REPOSITORY, DELETED_REPOSITORY, REPOSITORY, key},
    commit::absent,
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
    /// Of one that was deleted, or from which something is being deleted, when that began.
    deleted_at: Option<String>,
    pub(super) origin: Origin,
}

/// Where a repository was found. A name is in one of these places at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Origin {
    /// It is there, with this revision; it may have to be written before something is put into it.
    Stored { revision: i64, is_stale: bool },
    /// It has no manifest, so that nobody sees it; but blobs wait in it for one.
    Bare { revision: i64, is_stale: bool },
    /// It was deleted, and is there again once a manifest is put into it; blobs may wait in it for that.
    Deleted { revision: i64, has_blobs: bool },
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
    /// What is being deleted from it. Who reads leaves it out, and who writes first completes the deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in super::super) dying: Option<Dying>,
}

/// Manifests that are being deleted with all their tags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Dying {
    /// Those that are still where they were; none if only the repository is to be looked at, which may be bare.
    pub(in super::super) manifests: BTreeSet<Digest>,
    pub(in super::super) deleted_at: String,
    /// Whether they are kept, as the policy was when the deletion began.
    pub(in super::super) keeps: bool,
}

/// The attributes in which a repository begins.
pub(super) fn unlocked() -> ChangeableAttributes {
    ChangeableAttributes {
        teleport_enabled: Some(false),
        ..ChangeableAttributes::unlocked()
    }
}

impl Record {
    /// What is stored of it when nothing is left in it but blobs. Whoever puts a manifest into it begins a new one.
    pub(in super::super) fn bare(&self) -> Self {
        Self {
            attributes: unlocked(),
            has_deleted: false,
            is_closing: false,
            dying: None,
            ..self.clone()
        }
    }
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

    pub(super) fn new(
        registry: &Registry,
        name: &RepositoryName,
        record: Record,
        origin: Origin,
    ) -> Self {
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

    /// One that was deleted.
    pub(super) fn of_deleted(
        registry: &Registry,
        name: &RepositoryName,
        deleted: Deleted,
        revision: i64,
    ) -> Self {
        let origin = Origin::Deleted {
            revision,
            has_blobs: deleted.has_blobs,
        };
        Self {
            deleted_at: Some(deleted.deleted_at),
            ..Self::new(registry, name, deleted.record, origin)
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

    /// Whether a manifest is being deleted.
    pub(in super::super) fn is_dying(&self, digest: &Digest) -> bool {
        let dying = self.record.dying.as_ref();
        dying.is_some_and(|dying| dying.manifests.contains(digest))
    }

    /// The same repository as it is now, unless something is being deleted from it or it is no longer there.
    pub(in super::super) async fn again(&self, app: &App) -> Result<Option<Self>, Error> {
        let stored = app.meta().get_as::<Record>(REPOSITORY, &self.key()).await?;
        let stored = stored.filter(|stored| stored.id == self.id() && stored.dying.is_none());
        Ok(stored.map(|stored| Self {
            record: Record::clone(&stored),
            origin: Origin::Stored {
                revision: stored.revision,
                is_stale: false,
            },
            ..self.clone()
        }))
    }

    /// What is being deleted from it by now, if anything, and the repository as that deletion sees it.
    pub(in super::super) async fn with_dying(
        &self,
        app: &App,
    ) -> Result<Option<(Self, Dying)>, Error> {
        let stored = app.meta().get_as::<Record>(REPOSITORY, &self.key()).await?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        let mut record = Record::clone(&stored);
        let Some(dying) = record.dying.take() else {
            return Ok(None);
        };
        let repository = Self {
            record,
            keeps_deleted: dying.keeps,
            deleted_at: Some(dying.deleted_at.clone()),
            origin: Origin::Stored {
                revision: stored.revision,
                is_stale: false,
            },
            ..self.clone()
        };
        Ok(Some((repository, dying)))
    }

    /// The revision of one that is there.
    pub(in super::super) fn revision(&self) -> Option<i64> {
        match self.origin {
            Origin::Stored { revision, .. } => Some(revision),
            Origin::Bare { .. } | Origin::Deleted { .. } | Origin::Nowhere => None,
        }
    }

    /// Wants the repository to be as it was read, or makes one in which blobs can wait; at most once in a batch.
    pub(in super::super) fn require(&self, batch: Batch) -> Batch {
        let place = self.key();
        let (held, revision, is_stale) = match self.origin {
            Origin::Stored { revision, is_stale } => (REPOSITORY, revision, is_stale),
            Origin::Bare { revision, is_stale } => (BARE_REPOSITORY, revision, is_stale),
            Origin::Deleted {
                revision,
                has_blobs: true,
            } => (DELETED_REPOSITORY, revision, false),
            Origin::Deleted { revision, .. } => {
                return batch.replace(DELETED_REPOSITORY, &place, revision, &self.deleted());
            }
            Origin::Nowhere => {
                let batch = self.leave(REPOSITORY, batch);
                return batch.insert(BARE_REPOSITORY, &place, &self.open());
            }
        };
        match is_stale {
            true => batch.replace(held, &place, revision, &self.open()),
            false => batch.require(held, &place, revision),
        }
    }

    /// What is stored of it when it is deleted, and blobs may wait in it.
    fn deleted(&self) -> Deleted {
        Deleted {
            record: self.open(),
            deleted_at: self.deleted_at.clone().unwrap_or_default(),
            burial: None,
            has_blobs: true,
        }
    }

    /// Wants the repository to be as it was read, or makes it, because the batch puts a manifest into it; at most once
    /// in a batch.
    pub(in super::super) fn fill(&self, batch: Batch) -> Batch {
        if self.revision().is_some() {
            return self.require(batch);
        }
        let batch = self.leave(BARE_REPOSITORY, batch);
        batch.insert(REPOSITORY, &self.key(), &self.open())
    }

    /// Takes the name away from where it was found. If that was nowhere, it must not be at `other` either.
    fn leave(&self, other: &str, batch: Batch) -> Batch {
        let place = self.key();
        match self.origin {
            Origin::Stored { revision, .. } => batch.remove_if(REPOSITORY, &place, revision),
            Origin::Bare { revision, .. } => batch.remove_if(BARE_REPOSITORY, &place, revision),
            Origin::Deleted { revision, .. } => {
                batch.remove_if(DELETED_REPOSITORY, &place, revision)
            }
            Origin::Nowhere => absent(DELETED_REPOSITORY, &place, absent(other, &place, batch)),
        }
    }

    /// Writes the repository as it was read, so that whoever relies on what was read has to look again.
    pub(in super::super) fn touch(&self, batch: Batch) -> Batch {
        self.write(&self.open(), batch)
    }

    /// Writes another record for a repository that is there.
    pub(in super::super) fn write(&self, record: &Record, batch: Batch) -> Batch {
        match self.revision() {
            Some(revision) => batch.replace(REPOSITORY, &self.key(), revision, record),
            None => batch,
        }
    }

    pub(super) fn open(&self) -> Record {
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
    /// Whether blobs can be read from it: it went with its last manifest, or some were pushed to it since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in super::super) has_blobs: bool,
}

/// What becomes of all that a repository held which is being deleted.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(in super::super) struct Burial {
    /// Whether it is kept, as the policy was when the deletion began.
    pub(in super::super) keeps: bool,
}
