//! The token service of a registry, and the two requests it answers.

use super::error::{Error, Hop};
use super::token::RegistryToken;
use crate::answer;
use crate::error::Refusal;
use acr_api::auth::Scope;
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

/// What an access token is asked for with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Proof<'a> {
    RefreshToken(&'a Secret),
    Password(&'a str, &'a Secret),
    /// For registries that let everybody pull.
    Nothing,
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
        // To be asked too often is said at once: asking again makes it worse.
        let answer = self
            .post(caller, Hop::Exchange, &form, Retry::NEVER)
            .await?;
        let token = answer.refresh_token;
        self.token_of(Hop::Exchange, token, None, caller.now)
    }

    /// Asks for an access token.
    pub(super) async fn access_token(
        &self,
        caller: Caller<'_>,
        proof: Proof<'_>,
        scopes: &[Scope],
    ) -> Result<RegistryToken, Error> {
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let grant = match proof {
            Proof::RefreshToken(_) => "refresh_token",
            Proof::Password(..) | Proof::Nothing => "password",
        };
        let mut form = vec![("grant_type", grant), ("service", &self.name)];
        form.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
        match proof {
            Proof::RefreshToken(token) => form.push(("refresh_token", token.expose())),
            Proof::Password(name, password) => {
                form.extend([("username", name), ("password", password.expose())]);
            }
            Proof::Nothing => {}
        }
        let answer = self
            .post(caller, Hop::Token, &form, Retry::STANDARD)
            .await?;
        let token = answer.access_token.or(answer.token);
        self.token_of(Hop::Token, token, answer.expires_in, caller.now)
    }

    async fn post(
        &self,
        caller: Caller<'_>,
        hop: Hop,
        form: &[(&str, &str)],
        retry: Retry,
    ) -> Result<TokenAnswer, Error> {
        let path = match hop {
            Hop::Exchange => "exchange",
            Hop::Token | Hop::Challenge => "token",
        };
        let response = caller
            .http
            .post(&format!("{}/oauth2/{path}", self.origin))
            .header("accept", "application/json")
            .form(form)
            .timeout(LIMIT)
            .retry(retry)
            .send()
            .await
            .map_err(Error::transport(&self.host, hop))?;
        if response.status != StatusCode::OK {
            return Err(refused(&self.host, hop, caller.whom, response).await);
        }
        let body = body(&self.host, hop, response).await?;
        // The reader's own words could repeat a token.
        serde_json::from_slice(&body).map_err(|_| self.useless(hop, "it is no token answer"))
    }

    fn token_of(
        &self,
        hop: Hop,
        token: Option<String>,
        expires_in: Option<i64>,
        now: DateTime<Utc>,
    ) -> Result<RegistryToken, Error> {
        match token.filter(|token| !token.is_empty()) {
            Some(token) => Ok(RegistryToken::new(token, expires_in, now)),
            None => Err(self.useless(hop, "it holds no token")),
        }
    }

    fn useless(&self, hop: Hop, why: &str) -> Error {
        Error::Answer {
            host: self.host.clone(),
            hop,
            why: why.to_owned(),
        }
    }
}

/// Some services say `token` for `access_token`. There is no `Debug`: nearly all of it is secret.
#[derive(Deserialize)]
struct TokenAnswer {
    refresh_token: Option<String>,
    access_token: Option<String>,
    token: Option<String>,
    expires_in: Option<i64>,
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
    // A registry that keeps a network out says so with this word; one that keeps a person out does not.
    if status == StatusCode::FORBIDDEN && refusal.error == "DENIED" {
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
