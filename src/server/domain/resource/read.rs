//! Reads resources of any kind, one or a page of them.
use acr_api::arm::ResourceId;
use acr_store::{Document, Scan};
use serde_json::Value;

use super::{Kind, collection};
use crate::{app::App, domain::Error};

/// Resources on one page of a list.
pub const PAGE_SIZE: u32 = 1000;

/// A resource and the revision it has in the store.
pub struct Found {
    /// The body as clients see it.
    pub body: Value,
    /// Counts the writes.
    pub revision: i64,
}

/// A page of resources.
pub struct Listing {
    /// The bodies as clients see them.
    pub items: Vec<Value>,
    /// The key after which the next page begins.
    pub next: Option<String>,
}

/// Reads one resource.
pub async fn get<K: Kind>(app: &App, id: &ResourceId) -> Result<Found, Error> {
    match app.meta().get(&collection(K::TYPE), &id.key()).await? {
        Some(document) => Ok(present::<K>(app, document)),
        None => Err(absent(id)),
    }
}

/// Reads a page of resources below a scope, such as a subscription or a group.
pub async fn list<K: Kind>(app: &App, scope: &str, after: Option<&str>) -> Result<Listing, Error> {
    let (documents, next) = list_stored(app, &collection(K::TYPE), scope, after).await?;
    let items = documents
        .into_iter()
        .map(|document| present::<K>(app, document).body)
        .collect();
    Ok(Listing { items, next })
}

/// Reads a page of stored documents below a scope.
pub async fn list_stored(
    app: &App,
    collection: &str,
    scope: &str,
    after: Option<&str>,
) -> Result<(Vec<Document>, Option<String>), Error> {
    let mut documents = app
        .meta()
        .scan(Scan {
            collection,
            prefix: &format!("{}/", scope.trim_end_matches('/').to_ascii_lowercase()),
            after,
            limit: PAGE_SIZE + 1,
        })
        .await?;
    let has_more = documents.len() > PAGE_SIZE as usize;
    documents.truncate(PAGE_SIZE as usize);
    let next = documents
        .last()
        .filter(|_| has_more)
        .map(|document| document.key.clone());
    Ok((documents, next))
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

fn present<K: Kind>(app: &App, document: Document) -> Found {
    let mut body = document.body;
    K::present(app, &mut body);
    Found {
        body,
        revision: document.revision,
    }
}
