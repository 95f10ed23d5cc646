//! One connection to ARM: the endpoint, the subscription, the credential, and how to ask.

use crate::error::{Error, Refusal};
use acr_auth::Chain;
use acr_http::{Client, Method, Retry, StatusCode, header::HeaderMap};
use serde_json::Value;
use std::sync::Arc;

/// A connection to the control plane in one subscription. It speaks only when asked.
#[derive(Debug)]
pub struct Arm {
    http: Client,
    chain: Arc<Chain>,
    endpoint: String,
    audience: String,
    subscription: String,
    request_id: String,
}

/// A successful answer: its status, its headers and its body, `null` if it has none.
#[derive(Debug)]
pub struct Answer {
    /// 200, 201, 202 or 204.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Value,
    /// The address that was asked.
    pub url: String,
}

impl Arm {
    /// A connection to `endpoint`. Every request carries the same client request id, so that all
    /// that one command did can be found under it.
    pub fn new(http: Client, chain: Arc<Chain>, target: Target) -> Self {
        Self {
            http,
            chain,
            endpoint: target.endpoint.trim_end_matches('/').to_owned(),
            audience: target.audience,
            subscription: target.subscription,
            request_id: target.request_id,
        }
    }

    /// Moves to another subscription.
    pub fn enter_subscription(&mut self, id: String) {
        self.subscription = id;
    }

    /// The subscription that commands work in.
    pub fn subscription(&self) -> &str {
        &self.subscription
    }

    /// The absolute address of a path, with its api-version.
    pub(super) fn url(&self, path: &str, api_version: &str) -> String {
        let separator = if path.contains('?') { '&' } else { '?' };
        format!(
            "{}{path}{separator}api-version={api_version}",
            self.endpoint
        )
    }

    /// Asks and gives a successful answer; anything else is an error with the service's words.
    pub(super) async fn ask(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        let token = self.chain.token(&self.audience).await?;
        let mut request = self
            .http
            .request(method, url)
            .bearer(&token.secret)
            .header("accept", "application/json")
            .header("x-ms-client-request-id", &self.request_id)
            .retry(Retry::STANDARD);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status;
        let headers = response.headers.clone();
        let correlation_id = response
            .header("x-ms-correlation-request-id")
            .or_else(|| response.header("x-ms-request-id"))
            .map(str::to_owned);
        let bytes = response.bytes().await?;
        if !status.is_success() {
            let refusal = Refusal::read(status, correlation_id, &bytes);
            return Err(Error::Service(Box::new(refusal)));
        }
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)
                .map_err(|error| Error::decode(url, format!("it is no JSON: {error}")))?
        };
        Ok(Answer {
            status,
            headers,
            body,
            url: url.to_owned(),
        })
    }

    pub(super) async fn get(&self, path: &str, api_version: &str) -> Result<Value, Error> {
        let url = self.url(path, api_version);
        Ok(self.ask(Method::GET, &url, None).await?.body)
    }

    pub(super) async fn post(
        &self,
        path: &str,
        api_version: &str,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        let url = self.url(path, api_version);
        Ok(self.ask(Method::POST, &url, body).await?.body)
    }
}

/// Where an [`Arm`] connection leads and under which names it speaks.
#[derive(Debug, Clone)]
pub struct Target {
    /// The management endpoint.
    pub endpoint: String,
    /// The scope of its tokens.
    pub audience: String,
    /// The subscription.
    pub subscription: String,
    /// The id that ties all requests of one command together.
    pub request_id: String,
}

/// A name as one segment of a path.
pub(super) fn segment(name: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    encoded.replace('+', "%20")
}

impl Answer {
    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
