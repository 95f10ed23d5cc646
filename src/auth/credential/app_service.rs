//! The managed identity endpoint of App Service, Functions and Container Apps.

use super::address::{endpoint_url, with_query};
use super::selector::Selector;
use crate::answer::{self, TokenAnswer};
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use acr_http::Secret;
use std::time::Duration;
use url::Url;

const LINK: Link = Link::AppService;
const LIMIT: Duration = Duration::from_secs(30);

/// Where the platform answers, and the header that keeps strangers out.
#[derive(Debug)]
pub(crate) struct AppService {
    pub(crate) url: Url,
    header: Secret,
}

impl AppService {
    pub(crate) fn detect(context: &Context) -> Result<Option<Self>, Error> {
        let var = |name: &str| context.environment.var(name);
        let (Some(url), Some(header)) = (var("IDENTITY_ENDPOINT"), var("IDENTITY_HEADER")) else {
            return Ok(None);
        };
        if var("IDENTITY_SERVER_THUMBPRINT").is_some() {
            let message = "the managed identities of Service Fabric are not supported";
            return Err(Error::setup(LINK, message));
        }
        Ok(Some(Self {
            url: endpoint_url(LINK, "IDENTITY_ENDPOINT", url)?,
            header: Secret::new(header),
        }))
    }

    pub(crate) async fn grant(
        &self,
        context: &Context,
        resource: &str,
        selector: &Selector,
    ) -> Result<TokenAnswer, Error> {
        let mut query = vec![("api-version", "2019-08-01"), ("resource", resource)];
        query.extend(match selector {
            Selector::ResourceId(id) => Some(("mi_res_id", id.as_str())),
            other => other.parameter(),
        });
        let response = context
            .http
            .get(with_query(&self.url, &query).as_str())
            .header("x-identity-header", self.header.expose())
            .header("metadata", "true")
            .timeout(LIMIT)
            .send()
            .await
            .map_err(Error::transport(LINK))?;
        answer::read(LINK, response).await
    }
}
