//! The catalog: the names of a registry's repositories.

use acr_store::Document;

use super::super::{
    Page,
    collection::{REPOSITORY, key, prefix},
    lock,
    page::{Listing, Show},
};
use super::{Record, find::is_seen};
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

struct Names<'a> {
    prefix: &'a str,
}

impl Show for Names<'_> {
    type Item = String;

    async fn show(&self, app: &App, document: Document) -> Result<Option<String>, Error> {
        let record: Record = document.parse()?;
        let name = document.key.strip_prefix(self.prefix).unwrap_or_default();
        let is_shown = lock::is_listed(&record.attributes) && is_seen(app, &record).await?;
        Ok(is_shown.then(|| name.to_owned()))
    }
}

/// A page of the names, sorted.
pub async fn list(
    app: &App,
    registry: &Registry,
    last: Option<&str>,
    limit: Option<u32>,
) -> Result<Page<String>, Error> {
    let prefix = prefix(&registry.registry_id);
    let listing = Listing {
        collection: REPOSITORY,
        prefix: &prefix,
        after: last.map(|last| key(&registry.registry_id, last)),
        is_descending: false,
        limit,
    };
    listing.page(app, &Names { prefix: &prefix }).await
}
