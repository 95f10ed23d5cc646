//! Pages of what was deleted.

use acr_api::{
    acr::{DeletedManifest, DeletedRepository, DeletedTag, PageQuery},
    oci::{Digest, RepositoryName},
};
use acr_store::Document;

use super::super::{
    Page,
    collection::{DELETED_MANIFEST, DELETED_REPOSITORY, DELETED_TAG, prefix},
    page::{Listing, Show},
    refusal,
    repository::{self, Deleted},
};
use super::keep::Buried;
use crate::{
    app::App,
    domain::{Error, access::Registry},
};

struct Repositories<'a>(&'a str);
struct Manifests;
struct Tags<'a>(&'a str);

impl Show for Repositories<'_> {
    type Item = DeletedRepository;

    async fn show(&self, _app: &App, document: Document) -> Result<Option<Self::Item>, Error> {
        let deleted: Deleted = document.parse()?;
        let name = document.key.strip_prefix(self.0).unwrap_or_default();
        Ok(Some(DeletedRepository {
            created_at: deleted.record.created_time,
            deleted_at: deleted.deleted_at,
            repository: name.to_owned(),
        }))
    }
}

impl Show for Manifests {
    type Item = DeletedManifest;

    async fn show(&self, _app: &App, document: Document) -> Result<Option<Self::Item>, Error> {
        let buried: Buried = document.parse()?;
        Ok(Some(DeletedManifest {
            digest: buried.record.digest,
            deleted_at: buried.deleted_at,
        }))
    }
}

impl Show for Tags<'_> {
    type Item = DeletedTag;

    async fn show(&self, _app: &App, document: Document) -> Result<Option<Self::Item>, Error> {
        let rest = document.key.strip_prefix(self.0).unwrap_or_default();
        let mut parts = rest.split('/');
        let (Some(time), Some(name), Some(digest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Ok(None);
        };
        Ok(digest.parse::<Digest>().ok().map(|digest| DeletedTag {
            tag: name.to_owned(),
            digest,
            deleted_at: time.to_owned(),
        }))
    }
}

/// A page of the repositories that were deleted, by name.
pub async fn repositories(
    app: &App,
    registry: &Registry,
    query: &PageQuery,
) -> Result<Page<DeletedRepository>, Error> {
    let prefix = prefix(&registry.registry_id);
    let listing = listing(DELETED_REPOSITORY, &prefix, query);
    listing.page(app, &Repositories(&prefix)).await
}

/// A page of the manifests that were deleted from a repository, by digest.
pub async fn manifests(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    query: &PageQuery,
) -> Result<Page<DeletedManifest>, Error> {
    let prefix = of(app, registry, name).await?;
    let listing = listing(DELETED_MANIFEST, &prefix, query);
    listing.page(app, &Manifests).await
}

/// A page of the tags that were deleted from a repository or moved away, the oldest deletion first. A page begins
/// behind [`mark`] of the last entry of the one before.
pub async fn tags(
    app: &App,
    registry: &Registry,
    name: &RepositoryName,
    query: &PageQuery,
) -> Result<Page<DeletedTag>, Error> {
    let prefix = of(app, registry, name).await?;
    let listing = listing(DELETED_TAG, &prefix, query);
    listing.page(app, &Tags(&prefix)).await
}

/// Names an entry among the deleted tags: a tag can be there more than once.
pub fn mark(tag: &DeletedTag) -> String {
    format!("{}/{}/{}", tag.deleted_at, tag.tag, tag.digest)
}

/// What the keys of a repository begin with, be it there or deleted.
async fn of(app: &App, registry: &Registry, name: &RepositoryName) -> Result<String, Error> {
    match repository::find_any(app, registry, name).await? {
        Some(repository) => Ok(prefix(repository.id())),
        None => Err(refusal::name_unknown(name)),
    }
}

fn listing<'a>(collection: &'a str, prefix: &'a str, query: &PageQuery) -> Listing<'a> {
    let last = query.last.as_deref();
    Listing {
        collection,
        prefix,
        after: last.map(|last| format!("{prefix}{last}")),
        is_descending: false,
        limit: query.n,
    }
}
