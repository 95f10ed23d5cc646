//! Reads resources of any kind, one or a page of them.

use acr_api::arm::ResourceId;
use acr_store::{Document, Scan};
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use super::{Kind, collection};
use crate::{app::App, domain::Error};

/// Resources on one page of a list.
pub const PAGE_SIZE: u32 = 1000;

/// A resource and the revision it has in the store.
pub struct Found<B> {
    /// The body as clients see it.
    pub body: B,
    /// Another one after every write.
    pub revision: i64,
}

/// A page of resources.
pub struct Listing<T> {
    /// Those of them that the caller may see.
    pub items: Vec<T>,
    /// The key after which the next page begins.
    pub next: Option<String>,
}

/// Which page is asked for, and by whom.
pub struct Asked<'a> {
    /// What the resources are below of, such as a subscription or a group.
    pub scope: &'a str,
    /// The key after which the page begins.
    pub after: Option<&'a str>,
    /// Whether the caller may see the resource of an id.
    pub sees: &'a (dyn Fn(&str) -> bool + Sync),
}

/// Reads one resource.
pub async fn get<K: Kind>(app: &App, id: &ResourceId) -> Result<Found<K::Body>, Error> {
    match app.meta().get(&collection(K::TYPE), &id.key()).await? {
        Some(document) => present::<K>(app, &document),
        None => Err(absent(id)),
    }
}

/// Reads a page of resources, written out one by one: as values, a page of them would cost several
/// times what it takes to send it.
pub async fn list<K: Kind>(app: &App, asked: Asked<'_>) -> Result<Listing<Box<RawValue>>, Error> {
    read_page(app, &collection(K::TYPE), asked, |document| {
        let found = present::<K>(app, document)?;
        to_raw_value(&found.body).map_err(Error::internal)
    })
    .await
}

/// Reads a page of stored resources, without what is derived.
pub async fn list_stored<T: DeserializeOwned>(
    app: &App,
    collection: &str,
    asked: Asked<'_>,
) -> Result<Listing<T>, Error> {
    read_page(app, collection, asked, |document| Ok(document.parse()?)).await
}

async fn read_page<T>(
    app: &App,
    collection: &str,
    asked: Asked<'_>,
    read: impl Fn(&Document) -> Result<T, Error>,
) -> Result<Listing<T>, Error> {
    let prefix = format!(
        "{}/",
        asked.scope.trim_end_matches('/').to_ascii_lowercase()
    );
    let scan = Scan {
        collection,
        prefix: &prefix,
        after: asked.after,
        limit: PAGE_SIZE + 1,
    };
    let mut documents = app.meta().scan(scan).await?;
    let has_more = documents.len() > PAGE_SIZE as usize;
    documents.truncate(PAGE_SIZE as usize);
    let last = documents.last().filter(|_| has_more);
    Ok(Listing {
        next: last.map(|document| document.key.clone()),
        items: documents
            .iter()
            .filter(|document| (asked.sees)(&document.key))
            .map(read)
            .collect::<Result<_, _>>()?,
    })
}

/// The refusal for a resource that is not there.
pub(super) fn absent(id: &ResourceId) -> Error {
    if id.segments.len() > 1 {
        return Error::not_found(
            "ResourceNotFound",
            format!("The resource {} could not be found.", id.name()),
        )
        .from_provider();
    }
    Error::not_found(
        "ResourceNotFound",
        format!(
            "The Resource '{}/{}' under resource group '{}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
            id.kind(),
            id.name(),
            id.resource_group
        ),
    )
}

fn present<K: Kind>(app: &App, document: &Document) -> Result<Found<K::Body>, Error> {
    let mut body = document.parse()?;
    K::present(app, &mut body);
    Ok(Found {
        body,
        revision: document.revision,
    })
}
