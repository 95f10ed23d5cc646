//! The parameters of a request.

use acr_api::{
    acr::PageQuery,
    oci::{ErrorCode, RepositoryName},
};

use super::call::Call;
use crate::domain::Error;

/// The repository that a request for an upload names as one that has the blob, in the words of a client under `base`.
pub(super) fn mounted_from(query: &str, base: &str) -> Option<RepositoryName> {
    let value = |wanted: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let (_, value) = pairs.find(|(name, _)| name == wanted)?;
        (!value.is_empty()).then_some(value)
    };
    value("mount")?;
    let from = value("from")?;
    let base = base.trim_start_matches('/');
    let own = from
        .strip_prefix(base)
        .and_then(|rest| rest.strip_prefix('/'));
    own.filter(|_| !base.is_empty())
        .unwrap_or(&from)
        .parse()
        .ok()
}

impl Call {
    /// The values of a parameter, in order.
    pub(super) fn parameters(&self, name: &str) -> Vec<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    /// The first value of a parameter, unless it is empty.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let value = self.parameters(name).into_iter().next()?;
        (!value.is_empty()).then_some(value)
    }

    /// Which page of a listing is asked for.
    pub(super) fn page(&self) -> Result<PageQuery, Error> {
        page_of(&self.query)
    }
}

fn page_of(query: &str) -> Result<PageQuery, Error> {
    let known = ["n", "last", "orderby", "digest"];
    let mut members = serde_json::Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if known.contains(&&*name) {
            members.entry(name).or_insert(value.into_owned().into());
        }
    }
    serde_json::from_value(members.into()).map_err(|error| {
        Error::invalid(
            ErrorCode::Unsupported.as_str().to_owned(),
            error.to_string(),
        )
    })
}
