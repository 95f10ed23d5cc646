//! The parameters of a request.

use acr_api::{acr::PageQuery, oci::ErrorCode};

use super::call::Call;
use crate::domain::Error;

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
            ErrorCode::PaginationNumberInvalid.as_str().to_owned(),
            error.to_string(),
        )
    })
}
