//! A management request that was let in: everything a handler may look at.

use acr_api::arm::Page;
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::route::Route;
use crate::{
    app::App,
    domain::{
        Error,
        caller::Caller,
        resource::{Condition, Listing, decode},
        role::Access,
    },
    http::{answer, extract, filter, paging},
};

/// A request with its caller.
pub(super) struct Call {
    pub(super) app: App,
    pub(super) caller: Caller,
    pub(super) access: Access,
    pub(super) route: Route,
    /// Scheme, host and port as the client knows them.
    pub(super) origin: String,
    /// The path as it was sent.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) condition: Condition,
    pub(super) body: Bytes,
    /// The action that reading an item of this type needs.
    pub(super) read_action: String,
}

impl Call {
    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value, Error> {
        extract::json(&self.body)
    }

    /// The body as a type.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode(self.json()?)
    }

    /// The subscription of the path.
    pub(super) fn subscription(&self) -> String {
        self.route.named("subscriptions").unwrap_or_default()
    }

    /// A parameter of the query; names have no case.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        pairs
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The conditions of `$filter`.
    pub(super) fn filter(&self) -> Result<Vec<filter::Term>, Error> {
        filter::parse(self.parameter("$filter").unwrap_or_default())
    }

    /// The key after which the asked page begins.
    pub(super) fn after(&self) -> Result<Option<String>, Error> {
        paging::after(self.parameter("$skipToken"))
    }

    /// Whether the caller may see an item of a list.
    pub(super) fn sees(&self, id: &str) -> bool {
        self.access.allows(&self.read_action, id)
    }

    /// Answers a page of a list, with the way to the next one.
    pub(super) fn page<T: Serialize>(&self, listing: Listing<T>) -> Response {
        let link = |key: &str| paging::next_link(&self.origin, &self.path, &self.query, key);
        ok(&Page {
            next_link: listing.next.as_deref().map(link),
            value: listing.items,
        })
    }

    /// The absolute address of something else here, asked with the same api-version.
    pub(super) fn link(&self, path: &str) -> String {
        let version = self.parameter("api-version").unwrap_or_default();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("api-version", version)
            .finish();
        format!("{}{path}?{query}", self.origin)
    }
}

/// 200 with a body.
pub(super) fn ok(body: &impl Serialize) -> Response {
    answer::json(StatusCode::OK, body)
}

/// 201 for something new, 200 for something changed.
pub(super) fn written(is_new: bool, body: &impl Serialize) -> Response {
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    answer::json(status, body)
}

/// 202: the end can be seen at an address.
pub(super) fn accepted(location: &str) -> Response {
    answer::header(
        answer::empty(StatusCode::ACCEPTED),
        header::LOCATION,
        location,
    )
}

/// 204.
pub(super) fn no_content() -> Response {
    answer::empty(StatusCode::NO_CONTENT)
}
