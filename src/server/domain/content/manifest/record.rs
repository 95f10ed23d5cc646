//! The stored forms of a manifest and how one is found: by its digest or a tag.

use acr_api::{
    acr::{ChangeableAttributes, ManifestChild},
    oci::{Digest, Manifest, Reference, Tag},
};
use acr_store::{Batch, Document};
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{MANIFEST, MANIFEST_CONTENT, key},
    lock, refusal, tag,
};
use super::prepare::Prepared;
use crate::{app::App, domain::Error};

/// A manifest as it was read, without its bytes.
#[derive(Debug, Clone)]
pub struct Found {
    pub(in super::super) record: Record,
    pub(in super::super) revision: i64,
}

/// The bytes of a manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Exactly as they were pushed; manifests are UTF-8.
    pub text: String,
}

/// What is stored besides the bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Record {
    pub(in super::super) digest: Digest,
    pub(super) media_type: String,
    /// Of the manifest itself.
    pub(super) size: u64,
    /// Of all it stands for.
    pub(super) image_size: u64,
    pub(super) created_time: String,
    pub(super) last_update_time: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_pull_time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) config_media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) architecture: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) os: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in super::super) subject: Option<Digest>,
    /// What a list lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) references: Vec<ManifestChild>,
    pub(in super::super) attributes: ChangeableAttributes,
    /// Whether it is about to be deleted, unless a list comes to need it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_leaving: bool,
}

impl Record {
    /// Whether these are its bytes.
    pub(in super::super) fn is_of(&self, text: &str) -> Result<bool, Error> {
        let digest = Prepared::digest_of(self.digest.algorithm(), text.as_bytes())?;
        Ok(digest == self.digest)
    }

    /// The manifest whose bytes these are.
    pub(in super::super) fn parse(&self, text: &str) -> Result<Manifest, Error> {
        Manifest::parse(text.as_bytes(), Some(&self.media_type))
            .map_err(|error| Error::internal(error.to_string()))
    }
}

impl Found {
    /// Its digest.
    pub fn digest(&self) -> &Digest {
        &self.record.digest
    }

    /// Whether it is about to be deleted because nothing keeps it.
    pub(in super::super) fn is_leaving(&self) -> bool {
        self.record.is_leaving
    }

    /// What is stored of it when it is.
    pub(in super::super) fn leaving(&self) -> Record {
        Record {
            is_leaving: true,
            ..self.record.clone()
        }
    }

    /// Wants the manifest to be there as it is, because the batch comes to need it.
    pub(super) fn require(&self, place: &str, batch: Batch) -> Batch {
        if !self.record.is_leaving {
            return batch.require(MANIFEST, place, self.revision);
        }
        let staying = Record {
            is_leaving: false,
            ..self.record.clone()
        };
        batch.replace(MANIFEST, place, self.revision, &staying)
    }

    /// What it is served as.
    pub fn media_type(&self) -> &str {
        &self.record.media_type
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.record.size
    }

    pub(in super::super) fn of(document: &Document) -> Result<Self, Error> {
        Ok(Self {
            record: document.parse()?,
            revision: document.revision,
        })
    }
}

/// The manifest that a reference names, if it may be read.
pub async fn find(
    app: &App,
    repository: &Repository,
    reference: &Reference,
) -> Result<Found, Error> {
    lock::check_read(repository.attributes())?;
    let found = match reference {
        Reference::Digest(digest) => look_up(app, repository, digest).await?,
        Reference::Tag(name) => named(app, repository, name).await?,
    };
    let Some(found) = found else {
        return Err(refusal::manifest_unknown(reference));
    };
    lock::check_read(&found.record.attributes)?;
    Ok(found)
}

/// The manifest that a tag names. Between the two looks the tag may have moved and its old manifest been deleted: then
/// it names another one by now.
async fn named(app: &App, repository: &Repository, name: &Tag) -> Result<Option<Found>, Error> {
    let mut before = None;
    loop {
        let Some(tagged) = tag::find(app, repository, name).await? else {
            return Ok(None);
        };
        lock::check_read(&tagged.record.attributes)?;
        let found = look_up(app, repository, &tagged.digest).await?;
        if found.is_some() || before == Some(tagged.digest) {
            return Ok(found);
        }
        before = Some(tagged.digest);
    }
}

/// The manifest of this digest, if there is one.
pub(in super::super) async fn look_up(
    app: &App,
    repository: &Repository,
    digest: &Digest,
) -> Result<Option<Found>, Error> {
    if repository.is_dying(digest) {
        return Ok(None);
    }
    let place = key(repository.id(), digest);
    let stored = app.meta().get_as::<Record>(MANIFEST, &place).await?;
    Ok(stored.map(|stored| Found {
        record: Record::clone(&stored),
        revision: stored.revision,
    }))
}

/// The bytes of a manifest that was found; it may have been deleted since.
pub async fn content(app: &App, repository: &Repository, found: &Found) -> Result<Content, Error> {
    content_of(app, repository.id(), found.digest()).await
}

/// The bytes of the manifest of this digest, be it there or deleted.
pub(in super::super) async fn content_of(
    app: &App,
    id: &str,
    digest: &Digest,
) -> Result<Content, Error> {
    let stored = app
        .meta()
        .get_as(MANIFEST_CONTENT, &key(id, digest))
        .await?;
    match stored {
        Some(stored) => Ok(Content::clone(&stored)),
        None => Err(refusal::manifest_unknown(&Reference::Digest(*digest))),
    }
}
