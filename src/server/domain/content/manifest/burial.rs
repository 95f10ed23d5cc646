//! Deletes manifests that do not go by one batch, or with which their repository goes: out of sight at once, and then
//! some of it at a time, by whoever comes.
//!
//! ```text
//! repository + dying ─▶ their tags, then they themselves, some at a time ─▶ nothing is dying, or no repository is left
//! ```
//!
//! The first batch is the deletion: whoever reads leaves out what is dying, and whoever writes completes the deletion
//! first, as the job does that purges. So nothing is put into a repository meanwhile, and the last batch knows whether
//! there is a manifest left in it.

use std::collections::BTreeSet;

use acr_api::oci::Digest;
use acr_store::{Batch, Scan};

use super::super::{
    Repository,
    collection::{BURIAL, MANIFEST, MARK, TAG_OF, key, last_part, prefix},
    commit::commit,
    repository::{Dying, Record as RepositoryRecord, retire},
    tag,
};
use super::{
    record::{Found, look_up},
    removal::{AT_ONCE, removal},
};
use crate::{app::App, domain::Error};

/// The first batch: takes manifests with all their tags out of sight, exactly as they were read. The rest is left to
/// [`bury`].
pub(super) fn begin(app: &App, repository: &Repository, group: &[Found]) -> Batch {
    let id = repository.id();
    let batch = group.iter().fold(Batch::new(), |batch, found| {
        batch.require(MANIFEST, &key(id, found.digest()), found.revision)
    });
    let record = RepositoryRecord {
        dying: Some(Dying {
            manifests: group.iter().map(|found| *found.digest()).collect(),
            deleted_at: repository.time_of_deletion(app),
            keeps: repository.keeps_deleted,
        }),
        ..repository.record.clone()
    };
    let batch = repository.write(&record, batch);
    batch.put(BURIAL, &repository.key(), &MARK)
}

/// Completes the deletion that was begun in a repository, if there is one. Whoever else does so at the same time only
/// helps: a slice that fails was somebody's success.
pub(in super::super) async fn bury(app: &App, repository: &Repository) -> Result<(), Error> {
    while let Some((repository, dying)) = repository.with_dying(app).await? {
        let batch = slice(app, &repository, dying).await?;
        commit(app, batch).await?;
    }
    Ok(())
}

/// What removes some of what is left, and ends the deletion if that is all.
pub(super) async fn slice(
    app: &App,
    repository: &Repository,
    dying: Dying,
) -> Result<Batch, Error> {
    let mut left = dying.manifests.clone();
    let (mut batch, mut room) = (Batch::new(), AT_ONCE);
    for digest in &dying.manifests {
        let tags;
        (tags, batch) = untag(app, repository, digest, room, batch).await?;
        // As many as there is room for: there may be more.
        room -= tags;
        if room == 0 {
            break;
        }
        if let Some(found) = look_up(app, repository, digest).await? {
            batch = removal(app, repository, &found, batch).await?;
        }
        left.remove(digest);
        room -= 1;
    }
    if !left.is_empty() {
        let record = RepositoryRecord {
            dying: Some(Dying {
                manifests: left,
                ..dying
            }),
            ..repository.record.clone()
        };
        return Ok(repository.write(&record, batch));
    }
    let batch = batch.remove(BURIAL, &repository.key());
    match has_other(app, repository.id(), &dying.manifests).await? {
        true => Ok(repository.touch(batch)),
        false => retire(app, repository, batch).await,
    }
}

/// Removes some of the tags that name a manifest, and tells how many.
async fn untag(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    most: usize,
    mut batch: Batch,
) -> Result<(usize, Batch), Error> {
    let scan = Scan {
        collection: TAG_OF,
        prefix: &format!("{}/", key(repository.id(), digest)),
        after: None,
        limit: u32::try_from(most).unwrap_or(u32::MAX),
    };
    let names = app.meta().scan(scan).await?;
    for document in &names {
        let name = last_part(&document.key).parse().map_err(Error::internal)?;
        batch = match tag::find(app, repository, &name).await? {
            Some(tagged) => tag::removal(app, repository, &tagged, batch),
            None => batch.remove(TAG_OF, &document.key),
        };
    }
    Ok((names.len(), batch))
}

/// Whether a repository has a manifest besides these.
pub(in super::super) async fn has_other(
    app: &App,
    id: &str,
    besides: &BTreeSet<Digest>,
) -> Result<bool, Error> {
    let scan = Scan {
        collection: MANIFEST,
        prefix: &prefix(id),
        after: None,
        limit: u32::try_from(besides.len() + 1).unwrap_or(u32::MAX),
    };
    let found = app.meta().scan(scan).await?;
    let is_other = |digest: &str| {
        digest
            .parse()
            .is_ok_and(|digest| !besides.contains(&digest))
    };
    Ok(found
        .iter()
        .any(|document| is_other(last_part(&document.key))))
}
