//! What a resource type must say of itself; everything else is generic.

use std::future::Future;

use acr_api::arm::{ResourceId, SystemData};
use acr_store::Batch;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    app::App,
    domain::{Error, caller::Caller},
};

/// A type of resource below a resource group.
pub trait Kind: Send + Sync + 'static {
    /// The full type, such as `Microsoft.ContainerRegistry/registries`.
    const TYPE: &'static str;

    /// A resource as it is stored and as clients see it.
    type Body: Serialize + DeserializeOwned + Send + Sync;

    /// Works out what is to be stored for a write: rules, defaults, what only the service sets.
    fn resolve(
        draft: Draft<'_, Self::Body>,
    ) -> impl Future<Output = Result<Resolved<Self::Body>, Error>> + Send;

    /// Completes a stored body with what is derived, such as host names.
    fn present(_app: &App, _body: &mut Self::Body) {}

    /// The region of a resource.
    fn location(body: &Self::Body) -> &str;

    /// What else goes when the resource goes.
    fn removal(
        app: &App,
        id: &ResourceId,
        body: &Self::Body,
    ) -> impl Future<Output = Result<Batch, Error>> + Send;

    /// The refusal when a document that the resource must own belongs to another one.
    fn taken(id: &ResourceId) -> Error {
        Error::conflict("Conflict", format!("'{}' is in use.", id.name()))
    }
}

/// A write under way.
pub struct Draft<'a, B> {
    /// The server.
    pub app: &'a App,
    /// Who writes.
    pub caller: &'a Caller,
    /// The resource.
    pub id: &'a ResourceId,
    /// The state that is asked for: the body of a PUT, or the stored one with a PATCH merged in.
    pub input: Value,
    /// The stored state, if there is one.
    pub current: Option<&'a B>,
    /// The authorship after this write.
    pub system_data: SystemData,
}

/// What a write comes to.
pub struct Resolved<B> {
    /// The body to store.
    pub body: B,
    /// What must be written with it, all or nothing.
    pub batch: Batch,
}
