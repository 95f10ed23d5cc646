//! Listings that come page by page: the catalog and tags, and those of `/acr/v1`.

use super::Error;
use super::send::{Call, Registry, scope};
use acr_api::auth::{Action, ResourceKind, Scope};
use acr_api::oci::RepositoryName;
use acr_http::{Link, Method, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;
use url::Url;

/// The pages of a listing, fetched one at a time.
#[derive(Debug)]
pub struct Pages<T> {
    registry: Registry,
    next: Option<Url>,
    scopes: Vec<Scope>,
    /// The member of the answer that holds the entries.
    member: &'static str,
    doing: String,
    entry: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(
        registry: &Registry,
        first: Url,
        scopes: Vec<Scope>,
        member: &'static str,
        what: &str,
    ) -> Self {
        Self {
            doing: format!("list {what}"),
            registry: registry.clone(),
            next: Some(first),
            scopes,
            member,
            entry: PhantomData,
        }
    }

    /// The entries of the next page, of which there may be none; `None` after the last page.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Error> {
        let Some(url) = self.next.take() else {
            return Ok(None);
        };
        let call = Call::new(
            Method::GET,
            url.clone(),
            self.scopes.clone(),
            self.doing.clone(),
        );
        let response = self.registry.expect(&call, &[200]).await?;
        self.next = self.after(&url, &response)?;
        let address = response.url().to_owned();
        let wrong = |reason: String| Error::Decode {
            url: address.clone(),
            reason,
        };
        let mut body: Value = response.json().await?;
        match body.get_mut(self.member).map(Value::take) {
            // An empty list may come as null.
            Some(Value::Null) => Ok(Some(Vec::new())),
            Some(entries) => serde_json::from_value(entries)
                .map(Some)
                .map_err(|error| wrong(format!("{}: {error}", self.member))),
            None => Err(wrong(format!("it has no member {:?}", self.member))),
        }
    }

    /// The entries of all pages that are left.
    pub async fn all(mut self) -> Result<Vec<T>, Error> {
        let mut entries = Vec::new();
        while let Some(page) = self.next().await? {
            entries.extend(page);
        }
        Ok(entries)
    }

    /// The first `most` entries. Each page is asked for with no more than are missing; at least one
    /// is asked for, so that what is not there is found out, and what is no number of entries refused.
    pub async fn first(mut self, most: i64) -> Result<Vec<T>, Error> {
        let wanted = usize::try_from(most).unwrap_or(0);
        let mut entries = Vec::new();
        loop {
            self.ask_for_at_most(most.saturating_sub_unsigned(entries.len() as u64));
            let Some(page) = self.next().await? else {
                return Ok(entries);
            };
            entries.extend(page);
            if entries.len() >= wanted {
                entries.truncate(wanted);
                return Ok(entries);
            }
        }
    }

    /// Lowers the size of the next page, whose other parameters stay as the registry wrote them.
    fn ask_for_at_most(&mut self, most: i64) {
        let Some(url) = &mut self.next else { return };
        let query = url.query().unwrap_or_default();
        let parts = query.split('&').filter(|part| !part.is_empty());
        let (sizes, others): (Vec<&str>, Vec<&str>) =
            parts.partition(|part| part.starts_with("n="));
        let size = sizes.first().and_then(|part| part[2..].parse().ok());
        let size = format!("n={}", size.map_or(most, |size: i64| size.min(most)));
        let query = [&[size.as_str()], &others[..]].concat().join("&");
        url.set_query(Some(&query));
    }

    fn after(&self, url: &Url, response: &Response) -> Result<Option<Url>, Error> {
        let Some(link) = Link::find_next(response.header_values("link")) else {
            return Ok(None);
        };
        let endpoint = &self.registry.inner.endpoint;
        let next = endpoint.follow(url, &link.target)?;
        if !endpoint.owns(&next) {
            return Err(Error::decode(response, "its next page is on another host"));
        }
        if next == *url {
            return Err(Error::decode(response, "its next page is the same page"));
        }
        Ok(Some(next))
    }
}

impl Registry {
    /// The names of the repositories, `page` at a time if it is given.
    pub fn catalog(&self, page: Option<u32>) -> Pages<String> {
        let scopes = vec![Scope {
            kind: ResourceKind::Registry,
            class: None,
            name: "catalog".to_owned(),
            actions: vec![Action::All],
        }];
        let url = paged(self.url("/v2/_catalog"), page);
        Pages::new(self, url, scopes, "repositories", "its repositories")
    }

    /// The tags of a repository, `page` at a time if it is given.
    pub fn tags(&self, repository: &RepositoryName, page: Option<u32>) -> Pages<String> {
        let url = paged(self.url(&format!("/v2/{repository}/tags/list")), page);
        let scopes = scope(repository, &[Action::Pull]);
        let what = format!("the tags of {repository}");
        Pages::new(self, url, scopes, "tags", &what)
    }
}

fn paged(mut url: Url, page: Option<u32>) -> Url {
    if let Some(page) = page {
        url.query_pairs_mut().append_pair("n", &page.to_string());
    }
    url
}
