//! The identity token that a GitHub Actions job may ask for, traded for a token of its application.

use super::client::{Client, Proof};
use crate::answer;
use crate::authority::Authority;
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use acr_http::Secret;
use serde::Deserialize;
use std::time::Duration;
use url::Url;

const LINK: Link = Link::GithubActions;
const LIMIT: Duration = Duration::from_secs(30);

/// Where the job asks, and the right to do so.
#[derive(Debug)]
pub(crate) struct GithubActions {
    url: Url,
    token: Secret,
}

#[derive(Deserialize)]
struct Answer {
    value: String,
}

/// The application of this job, if the job may have an identity and names an application.
pub(crate) fn detect(context: &Context) -> Result<Option<Client>, Error> {
    let var = |name: &str| context.environment.var(name);
    let (Some(url), Some(token), Some(client_id), Some(tenant)) = (
        var("ACTIONS_ID_TOKEN_REQUEST_URL"),
        var("ACTIONS_ID_TOKEN_REQUEST_TOKEN"),
        var("AZURE_CLIENT_ID"),
        var("AZURE_TENANT_ID"),
    ) else {
        return Ok(None);
    };
    let url = Url::parse(url)
        .map_err(|error| Error::setup(LINK, format!("ACTIONS_ID_TOKEN_REQUEST_URL: {error}")))?;
    Ok(Some(Client {
        link: LINK,
        authority: Authority::new(LINK, context.authority_host(), tenant)?,
        client_id: client_id.to_owned(),
        proof: Proof::GithubActions(GithubActions {
            url,
            token: Secret::new(token),
        }),
    }))
}

impl GithubActions {
    /// A fresh identity token, made out to Entra.
    pub(crate) async fn identity_token(&self, context: &Context) -> Result<Secret, Error> {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("audience", context.cloud.federation_audience());
        let response = context
            .http
            .get(url.as_str())
            .bearer(&self.token)
            .timeout(LIMIT)
            .send()
            .await
            .map_err(Error::transport(LINK))?;
        let status = response.status;
        let body = answer::body(LINK, response).await?;
        if !status.is_success() {
            let refusal = Box::new(answer::refusal(status.as_u16(), &body));
            return Err(Error::Refused {
                link: LINK,
                refusal,
            });
        }
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|error| Error::answer(LINK, format!("no identity token: {error}")))?;
        Ok(Secret::new(answer.value))
    }
}
