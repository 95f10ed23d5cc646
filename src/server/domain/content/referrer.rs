//! The manifests that are about another one.

use acr_api::oci::{Descriptor, Digest};
use acr_store::Document;

use super::{
    Page, Repository,
    collection::{REFERRER, key},
    page::{Listing, Show},
};
use crate::{app::App, domain::Error};

struct OfType<'a> {
    repository: &'a Repository,
    artifact_type: Option<&'a str>,
}

impl Show for OfType<'_> {
    type Item = Descriptor;

    async fn show(&self, _app: &App, document: Document) -> Result<Option<Descriptor>, Error> {
        let descriptor: Descriptor = document.parse()?;
        let is_wanted = self.artifact_type.is_none()
            || descriptor.artifact_type.as_deref() == self.artifact_type;
        let is_seen = is_wanted && !self.repository.is_dying(&descriptor.digest);
        Ok(is_seen.then_some(descriptor))
    }
}

/// A page of the referrers of `subject`, sorted by digest, perhaps only those of one artifact type.
pub async fn list(
    app: &App,
    repository: &Repository,
    subject: &Digest,
    artifact_type: Option<&str>,
    page: (Option<&str>, Option<u32>),
) -> Result<Page<Descriptor>, Error> {
    let prefix = format!("{}/", key(repository.id(), subject));
    let (last, limit) = page;
    let listing = Listing {
        collection: REFERRER,
        prefix: &prefix,
        after: last.map(|last| format!("{prefix}{last}")),
        is_descending: false,
        limit,
    };
    let rows = OfType {
        repository,
        artifact_type,
    };
    listing.page(app, &rows).await
}
