//! The token service of a registry, and how it takes an Azure token.

use super::error::{Error, Hop, keeps_network_out};
use super::token::RegistryToken;
use crate::answer;
use crate::error::Refusal;
use acr_api::oci::ErrorBody;
use acr_http::{Client, Response, Retry, Secret, StatusCode};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::time::Duration;

/// The limit for one request.
pub(super) const LIMIT: Duration = Duration::from_secs(30);
/// Far more than any token needs.
const LARGEST_ANSWER_BYTES: usize = 1024 * 1024;
const LONGEST_DESCRIPTION: usize = 2000;

/// Where tokens come from.
#[derive(Debug, Clone)]
pub(super) struct TokenService {
    /// The registry, for messages.
    pub(super) host: String,
    pub(super) origin: String,
    /// What it calls the registry.
    pub(super) name: String,
}

/// An Azure token that is to be exchanged.
#[derive(Debug)]
pub(super) struct AzureProof {
    pub(super) token: Secret,
    pub(super) tenant: Option<String>,
}

/// How and for whom a request is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) http: &'a Client,
    pub(super) now: DateTime<Utc>,
    /// Who asks, in words.
    pub(super) whom: &'a str,
}

impl TokenService {
    /// Exchanges an Azure token for a refresh token.
    pub(super) async fn exchange(
        &self,
        caller: Caller<'_>,
        proof: &AzureProof,
    ) -> Result<RegistryToken, Error> {
        let mut form = vec![("grant_type", "access_token"), ("service", &self.name)];
        form.extend(proof.tenant.as_deref().map(|tenant| ("tenant", tenant)));
        form.push(("access_token", proof.token.expose()));
        let answer = self.post(caller, &form).await?;
        match answer.refresh_token.filter(|token| !token.is_empty()) {
            Some(token) => Ok(RegistryToken::new(token, None, caller.now)),
            None => Err(self.useless("it holds no token")),
        }
    }

    async fn post(&self, caller: Caller<'_>, form: &[(&str, &str)]) -> Result<TokenAnswer, Error> {
        let hop = Hop::Exchange;
        let response = caller
            .http
            .post(&format!("{}/oauth2/exchange", self.origin))
            .header("accept", "application/json")
            .form(form)
            .timeout(LIMIT)
            // To be asked too often is said at once: asking again makes it worse.
            .retry(Retry::NEVER)
            .send()
            .await
            .map_err(Error::transport(&self.host, hop))?;
        if response.status != StatusCode::OK {
            return Err(refused(&self.host, hop, caller.whom, response).await);
        }
        let body = body(&self.host, hop, response).await?;
        // The reader's own words could repeat a token.
        serde_json::from_slice(&body).map_err(|_| self.useless("it is no token answer"))
    }

    fn useless(&self, why: &str) -> Error {
        Error::Answer {
            host: self.host.clone(),
            hop: Hop::Exchange,
            why: why.to_owned(),
        }
    }
}

/// There is no `Debug`: all of it is secret.
#[derive(Deserialize)]
struct TokenAnswer {
    refresh_token: Option<String>,
}

/// What an answer that is no success means.
pub(super) async fn refused(host: &str, hop: Hop, whom: &str, response: Response) -> Error {
    let status = response.status;
    let refusal = match refusal(host, hop, response).await {
        Ok(refusal) => refusal,
        Err(error) => return error,
    };
    let host = host.to_owned();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Error::TooManyRequests { host, hop, refusal };
    }
    let is_of_network = keeps_network_out(&refusal.error, &refusal.description);
    if status == StatusCode::FORBIDDEN && is_of_network {
        return Error::Firewall { host, refusal };
    }
    Error::Refused {
        host,
        hop,
        whom: whom.to_owned(),
        refusal,
    }
}

/// The registry's own words about a request that it refused.
pub(super) async fn refusal(
    host: &str,
    hop: Hop,
    response: Response,
) -> Result<Box<Refusal>, Error> {
    let status = response.status.as_u16();
    let correlation_id = ["x-ms-correlation-request-id", "x-ms-request-id"]
        .iter()
        .find_map(|name| response.header(name))
        .map(str::to_owned);
    let body = body(host, hop, response).await?;
    let entries = serde_json::from_slice(&body).map(|body: ErrorBody| body.errors);
    let mut refusal = match entries.unwrap_or_default().into_iter().next() {
        Some(entry) => Refusal {
            status,
            error: entry.code.to_string(),
            description: entry.message.chars().take(LONGEST_DESCRIPTION).collect(),
            correlation_id: None,
        },
        None => answer::refusal(status, &body),
    };
    refusal.correlation_id = refusal.correlation_id.or(correlation_id);
    Ok(Box::new(refusal))
}

async fn body(host: &str, hop: Hop, response: Response) -> Result<Vec<u8>, Error> {
    let bytes = response.bytes().await;
    let bytes = bytes.map_err(Error::transport(host, hop))?;
    if bytes.len() > LARGEST_ANSWER_BYTES {
        return Err(Error::Answer {
            host: host.to_owned(),
            hop,
            why: "it is larger than 1 MiB".to_owned(),
        });
    }
    Ok(bytes.to_vec())
}
