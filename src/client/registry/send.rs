//! A registry, and how a request reaches it: authorised, once more after a 401, past redirects.

use super::challenge::{Demand, Scheme};
use super::token::Tokens;
use super::{Credential, CredentialSource, Endpoint, Error};
use acr_api::auth::{Action, ResourceKind, Scope};
use acr_api::oci::RepositoryName;
use acr_http::{Client, Method, Response, Secret, StatusCode, Upload};
use bytes::Bytes;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// A client of one registry host. Clones share its tokens and its connections.
#[derive(Debug, Clone)]
pub struct Registry {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) http: Client,
    pub(super) endpoint: Endpoint,
    source: Arc<dyn CredentialSource>,
    /// What the registry asked for last; nothing as long as it answered everybody.
    scheme: Mutex<Option<Scheme>>,
    /// Held while a token is fetched, so that requests side by side fetch one and not one each.
    tokens: tokio::sync::Mutex<Tokens>,
    /// Whether the registry turned a whole blob away as too large.
    pub(super) wants_chunks: AtomicBool,
}

/// One request to a registry.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) scopes: Vec<Scope>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body<'a>,
    /// What is tried, for a refusal: `read the manifest …`.
    pub(super) doing: String,
}

/// What a request carries.
pub(super) enum Body<'a> {
    Nothing,
    Small(Bytes),
    /// The answer is content of any length.
    BulkAnswer,
    /// The request is: the stream is opened anew for each attempt.
    Bulk(&'a (dyn Fn() -> Upload + Send + Sync)),
}

/// What goes into `Authorization`, and the token in it.
pub(super) struct Authorization {
    pub(super) value: String,
    token: Option<Secret>,
}

impl Call<'_> {
    pub(super) fn new(method: Method, url: Url, scopes: Vec<Scope>, doing: String) -> Self {
        Self {
            method,
            url,
            scopes,
            headers: Vec::new(),
            body: Body::Nothing,
            doing,
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The scope of something done in a repository.
pub(super) fn scope(repository: &RepositoryName, actions: &[Action]) -> Vec<Scope> {
    vec![Scope {
        kind: ResourceKind::Repository,
        class: None,
        name: repository.to_string(),
        actions: actions.to_vec(),
    }]
}

impl Registry {
    /// A client that opens no connection until its first call.
    pub fn new(http: Client, endpoint: Endpoint, source: Arc<dyn CredentialSource>) -> Self {
        Self {
            inner: Arc::new(Inner {
                http,
                endpoint,
                source,
                scheme: Mutex::default(),
                tokens: tokio::sync::Mutex::default(),
                wants_chunks: AtomicBool::new(false),
            }),
        }
    }

    /// Host and port of the registry, as images are named after it.
    pub fn host(&self) -> &str {
        self.inner.endpoint.host()
    }

    /// Asks whether the registry is there and takes the credential.
    pub async fn ping(&self) -> Result<(), Error> {
        let call = Call::new(
            Method::GET,
            self.url("/v2/"),
            Vec::new(),
            "answer at /v2/".to_owned(),
        );
        self.expect(&call, &[200]).await.map(drop)
    }

    /// The address of a path of this registry.
    pub(super) fn url(&self, path: &str) -> Url {
        self.inner.endpoint.url(path)
    }

    /// Sends a call and gives its answer if it has one of these statuses.
    pub(super) async fn expect(&self, call: &Call<'_>, wanted: &[u16]) -> Result<Response, Error> {
        let response = self.send(call).await?;
        if wanted.contains(&response.status.as_u16()) {
            Ok(response)
        } else {
            Err(Error::refused(response, &call.doing).await)
        }
    }

    /// Sends a call and gives its answer, whatever it is.
    pub(super) async fn send(&self, call: &Call<'_>) -> Result<Response, Error> {
        let is_own = self.inner.endpoint.owns(&call.url);
        let authorization = match is_own {
            true => self.authorize(&call.scopes).await?,
            false => None,
        };
        let response = self.attempt(call, authorization.as_ref()).await?;
        if response.status != StatusCode::UNAUTHORIZED || !is_own {
            return Ok(response);
        }
        match self.answer(call, authorization, &response).await? {
            Some(authorization) => {
                // Read to its end, so that the connection can serve again.
                let _ = response.bytes().await;
                self.attempt(call, Some(&authorization)).await
            }
            None => Ok(response),
        }
    }

    /// Looks for a better authorization after a 401: with the scopes the registry asks for too.
    async fn answer(
        &self,
        call: &Call<'_>,
        refused: Option<Authorization>,
        response: &Response,
    ) -> Result<Option<Authorization>, Error> {
        let Some(demand) = Demand::read(response, &self.inner.endpoint)? else {
            return Ok(None);
        };
        if let Some(token) = refused.as_ref().and_then(|refused| refused.token.as_ref()) {
            self.inner.tokens.lock().await.forget(token);
        }
        *self.scheme() = Some(demand.scheme);
        let scopes = Scope::union(call.scopes.iter().cloned().chain(demand.scopes));
        let better = self.authorize(&scopes).await?;
        let tried = refused.map(|refused| refused.value);
        Ok(better.filter(|better| tried.as_ref() != Some(&better.value)))
    }

    /// What the registry is known to ask for; nothing if it asked for nothing yet.
    async fn authorize(&self, scopes: &[Scope]) -> Result<Option<Authorization>, Error> {
        let scheme = self.scheme().clone();
        match scheme {
            None => Ok(None),
            Some(Scheme::Basic) => {
                let credential = self.inner.source.credential(self.host()).await?;
                let value = match &credential {
                    Credential::Basic { username, password } => {
                        Some(Credential::basic(username, password))
                    }
                    Credential::Anonymous | Credential::Refresh(_) => None,
                };
                Ok(value.map(|value| Authorization { value, token: None }))
            }
            Some(Scheme::Bearer(service)) => {
                let mut tokens = self.inner.tokens.lock().await;
                let token = match tokens.find(scopes) {
                    Some(token) => token.clone(),
                    None => {
                        let credential = self.inner.source.credential(&service.service).await?;
                        let granted = service.grant(&self.inner.http, &credential, scopes).await?;
                        let token = granted.token.clone();
                        tokens.insert(scopes.to_vec(), granted);
                        token
                    }
                };
                Ok(Some(Authorization {
                    value: format!("Bearer {}", token.expose()),
                    token: Some(token),
                }))
            }
        }
    }

    fn scheme(&self) -> std::sync::MutexGuard<'_, Option<Scheme>> {
        // The value is whole even if a thread died while it held the lock.
        self.inner
            .scheme
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
