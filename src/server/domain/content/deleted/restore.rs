//! Brings back a manifest, a tag of one, or both.

use acr_api::{
    acr::ManifestAttributes,
    oci::{Digest, Reference, RepositoryName, Tag},
};
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{DELETED_MANIFEST, DELETED_TAG_OF, DELETION, key, key3, last_part},
    commit::{MOST_ATTEMPTS, commit, lost},
    lock, manifest, refusal, repository,
    tag::{self, Naming, Pointer},
};
use super::keep::{Buried, Deletion, forget_tag, look_up};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// How often one tag can have named one manifest and still be found by the first look.
const MOST_TIMES: u32 = 1000;

/// What is to be brought back.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// Where it was.
    pub name: &'a RepositoryName,
    /// The manifest, which may be there still if only the tag was deleted.
    pub digest: &'a Digest,
    /// The tag it is to have.
    pub tag: Option<&'a Tag>,
    /// Whether the tag may be taken from another manifest.
    pub is_forced: bool,
}

/// Brings back what was deleted and tells what is known of it now. Neither the manifests of a list nor what is about
/// the manifest comes back with it.
pub async fn restore(
    app: &App,
    registry: &Registry,
    asked: Restore<'_>,
) -> Result<ManifestAttributes, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let Some(repository) = repository::find_any(app, registry, asked.name).await? else {
            return Err(refusal::name_unknown(asked.name));
        };
        lock::check_write(repository.attributes())?;
        let batch = plan(app, &repository, asked).await?;
        if commit(app, batch).await? {
            return manifest::attributes(app, &repository, asked.digest).await;
        }
    }
    Err(lost())
}

async fn plan(app: &App, repository: &Repository, asked: Restore<'_>) -> Result<Batch, Error> {
    let now = stamp::with_zulu(app.now());
    let batch = repository.fill(Batch::new());
    let batch = match look_up(app, repository.id(), asked.digest).await? {
        Some(buried) => unbury(app, repository, buried, &now, batch).await?,
        None => keep_named(app, repository, asked, &now, batch).await?,
    };
    let Some(tag) = asked.tag else {
        return Ok(batch);
    };
    let pointer = Pointer {
        digest: *asked.digest,
        naming: match asked.is_forced {
            true => Naming::Move,
            false => Naming::New,
        },
        now: &now,
    };
    let batch = tag::point(app, repository, tag, pointer, batch).await?;
    let deletion = Deletion::of(repository, asked.digest, Some(tag.as_str()));
    let times = times(app, &deletion).await?;
    Ok(times.iter().fold(batch, |batch, time| {
        forget_tag(&repository.registry_id, &deletion, time, batch)
    }))
}

/// Puts a manifest back to where it was; one that is about another one only after that one.
async fn unbury(
    app: &App,
    repository: &Repository,
    (buried, revision): (Buried, i64),
    now: &str,
    batch: Batch,
) -> Result<Batch, Error> {
    let (id, digest) = (repository.id(), buried.record.digest);
    if let Some(subject) = buried.record.subject
        && look_up(app, id, &subject).await?.is_some()
    {
        return Err(refusal::subject_deleted(&subject));
    }
    let text = manifest::content_of(app, id, &digest).await?.text;
    let deletion = Deletion::of(repository, &digest, None);
    let batch = batch
        .remove_if(DELETED_MANIFEST, &key(id, digest), revision)
        .remove(
            DELETION,
            &deletion.key(&repository.registry_id, &buried.deleted_at),
        );
    manifest::revive(repository, buried.record, &text, now, batch)
}

/// Of a manifest that is there, only a tag can come back that was deleted.
async fn keep_named(
    app: &App,
    repository: &Repository,
    asked: Restore<'_>,
    now: &str,
    batch: Batch,
) -> Result<Batch, Error> {
    let unknown = || refusal::manifest_unknown(&Reference::Digest(*asked.digest));
    let Some(found) = manifest::look_up(app, repository, asked.digest).await? else {
        return Err(unknown());
    };
    let tag = asked.tag.ok_or_else(unknown)?;
    let deletion = Deletion::of(repository, asked.digest, Some(tag.as_str()));
    if times(app, &deletion).await?.is_empty() {
        return Err(refusal::tag_unknown(tag));
    }
    manifest::renew(repository, found, now, batch)
}

/// When a tag that named a manifest was deleted.
async fn times(app: &App, deletion: &Deletion) -> Result<Vec<String>, Error> {
    let name = deletion.tag.as_deref().unwrap_or_default();
    let scan = Scan {
        collection: DELETED_TAG_OF,
        prefix: &format!("{}/", key3(&deletion.id, deletion.digest, name)),
        after: None,
        limit: MOST_TIMES,
    };
    let documents = app.meta().scan(scan).await?;
    let times = documents.iter().map(|document| last_part(&document.key));
    Ok(times.map(str::to_owned).collect())
}
