//! A request that was let in, as its handler sees it.

use std::sync::Arc;

use acr_api::oci::RepositoryName;
use axum::http::{HeaderMap, HeaderName, Method, header};

use crate::{
    app::App,
    domain::access::{Access, Registry},
};

/// A request.
pub(super) struct Call {
    pub(super) app: App,
    pub(super) access: Arc<Access>,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    /// The path as it was sent, without the query.
    pub(super) path: String,
    /// The query as it was sent.
    pub(super) query: String,
    /// What stands between `/v2` and the names in paths: nothing on a registry's own host.
    pub(super) base: String,
}

impl Call {
    pub(super) fn registry(&self) -> &Registry {
        self.access.registry()
    }

    /// A header that is text.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the client has the content of this entity tag already, as its `If-None-Match` says.
    pub(super) fn has(&self, etag: &str) -> bool {
        let known = self.header(header::IF_NONE_MATCH).unwrap_or_default();
        known
            .split(',')
            .map(str::trim)
            .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
    }

    /// A path of the distribution API, as this client has to ask for it.
    pub(super) fn location(&self, name: &RepositoryName, rest: &str) -> String {
        format!("/v2{}/{name}/{rest}", self.base)
    }
}
