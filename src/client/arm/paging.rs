//! Lists that come in pages.

use super::connection::Arm;
use crate::error::Error;
use acr_api::arm::Page;
use acr_http::Method;
use serde_json::Value;

/// More pages than any subscription can fill: a service that never ends its list is in error.
const MOST_PAGES: usize = 100_000;

impl Arm {
    /// All items of a list, page after page.
    pub(super) async fn list(&self, path: &str, api_version: &str) -> Result<Vec<Value>, Error> {
        let mut url = self.url(path, api_version);
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let answer = self.ask(Method::GET, &url, None).await?;
            let page: Page<Value> = serde_json::from_value(answer.body)
                .map_err(|error| Error::decode(&url, format!("it is no list: {error}")))?;
            items.extend(page.value);
            match page.next_link.filter(|link| !link.is_empty()) {
                Some(next) if next == url => break,
                Some(next) => url = self.own(&next)?,
                None => return Ok(items),
            }
        }
        Err(Error::decode(&url, "its pages lead in a circle"))
    }

    /// The next address, if it leads to the service that gave it: the token goes nowhere else.
    pub(super) fn own(&self, next: &str) -> Result<String, Error> {
        let here = self.url("", "");
        let origin = |url: &str| url::Url::parse(url).map(|url| url.origin());
        match (origin(&here), origin(next)) {
            (Ok(ours), Ok(theirs)) if ours == theirs => Ok(next.to_owned()),
            _ => Err(Error::decode(
                &here,
                format!("it points to another host: {next:?}"),
            )),
        }
    }
}
