//! Pages of listings: ranges of keys, from which what is not to be shown is left out.

use acr_store::{Batch, Document, Scan};
use chrono::TimeDelta;
use serde::Deserialize;

use super::{
    collection::{DELETED_MANIFEST, LAST_POSITION, MANIFEST, REFERRER, key, key3},
    refusal,
};
use crate::{app::App, domain::Error};

/// Entries on one page when nothing is asked for.
pub const USUAL: u32 = 100;
/// The most entries there can be on one page.
const MOST: u32 = 1000;

impl<T> Page<T> {
    /// Nothing.
    pub fn empty() -> Self {
        Self {
            items: Vec::new(),
            has_more: false,
        }
    }
}

/// What the documents of one page have at most, unless it has only one: clients read no more of an index.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How many documents are read at a time of those that can be large.
const LARGE_AT_ONCE: u32 = 32;

/// How long a listing can go on behind something that was deleted.
const POSITION_KEPT: TimeDelta = TimeDelta::hours(24);

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Whether there are more behind the last one.
    pub has_more: bool,
}

/// What tags and manifests have in common.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Timed {
    last_update_time: String,
}

/// The key in an index by time behind which a page begins: that of the tag or manifest `last`, which may
/// have been deleted since it was listed.
pub(super) async fn position(
    app: &App,
    collection: &str,
    owner: &str,
    last: Option<&str>,
) -> Result<Option<String>, Error> {
    let Some(last) = last else {
        return Ok(None);
    };
    let place = key(owner, last);
    let time = match app.meta().get(collection, &place).await? {
        Some(document) => document.parse::<Timed>()?.last_update_time,
        None => match app.meta().get(LAST_POSITION, &place).await? {
            Some(document) => document.parse()?,
            None => return Err(refusal::unknown_last(last)),
        },
    };
    Ok(Some(key3(owner, time, last)))
}

/// Remembers where something stood by time that is being deleted: clients delete a page and ask for the next.
pub(super) fn remember(app: &App, place: &str, time: &str, batch: Batch) -> Batch {
    let until = app.now() + POSITION_KEPT;
    batch.put_until(LAST_POSITION, place, &time, until.timestamp_millis())
}

/// What the documents of a listing are shown as.
pub(super) trait Show: Sync {
    type Item: Send;

    /// The document that is shown, if the one of the listing only tells of it.
    fn resolve(
        &self,
        _app: &App,
        document: Document,
    ) -> impl Future<Output = Result<Option<Document>, Error>> + Send {
        std::future::ready(Ok(Some(document)))
    }

    /// The entry for a document, if it is to be shown.
    fn show(
        &self,
        app: &App,
        document: Document,
    ) -> impl Future<Output = Result<Option<Self::Item>, Error>> + Send;
}

/// A part of a collection, in one of its two directions.
pub(super) struct Listing<'a> {
    pub(super) collection: &'a str,
    pub(super) prefix: &'a str,
    /// The key the page begins after.
    pub(super) after: Option<String>,
    pub(super) is_descending: bool,
    /// How many entries were asked for.
    pub(super) limit: Option<u32>,
}

impl Listing<'_> {
    /// How many entries the page has at most.
    pub(super) fn size(&self) -> usize {
        self.limit.unwrap_or(USUAL).min(MOST) as usize
    }

    /// The next documents by the order of their keys.
    pub(super) async fn documents(
        &self,
        app: &App,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Document>, Error> {
        let scan = Scan {
            collection: self.collection,
            prefix: self.prefix,
            after,
            limit,
        };
        let documents = match self.is_descending {
            true => app.meta().scan_back(scan).await?,
            false => app.meta().scan(scan).await?,
        };
        Ok(documents)
    }

    /// How many documents are read at a time at most.
    fn at_once(&self) -> u32 {
        match self.collection {
            MANIFEST | DELETED_MANIFEST | REFERRER => LARGE_AT_ONCE,
            _ => u32::MAX,
        }
    }

    /// Reads on until the page is full.
    pub(super) async fn page<S: Show>(&self, app: &App, rows: &S) -> Result<Page<S::Item>, Error> {
        let size = self.size();
        let mut items = Vec::new();
        let mut after = self.after.clone();
        if size == 0 {
            return Ok(Page::empty());
        }
        // One more than fits tells whether there is another page.
        let wanted = u32::try_from(size + 1).unwrap_or(MOST).min(self.at_once());
        let mut bytes = 0;
        loop {
            let documents = self.documents(app, after.as_deref(), wanted).await?;
            let is_last = documents.len() < wanted as usize;
            for document in documents {
                after = Some(document.key.clone());
                let Some(document) = rows.resolve(app, document).await? else {
                    continue;
                };
                let length = document.body.len();
                let Some(item) = rows.show(app, document).await? else {
                    continue;
                };
                bytes += length;
                if items.len() == size || (bytes > MOST_BYTES && !items.is_empty()) {
                    return Ok(Page {
                        items,
                        has_more: true,
                    });
                }
                items.push(item);
            }
            if is_last {
                return Ok(Page {
                    items,
                    has_more: false,
                });
            }
        }
    }
}
