//! The stored forms of a manifest and how one is found: by its digest or a tag.

use acr_api::{
    acr::{ChangeableAttributes, ManifestChild},
    oci::{Digest, Reference, Tag},
};
use acr_store::Document;
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{MANIFEST, MANIFEST_CONTENT, key},
    lock, refusal, tag,
};
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
    pub(super) config_media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) architecture: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) os: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<Digest>,
    /// What a list lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) references: Vec<ManifestChild>,
    pub(in super::super) attributes: ChangeableAttributes,
}

impl Found {
    /// Its digest.
    pub fn digest(&self) -> &Digest {
        &self.record.digest
    }

    /// What it is served as.
    pub fn media_type(&self) -> &str {
        &self.record.media_type
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.record.size
    }

    pub(super) fn of(document: &Document) -> Result<Self, Error> {
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
pub(super) async fn look_up(
    app: &App,
    repository: &Repository,
    digest: &Digest,
) -> Result<Option<Found>, Error> {
    let stored = app
        .meta()
        .get(MANIFEST, &key(repository.id(), digest))
        .await?;
    stored.as_ref().map(Found::of).transpose()
}

/// The bytes of a manifest that was found; it may have been deleted since.
pub async fn content(app: &App, repository: &Repository, found: &Found) -> Result<Content, Error> {
    let place = key(repository.id(), found.digest());
    match app.meta().get(MANIFEST_CONTENT, &place).await? {
        Some(document) => Ok(document.parse()?),
        None => Err(refusal::manifest_unknown(&Reference::Digest(
            *found.digest(),
        ))),
    }
}
