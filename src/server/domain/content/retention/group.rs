//! A manifest with all that is about it: they go together, once nothing keeps any of them.
//!
//! ACR deletes what is about a manifest with it, and says of its retention only that what has a tag or a lock stays. So
//! a signature with a tag of its own keeps the image that it signs: without that one it would be about nothing, and
//! with it it would be gone, tag and all. For the same reason the days of each of them count.

use acr_api::oci::Digest;
use acr_store::{Batch, Scan};
use chrono::{DateTime, TimeDelta, Utc};

use super::super::{
    Repository,
    collection::{
        MANIFEST, MANIFEST_REFERENCE, TAG_OF, UNTAGGED, UNTAGGED_SINCE, key, key3, last_part,
    },
    commit::commit,
    lock,
    manifest::{self, AT_ONCE, Found},
};
use super::note::{Entry, Why};
use crate::{app::App, domain::Error};

/// Manifests as they were read, and how long one is kept without a tag; the first is what the others are about.
pub(super) struct Group<'a> {
    repository: &'a Repository,
    days: TimeDelta,
    members: Vec<Found>,
}

/// What becomes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Goes,
    /// The days of one of them are not over.
    Waits,
    /// A tag, a lock or a list keeps one of them, whose days begin when that ends.
    Stays,
}

impl<'a> Group<'a> {
    /// A manifest that is about nothing, with all that is about it.
    pub(super) async fn of(
        app: &App,
        repository: &'a Repository,
        days: TimeDelta,
        root: Found,
    ) -> Result<Self, Error> {
        Ok(Self {
            repository,
            days,
            members: manifest::with_referrers(app, repository, root).await?,
        })
    }

    pub(super) async fn fate(&self, app: &App) -> Result<Fate, Error> {
        let mut fate = Fate::Goes;
        for found in &self.members {
            if is_held(app, self.repository, found).await?
                || self.is_listed_outside(app, found.digest()).await?
            {
                return Ok(Fate::Stays);
            }
            let end = end_of_days(app, self.repository, found.digest(), self.days).await?;
            if end.is_some_and(|end| app.now() < end) {
                fate = Fate::Waits;
            }
        }
        Ok(fate)
    }

    async fn is_listed_outside(&self, app: &App, digest: &Digest) -> Result<bool, Error> {
        let scan = Scan {
            collection: MANIFEST_REFERENCE,
            prefix: &format!("{}/", key(self.repository.id(), digest)),
            after: None,
            // More lists than there are members cannot all be among them.
            limit: u32::try_from(self.members.len() + 1).unwrap_or(u32::MAX),
        };
        let lists = app.meta().scan(scan).await?;
        let is_outside = |list: &str| {
            let mut members = self.members.iter();
            !members.any(|member| member.digest().to_string() == list)
        };
        Ok(lists.iter().any(|list| is_outside(last_part(&list.key))))
    }

    /// The first step: all of them are leaving. A push of a list that names one of them takes that back. False if one
    /// was written by somebody else.
    pub(super) async fn mark(&self, app: &App) -> Result<bool, Error> {
        let staying: Vec<&Found> = self
            .members
            .iter()
            .filter(|found| !found.is_leaving())
            .collect();
        for slice in staying.chunks(AT_ONCE) {
            let batch = slice.iter().fold(Batch::new(), |batch, found| {
                let place = key(self.repository.id(), found.digest());
                batch.replace(MANIFEST, &place, found.revision, &found.leaving())
            });
            if !commit(app, batch).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The same group as it is now.
    pub(super) async fn again(&self, app: &App) -> Result<Option<Self>, Error> {
        let Some(first) = self.members.first() else {
            return Ok(None);
        };
        match manifest::look_up(app, self.repository, first.digest()).await? {
            Some(root) => Self::of(app, self.repository, self.days, root)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.members.iter().all(Found::is_leaving)
    }

    /// The second step: removes all of them exactly as they were read, and tells how many there were; none if one of
    /// them was written by somebody else.
    pub(super) async fn remove(&self, app: &App) -> Result<Option<u64>, Error> {
        let is_removed = manifest::remove(app, self.repository, &self.members, &[]).await?;
        Ok(is_removed.then_some(self.members.len() as u64))
    }
}

/// When the days of a manifest are over, which began when it was last noted; none if it was never.
pub(super) async fn end_of_days(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    days: TimeDelta,
) -> Result<Option<DateTime<Utc>>, Error> {
    let place = key(repository.id(), digest);
    let Some(noted) = app.meta().get(UNTAGGED_SINCE, &place).await? else {
        return Ok(None);
    };
    let time: String = noted.parse()?;
    let since: DateTime<Utc> = time.parse().map_err(Error::internal)?;
    let entry = key3(&repository.registry_id, &time, &place);
    let was_pushed = match app.meta().get(UNTAGGED, &entry).await? {
        Some(document) => document.parse::<Entry>()?.why == Why::Pushed,
        None => false,
    };
    let end = since + days;
    Ok(Some(match was_pushed {
        true => end.max(since + app.settings().gc_grace),
        false => end,
    }))
}

/// Whether a tag or a lock keeps a manifest.
pub(super) async fn is_held(
    app: &App,
    repository: &Repository,
    found: &Found,
) -> Result<bool, Error> {
    if lock::check_delete(&found.record.attributes).is_err() {
        return Ok(true);
    }
    let scan = Scan {
        collection: TAG_OF,
        prefix: &format!("{}/", key(repository.id(), found.digest())),
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}
