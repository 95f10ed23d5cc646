//! Pages of tags, by name, by time, or those of one manifest.

use acr_api::{
    acr::{Order, PageQuery, TagAttributes},
    oci::{Digest, Tag},
};
use acr_store::{Document, Scan};

use super::super::{
    Page, Repository,
    collection::{TAG, TAG_BY_TIME, TAG_OF, key, last_part, prefix},
    lock,
    page::{Listing, Show, position},
};
use super::attributes::shown;
use super::record::{Record, of};
use crate::{app::App, domain::Error};

/// Documents that are read at a time.
const SLICE: u32 = 1000;

/// The documents of the tags themselves.
struct Own<'a>(&'a Repository);

/// The documents of an index, which name tags.
struct Indexed<'a>(&'a Repository);

/// The names alone.
struct Names<'a>(&'a Repository);

impl Show for Own<'_> {
    type Item = TagAttributes;

    async fn show(&self, _app: &App, document: Document) -> Result<Option<TagAttributes>, Error> {
        let tagged = of(last_part(&document.key), &document)?;
        Ok(is_seen(self.0, &tagged.record).then(|| shown(tagged)))
    }
}

impl Show for Indexed<'_> {
    type Item = TagAttributes;

    async fn resolve(&self, app: &App, document: Document) -> Result<Option<Document>, Error> {
        let place = key(self.0.id(), last_part(&document.key));
        Ok(app.meta().get(TAG, &place).await?)
    }

    async fn show(&self, app: &App, document: Document) -> Result<Option<TagAttributes>, Error> {
        Own(self.0).show(app, document).await
    }
}

impl Show for Names<'_> {
    type Item = String;

    async fn show(&self, _app: &App, document: Document) -> Result<Option<String>, Error> {
        let record: Record = document.parse()?;
        let name = last_part(&document.key);
        Ok(is_seen(self.0, &record).then(|| name.to_owned()))
    }
}

fn is_seen(repository: &Repository, record: &Record) -> bool {
    lock::is_listed(&record.attributes) && !repository.is_dying(&record.digest)
}

/// A page of the names, sorted.
pub async fn names(
    app: &App,
    repository: &Repository,
    last: Option<&str>,
    limit: Option<u32>,
) -> Result<Page<String>, Error> {
    let listing = Listing {
        collection: TAG,
        prefix: &prefix(repository.id()),
        after: last.map(|last| key(repository.id(), last)),
        is_descending: false,
        limit,
    };
    listing.page(app, &Names(repository)).await
}

/// A page of the tags in the order asked for.
pub async fn list(
    app: &App,
    repository: &Repository,
    query: &PageQuery,
    of: Option<&Digest>,
) -> Result<Page<TagAttributes>, Error> {
    let id = repository.id();
    let last = query.last.as_deref();
    if let Some(digest) = of {
        let prefix = format!("{}/", key(id, digest));
        let listing = Listing {
            collection: TAG_OF,
            prefix: &prefix,
            after: last.map(|last| format!("{prefix}{last}")),
            is_descending: false,
            limit: query.n,
        };
        return listing.page(app, &Indexed(repository)).await;
    }
    let prefix = prefix(id);
    if query.orderby == Order::Name {
        let listing = Listing {
            collection: TAG,
            prefix: &prefix,
            after: last.map(|last| key(id, last)),
            is_descending: false,
            limit: query.n,
        };
        return listing.page(app, &Own(repository)).await;
    }
    let listing = Listing {
        collection: TAG_BY_TIME,
        prefix: &prefix,
        after: position(app, TAG, id, last).await?,
        is_descending: query.orderby == Order::TimeDescending,
        limit: query.n,
    };
    listing.page(app, &Indexed(repository)).await
}

/// The tags that name a manifest, whether or not listings show them.
pub(in super::super) async fn names_of(
    app: &App,
    repository: &Repository,
    digest: &Digest,
) -> Result<Vec<Tag>, Error> {
    let prefix = format!("{}/", key(repository.id(), digest));
    let mut found: Vec<Tag> = Vec::new();
    loop {
        let after = found.last().map(|tag| format!("{prefix}{tag}"));
        let scan = Scan {
            collection: TAG_OF,
            prefix: &prefix,
            after: after.as_deref(),
            limit: SLICE,
        };
        let documents = app.meta().scan(scan).await?;
        let names = documents.iter().map(|document| last_part(&document.key));
        found.extend(names.filter_map(|name| name.parse::<Tag>().ok()));
        if documents.len() < SLICE as usize {
            return Ok(found);
        }
    }
}
