//! The addresses of the endpoints that hand out tokens on a machine.

use crate::error::Error;
use crate::link::Link;
use url::Url;

/// Reads an address from a variable.
pub(crate) fn endpoint_url(link: Link, variable: &str, value: &str) -> Result<Url, Error> {
    Url::parse(value).map_err(|error| Error::setup(link, format!("{variable}: {error}")))
}

/// The address with query parameters added.
pub(crate) fn with_query(url: &Url, parameters: &[(&str, &str)]) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().extend_pairs(parameters);
    url
}
