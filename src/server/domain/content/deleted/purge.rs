//! Removes for good what was deleted longer ago than a registry keeps it.

use acr_store::{Batch, Document, Scan};
use chrono::TimeDelta;

use super::super::{
    collection::{
        BARE_REPOSITORY, BURIAL, DELETED_MANIFEST, DELETED_REPOSITORY, DELETION, key, prefix,
    },
    commit::commit,
    manifest,
    repository::{self, Deleted},
};
use super::{
    keep::{Deletion, forget_tag, look_up},
    repository::{bury_all, holds_deleted},
};
use crate::{
    app::App,
    domain::{Error, access::Registry, stamp},
};

/// Deletions that are read at a time.
const SLICE: u32 = 100;

/// Whether any registry keeps anything that was deleted, or the deletion of a repository is not complete.
pub async fn has_any(app: &App) -> Result<bool, Error> {
    for collection in [DELETION, BURIAL] {
        let scan = Scan {
            collection,
            prefix: "",
            after: None,
            limit: 1,
        };
        if !app.meta().scan(scan).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes what was deleted from a registry before the days it keeps such things now, and tells how much that was.
/// Deletions that broke off are completed first.
pub async fn purge(app: &App, registry: &Registry) -> Result<u64, Error> {
    bury_all(app, registry).await?;
    let days = registry.keeps_deleted_days().and_then(TimeDelta::try_days);
    let Some(end) = days.and_then(|days| app.now().checked_sub_signed(days)) else {
        return Ok(0);
    };
    let (prefix, end) = (prefix(&registry.registry_id), stamp::with_zulu(end));
    let (mut purged, mut after) = (0, None::<String>);
    loop {
        let scan = Scan {
            collection: DELETION,
            prefix: &prefix,
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        let is_last = documents.len() < SLICE as usize;
        for document in documents {
            let rest = document.key.strip_prefix(&prefix).unwrap_or_default();
            let time = rest.split('/').next().unwrap_or_default();
            if time > &*end {
                return Ok(purged);
            }
            purged += u64::from(purge_one(app, registry, &document, time).await?);
            after = Some(document.key);
        }
        if is_last {
            return Ok(purged);
        }
    }
}

/// Removes one thing; false if somebody else changed it meanwhile.
async fn purge_one(
    app: &App,
    registry: &Registry,
    document: &Document,
    time: &str,
) -> Result<bool, Error> {
    let deletion: Deletion = document.parse()?;
    let batch = Batch::new().remove_if(DELETION, &document.key, document.revision);
    let batch = match &deletion.tag {
        Some(_) => forget_tag(&registry.registry_id, &deletion, time, batch),
        None => forget_manifest(app, &deletion, batch).await?,
    };
    let is_purged = commit(app, batch).await?;
    if is_purged {
        forget_repository(app, registry, &deletion).await?;
    }
    Ok(is_purged)
}

async fn forget_manifest(app: &App, deletion: &Deletion, batch: Batch) -> Result<Batch, Error> {
    let Some((buried, revision)) = look_up(app, &deletion.id, &deletion.digest).await? else {
        return Ok(batch);
    };
    let text = manifest::content_of(app, &deletion.id, &deletion.digest)
        .await?
        .text;
    let place = key(&deletion.id, deletion.digest);
    let batch = batch.remove_if(DELETED_MANIFEST, &place, revision);
    manifest::forget(&deletion.id, &buried.record, &text, batch)
}

/// Removes what is left of a repository that was deleted, unless it still holds something that is kept.
async fn forget_repository(
    app: &App,
    registry: &Registry,
    deletion: &Deletion,
) -> Result<(), Error> {
    match Remains::find(app, registry, deletion).await? {
        Some(remains) => remains.forget(app, registry, deletion).await,
        None => Ok(()),
    }
}

/// The document of a repository that was deleted. It is read before it is asked what the repository holds: one that was
/// revived and deleted again meanwhile has another.
pub(super) struct Remains(Document);

impl Remains {
    pub(super) async fn find(
        app: &App,
        registry: &Registry,
        deletion: &Deletion,
    ) -> Result<Option<Self>, Error> {
        let place = key(&registry.registry_id, &deletion.repository);
        let Some(document) = app.meta().get(DELETED_REPOSITORY, &place).await? else {
            return Ok(None);
        };
        let deleted: Deleted = document.parse()?;
        // What is being deleted will be kept.
        let is_over = deleted.burial.is_none() && deleted.record.id == deletion.id;
        Ok(is_over.then_some(Self(document)))
    }

    pub(super) async fn forget(
        self,
        app: &App,
        registry: &Registry,
        deletion: &Deletion,
    ) -> Result<(), Error> {
        if holds_deleted(app, &deletion.id).await? {
            return Ok(());
        }
        let Self(document) = self;
        let batch = Batch::new().remove_if(DELETED_REPOSITORY, &document.key, document.revision);
        let deleted: Deleted = document.parse()?;
        let batch = match deleted.has_blobs {
            true => batch.insert(BARE_REPOSITORY, &document.key, &deleted.record.bare()),
            false => repository::abandon(&registry.registry_id, &deletion.id, batch),
        };
        // If somebody put something into it meanwhile, it is there again.
        commit(app, batch).await.map(drop)
    }
}
