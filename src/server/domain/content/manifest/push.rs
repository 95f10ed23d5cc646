//! Takes a manifest: checked, stored and tagged in one batch.

use acr_api::oci::{Digest, Manifest, Reference, RepositoryName, Tag};
use acr_store::Batch;
use bytes::Bytes;

use super::super::{
    commit::{MOST_ATTEMPTS, commit, lost},
    deleted, lock, refusal, repository,
    retention::{self, Why},
    tag,
};
use super::{
    platform::platform,
    prepare::{Prepared, needs, store},
    record::look_up,
};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// A manifest that is to be pushed.
#[derive(Debug, Clone)]
pub struct Push {
    /// The repository, which is made if it is not there.
    pub name: RepositoryName,
    /// The name it is pushed under.
    pub reference: Reference,
    /// More tags it is to have.
    pub tags: Vec<Tag>,
    /// What the client says it is.
    pub content_type: Option<String>,
    /// What becomes of tags that name another manifest.
    pub naming: tag::Naming,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A manifest that was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Its digest.
    pub digest: Digest,
    /// What it refers to.
    pub subject: Option<Digest>,
}

/// Takes a manifest; when this answers, it is durable and its tags name it.
pub async fn push(app: &App, registry: &Registry, push: &Push) -> Result<Pushed, Error> {
    let prepared = prepare(push)?;
    let pushed = Pushed {
        digest: prepared.digest,
        subject: prepared.manifest.subject().map(|subject| subject.digest),
    };
    for _ in 0..MOST_ATTEMPTS {
        let batch = attempt(app, registry, push, &prepared).await?;
        if commit(app, batch).await? {
            return Ok(pushed);
        }
    }
    Err(lost())
}

/// What does not depend on the state of the repository.
fn prepare(push: &Push) -> Result<Prepared<'_>, Error> {
    let manifest = Manifest::parse(&push.bytes, push.content_type.as_deref())
        .map_err(|error| refusal::manifest_invalid(&error))?;
    let text = std::str::from_utf8(&push.bytes).map_err(Error::internal)?;
    let asked = push.reference.digest();
    let algorithm = asked.map(Digest::algorithm).unwrap_or_default();
    let digest = Prepared::digest_of(algorithm, &push.bytes)?;
    if let Some(asked) = asked.filter(|asked| **asked != digest) {
        return Err(refusal::digest_differs(asked));
    }
    Ok(Prepared {
        manifest,
        text,
        digest,
    })
}

async fn attempt(
    app: &App,
    registry: &Registry,
    push: &Push,
    prepared: &Prepared<'_>,
) -> Result<Batch, Error> {
    let repository = repository::find_or_begin(app, registry, &push.name).await?;
    lock::check_write(repository.attributes())?;
    let batch = repository.fill(Batch::new());
    let (needs, mut batch) = needs(app, &repository, &prepared.manifest, batch).await?;
    let known = look_up(app, &repository, &prepared.digest).await?;
    let mut on = None;
    if known.is_none() {
        batch = deleted::check_not_deleted(app, &repository, &prepared.digest, batch).await?;
        on = platform(app, &repository, &prepared.manifest).await?;
    }
    let now = stamp::with_zulu(app.now());
    let mut batch = store(&repository, prepared, known, (needs, on), &now, batch)?;
    if push.reference.tag().is_none() && push.tags.is_empty() {
        batch = retention::note(app, &repository, &prepared.digest, Why::Pushed, batch);
    }
    let pointer = tag::Pointer {
        digest: prepared.digest,
        naming: push.naming,
        now: &now,
    };
    for tag in push.reference.tag().into_iter().chain(&push.tags) {
        batch = tag::point(app, &repository, tag, pointer, batch).await?;
    }
    Ok(batch)
}
