//! Pages of manifests, by digest or by time.

use acr_api::acr::{ManifestAttributes, Order, PageQuery};
use acr_store::Document;

use super::super::{
    Page, Repository,
    collection::{MANIFEST, MANIFEST_BY_TIME, key, last_part, prefix},
    lock,
    page::{Listing, Show, position},
};
use super::attributes::shown;
use super::record::Found;
use crate::{app::App, domain::Error};

/// The documents of the manifests themselves.
struct Own<'a>(&'a Repository);

/// The documents of the index by time.
struct Indexed<'a>(&'a Repository);

impl Show for Own<'_> {
    type Item = ManifestAttributes;

    async fn show(
        &self,
        app: &App,
        document: Document,
    ) -> Result<Option<ManifestAttributes>, Error> {
        let found = Found::of(&document)?;
        if !lock::is_listed(&found.record.attributes) || self.0.is_dying(found.digest()) {
            return Ok(None);
        }
        shown(app, self.0, found).await.map(Some)
    }
}

impl Show for Indexed<'_> {
    type Item = ManifestAttributes;

    async fn resolve(&self, app: &App, document: Document) -> Result<Option<Document>, Error> {
        let place = key(self.0.id(), last_part(&document.key));
        Ok(app.meta().get(MANIFEST, &place).await?)
    }

    async fn show(
        &self,
        app: &App,
        document: Document,
    ) -> Result<Option<ManifestAttributes>, Error> {
        Own(self.0).show(app, document).await
    }
}

/// A page of the manifests in the order asked for.
pub async fn list(
    app: &App,
    repository: &Repository,
    query: &PageQuery,
) -> Result<Page<ManifestAttributes>, Error> {
    let id = repository.id();
    let last = query.last.as_deref();
    let prefix = prefix(id);
    if query.orderby == Order::Name {
        let listing = Listing {
            collection: MANIFEST,
            prefix: &prefix,
            after: last.map(|last| key(id, last)),
            is_descending: false,
            limit: query.n,
        };
        return listing.page(app, &Own(repository)).await;
    }
    let listing = Listing {
        collection: MANIFEST_BY_TIME,
        prefix: &prefix,
        after: position(app, MANIFEST, id, last).await?,
        is_descending: query.orderby == Order::TimeDescending,
        limit: query.n,
    };
    listing.page(app, &Indexed(repository)).await
}
