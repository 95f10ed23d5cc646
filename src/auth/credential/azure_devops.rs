//! The identity token of an Azure DevOps job's service connection, traded for a token of its application.

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

const LINK: Link = Link::AzureDevops;
const LIMIT: Duration = Duration::from_secs(30);

/// Where the job asks, and the right to do so.
#[derive(Debug)]
pub(crate) struct AzureDevops {
    url: Url,
    token: Secret,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    oidc_token: String,
}

/// The application of this job's service connection, if it runs with one and may use its own token.
pub(crate) fn detect(context: &Context) -> Result<Option<Client>, Error> {
    let var = |name: &str| context.environment.var(name);
    let (Some(url), Some(token), Some(connection), Some(client_id), Some(tenant)) = (
        var("SYSTEM_OIDCREQUESTURI"),
        var("SYSTEM_ACCESSTOKEN"),
        var("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
        var("AZURESUBSCRIPTION_CLIENT_ID"),
        var("AZURESUBSCRIPTION_TENANT_ID"),
    ) else {
        return Ok(None);
    };
    let mut url = Url::parse(url)
        .map_err(|error| Error::setup(LINK, format!("SYSTEM_OIDCREQUESTURI: {error}")))?;
    url.query_pairs_mut()
        .append_pair("api-version", "7.1")
        .append_pair("serviceConnectionId", connection);
    Ok(Some(Client {
        link: LINK,
        authority: Authority::new(LINK, context.authority_host(), tenant)?,
        client_id: client_id.to_owned(),
        proof: Proof::AzureDevops(AzureDevops {
            url,
            token: Secret::new(token),
        }),
    }))
}

impl AzureDevops {
    /// A fresh identity token; the service makes it out to Entra by itself.
    pub(crate) async fn identity_token(&self, context: &Context) -> Result<Secret, Error> {
        let response = context
            .http
            .post(self.url.as_str())
            .bearer(&self.token)
            .header("content-type", "application/json")
            // The service refuses a POST without a length, and an empty body gets none by itself.
            // Without this an expired token is answered with a redirect to a sign-in page.
            .header("x-tfs-fedauthredirect", "Suppress")
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
        Ok(Secret::new(answer.oidc_token))
    }
}
