//! Deletes a manifest with its tags and with the manifests that are about it.

use acr_api::oci::{Digest, Manifest, Reference, RepositoryName};
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{
        MANIFEST, MANIFEST_BY_TIME, MANIFEST_CONTENT, MANIFEST_REFERENCE, REFERRER, key, key3,
        last_part,
    },
    commit::{MOST_ATTEMPTS, commit, lost},
    lock,
    page::remember,
    refusal, repository, tag,
};
use super::record::{Found, content, look_up};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

/// Referrers of one manifest that are read at a time.
const SLICE: u32 = 1000;

/// Deletes a manifest, unless it, one of its tags or one of its referrers is locked.
pub async fn delete(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<(), Error> {
    for _ in 0..MOST_ATTEMPTS {
        let repository = repository::find(app, registry, name).await?;
        lock::check_delete(repository.attributes())?;
        let Some(found) = look_up(app, &repository, digest).await? else {
            return Err(refusal::manifest_unknown(&Reference::Digest(*digest)));
        };
        let batch = plan(app, &repository, found).await?;
        if commit(app, batch).await? {
            return Ok(());
        }
    }
    Err(lost())
}

/// Follows the referrers, which have referrers of their own; two can even be about each other.
async fn plan(app: &App, repository: &Repository, first: Found) -> Result<Batch, Error> {
    let mut batch = repository.require(Batch::new());
    let mut seen = vec![*first.digest()];
    let mut left = vec![first];
    while let Some(found) = left.pop() {
        for referrer in referrers(app, repository, found.digest()).await? {
            if seen.contains(&referrer) {
                continue;
            }
            seen.push(referrer);
            left.extend(look_up(app, repository, &referrer).await?);
        }
        batch = remove(app, repository, &found, batch).await?;
    }
    Ok(batch)
}

async fn referrers(
    app: &App,
    repository: &Repository,
    subject: &Digest,
) -> Result<Vec<Digest>, Error> {
    let prefix = format!("{}/", key(repository.id(), subject));
    let mut found: Vec<Digest> = Vec::new();
    loop {
        let after = found.last().map(|digest| format!("{prefix}{digest}"));
        let scan = Scan {
            collection: REFERRER,
            prefix: &prefix,
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        let digests = documents.iter().map(|document| last_part(&document.key));
        found.extend(digests.filter_map(|digest| digest.parse::<Digest>().ok()));
        if documents.len() < SLICE as usize {
            return Ok(found);
        }
    }
}

async fn remove(
    app: &App,
    repository: &Repository,
    found: &Found,
    mut batch: Batch,
) -> Result<Batch, Error> {
    lock::check_delete(&found.record.attributes)?;
    let (id, digest) = (repository.id(), found.digest());
    for name in tag::names_of(app, repository, digest).await? {
        if let Some(tagged) = tag::find(app, repository, &name).await? {
            lock::check_delete(&tagged.record.attributes)?;
            batch = tag::removal(app, repository, &tagged, batch);
        }
    }
    let text = content(app, repository, found).await?.text;
    let manifest = Manifest::parse(text.as_bytes(), Some(found.media_type()))
        .map_err(|error| Error::internal(error.to_string()))?;
    for reference in manifest.references() {
        let target = reference.descriptor.digest;
        batch = batch.remove(MANIFEST_REFERENCE, &key3(id, target, digest));
    }
    if let Some(subject) = found.record.subject {
        batch = batch.remove(REFERRER, &key3(id, subject, digest));
    }
    let (place, time) = (key(id, digest), &found.record.last_update_time);
    let batch = batch
        .remove_if(MANIFEST, &place, found.revision)
        .remove(MANIFEST_CONTENT, &place)
        .remove(MANIFEST_BY_TIME, &key3(id, time, digest));
    Ok(remember(app, &place, time, batch))
}
