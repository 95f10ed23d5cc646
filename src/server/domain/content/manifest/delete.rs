//! Deletes a manifest with its tags and with the manifests that are about it.

use acr_api::oci::{Digest, Reference, RepositoryName};
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{
        MANIFEST, MANIFEST_BY_TIME, MANIFEST_CONTENT, MANIFEST_REFERENCE, REFERRER, key, key3,
        last_part,
    },
    commit::{MOST_ATTEMPTS, commit, lost},
    deleted, lock,
    page::remember,
    refusal, repository,
    retention::{self, Why},
    tag,
};
use super::record::{Found, Record, content, look_up};
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
        let batch = plan_removal(app, &repository, found).await?;
        if commit(app, batch).await? {
            return Ok(());
        }
    }
    Err(lost())
}

/// Removes a manifest with all that is about it. Referrers have referrers of their own; two can even be about each other.
pub(in super::super) async fn plan_removal(
    app: &App,
    repository: &Repository,
    first: Found,
) -> Result<Batch, Error> {
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
        batch = removal(app, repository, &found, batch).await?;
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

/// Removes a manifest with its tags, unless one of them is locked; what it needs it goes on needing while it is kept.
pub(in super::super) async fn removal(
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
    for child in &found.record.references {
        batch = retention::note(app, repository, &child.digest, Why::Left, batch);
    }
    if let Some(subject) = found.record.subject {
        batch = batch.remove(REFERRER, &key3(id, subject, digest));
    }
    batch = match repository.keeps_deleted {
        true => deleted::keep_manifest(app, repository, &found.record, batch),
        false => {
            let text = content(app, repository, found).await?.text;
            forget(id, &found.record, &text, batch)?
        }
    };
    let (place, time) = (key(id, digest), &found.record.last_update_time);
    let batch = batch
        .remove_if(MANIFEST, &place, found.revision)
        .remove(MANIFEST_BY_TIME, &key3(id, time, digest));
    Ok(remember(app, &place, time, batch))
}

/// Removes the bytes of a manifest, which `text` has, and what tells what it needs.
pub(in super::super) fn forget(
    id: &str,
    record: &Record,
    text: &str,
    mut batch: Batch,
) -> Result<Batch, Error> {
    for reference in record.parse(text)?.references() {
        let target = reference.descriptor.digest;
        batch = batch.remove(MANIFEST_REFERENCE, &key3(id, target, record.digest));
    }
    Ok(batch.remove(MANIFEST_CONTENT, &key(id, record.digest)))
}
