//! Follows reads to where the content lies, without the credential.

use super::Error;
use super::send::{Authorization, Body, Call, Registry};
use acr_http::{Method, Response};
use url::Url;

/// More hops than this lead nowhere.
const MOST_REDIRECTS: usize = 5;

impl Registry {
    /// Sends a call with this authorization, and on to where the answer points if it is a read.
    pub(super) async fn attempt(
        &self,
        call: &Call<'_>,
        authorization: Option<&Authorization>,
    ) -> Result<Response, Error> {
        let mut url = call.url.clone();
        let mut authorization = authorization;
        for _ in 0..=MOST_REDIRECTS {
            let response = self.hop(call, &url, authorization).await?;
            let is_read = matches!(call.method, Method::GET | Method::HEAD);
            if !is_read || !matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let Some(target) = response.header("location") else {
                return Ok(response);
            };
            url = self.inner.endpoint.follow(&url, target)?;
            // Once away it stays away, even if the way leads back.
            authorization = authorization.filter(|_| self.inner.endpoint.owns(&url));
        }
        Err(Error::Decode {
            url: acr_http::redact_url(&call.url),
            reason: "it leads from one address to the next without end".to_owned(),
        })
    }

    async fn hop(
        &self,
        call: &Call<'_>,
        url: &Url,
        authorization: Option<&Authorization>,
    ) -> Result<Response, Error> {
        let mut request = self.inner.http.request(call.method.clone(), url.as_str());
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let Some(authorization) = authorization {
            request = request.authorization(&authorization.value);
        }
        Ok(match &call.body {
            Body::Nothing => request.send().await?,
            Body::Small(bytes) => request.body(bytes.clone()).send().await?,
            Body::BulkAnswer => request.send_bulk(None).await?,
            Body::Bulk(open) => request.send_bulk(Some(open())).await?,
        })
    }
}
