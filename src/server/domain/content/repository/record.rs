//! The stored form of a repository, how it is found and how it begins.

use acr_api::{acr::ChangeableAttributes, oci::RepositoryName};
use acr_store::Batch;
use serde::{Deserialize, Serialize};

use super::super::{
    collection::{REPOSITORY, key},
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
    /// The revision the record has; none yet of one that begins.
    pub(super) revision: Option<i64>,
}

/// What is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Record {
    pub(in super::super) id: String,
    pub(in super::super) created_time: String,
    pub(in super::super) attributes: ChangeableAttributes,
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
    if let Some(repository) = look_up(app, registry, name).await? {
        return Ok(repository);
    }
    Ok(Repository {
        registry_id: registry.registry_id.clone(),
        login_server: registry.login_server.clone(),
        name: name.clone(),
        record: Record {
            id: identifier::new()?,
            created_time: stamp::with_zulu(app.now()),
            attributes: ChangeableAttributes {
                teleport_enabled: Some(false),
                ..ChangeableAttributes::unlocked()
            },
        },
        revision: None,
    })
}

async fn look_up(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
) -> Result<Option<Repository>, Error> {
    let stored = app
        .meta()
        .get(REPOSITORY, &key(&registry.registry_id, name))
        .await?;
    let Some(document) = stored else {
        return Ok(None);
    };
    Ok(Some(Repository {
        registry_id: registry.registry_id.clone(),
        login_server: registry.login_server.clone(),
        name: name.clone(),
        record: document.parse()?,
        revision: Some(document.revision),
    }))
}

impl Repository {
    /// What the keys of its contents begin with.
    pub(in super::super) fn id(&self) -> &str {
        &self.record.id
    }

    pub(in super::super) fn attributes(&self) -> &ChangeableAttributes {
        &self.record.attributes
    }

    pub(super) fn key(&self) -> String {
        key(&self.registry_id, &self.name)
    }

    /// Wants the repository to be as it was read, or makes it.
    pub(in super::super) fn require(&self, batch: Batch) -> Batch {
        match self.revision {
            Some(revision) => batch.require(REPOSITORY, &self.key(), revision),
            None => batch.insert(REPOSITORY, &self.key(), &self.record),
        }
    }

    /// Writes the repository as it was read, so that whoever relies on what was read has to look again.
    pub(in super::super) fn touch(&self, batch: Batch) -> Batch {
        match self.revision {
            Some(revision) => batch.replace(REPOSITORY, &self.key(), revision, &self.record),
            None => batch,
        }
    }
}
