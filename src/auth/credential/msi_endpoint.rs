//! The older identity endpoint that `MSI_ENDPOINT` names: Cloud Shell's, and with `MSI_SECRET` the first
//! App Service one, which Azure Machine Learning still has.

use super::address::{endpoint_url, with_query};
use super::selector::Selector;
use crate::answer::{self, TokenAnswer};
use crate::az::PROFILE_FILE;
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use acr_http::Secret;
use std::time::Duration;
use url::Url;

const LINK: Link = Link::MsiEndpoint;
const LIMIT: Duration = Duration::from_secs(30);
const CLOUD_SHELL: &str = "http://localhost:50342/oauth2/token";

/// Where the endpoint answers, and the secret that some want.
#[derive(Debug)]
pub(crate) struct MsiEndpoint {
    pub(crate) url: Url,
    secret: Option<Secret>,
}

impl MsiEndpoint {
    /// The endpoint of the variables. In Cloud Shell az's profile goes first, because it knows which
    /// subscription is the current one; its tokens come from the same endpoint.
    pub(crate) fn detect(context: &Context) -> Result<Option<Self>, Error> {
        let var = |name: &str| context.environment.var(name);
        let Some(url) = var("MSI_ENDPOINT") else {
            return Ok(None);
        };
        let profile = context.environment.azure_folder().join(PROFILE_FILE);
        if var("ACC_CLOUD").is_some() && profile.exists() {
            return Ok(None);
        }
        Ok(Some(Self {
            url: endpoint_url(LINK, "MSI_ENDPOINT", url)?,
            secret: var("MSI_SECRET").map(Secret::new),
        }))
    }

    /// The endpoint of Cloud Shell, which speaks for the person who opened it.
    pub(crate) fn cloud_shell(context: &Context) -> Result<Self, Error> {
        let url = context.environment.var("MSI_ENDPOINT");
        Ok(Self {
            url: endpoint_url(LINK, "MSI_ENDPOINT", url.unwrap_or(CLOUD_SHELL))?,
            secret: None,
        })
    }

    pub(crate) async fn grant(
        &self,
        context: &Context,
        resource: &str,
        selector: &Selector,
    ) -> Result<TokenAnswer, Error> {
        let mut fields = vec![("resource", resource)];
        let request = match &self.secret {
            Some(secret) => {
                fields.push(("api-version", "2017-09-01"));
                fields.extend(match selector {
                    Selector::ClientId(id) => Some(("clientid", id.as_str())),
                    other => other.parameter(),
                });
                let url = with_query(&self.url, &fields);
                let request = context.http.get(url.as_str());
                request.header("secret", secret.expose())
            }
            None => {
                fields.extend(selector.parameter());
                context.http.post(self.url.as_str()).form(&fields)
            }
        };
        let response = request
            .header("metadata", "true")
            .timeout(LIMIT)
            .send()
            .await
            .map_err(Error::transport(LINK))?;
        answer::read(LINK, response).await
    }
}
