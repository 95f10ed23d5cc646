//! A registry, and how a request reaches it: authorised, once more after a 401, past redirects.

use super::challenge::{Demand, Scheme, TokenService};
use super::token::{Granted, Tokens};
use super::{Credential, CredentialSource, Endpoint, Error, Unfinished};
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
    /// Where large uploads are noted down, if they are.
    pub(super) unfinished: Option<Unfinished>,
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

/// What became of a deletion.
pub(super) enum Deletion {
    /// It is done, and the registry tells of it.
    Answered(Box<Response>),
    /// It is done, and the answer that told of it was lost.
    Unanswered,
    /// There was nothing to delete.
    Needless,
}

impl Deletion {
    pub(super) fn is_done(&self) -> bool {
        !matches!(self, Self::Needless)
    }
}

/// What goes into `Authorization`, and the token in it.
pub(super) struct Authorization {
    pub(super) value: String,
    token: Option<Secret>,
}

impl Authorization {
    fn bearer(token: Secret) -> Self {
        Self {
            value: format!("Bearer {}", token.expose()),
            token: Some(token),
        }
    }
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
            unfinished: None,
        }
    }

    /// The same, with large uploads noted down, so that another run can go on with them.
    #[must_use]
    pub fn noting(self, unfinished: Unfinished) -> Self {
        Self {
            unfinished: Some(unfinished),
            ..self
        }
    }

    /// Host and port of the registry, as images are named after it.
    pub fn host(&self) -> &str {
        self.inner.endpoint.host()
    }

    /// What its calls go through.
    pub(super) fn http(&self) -> &Client {
        &self.inner.http
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

    /// Sends a deletion.
    pub(super) async fn delete(&self, call: &Call<'_>) -> Result<Deletion, Error> {
        let response = self.expect(call, &[202, 200, 204, 404]).await?;
        Ok(match response.status {
            // Before the answer was lost the thing was there, or else somebody asked for what is so anyway:
            // to tell an error of a deletion that succeeded would send people looking for what is gone.
            StatusCode::NOT_FOUND if response.follows_lost_answer() => Deletion::Unanswered,
            StatusCode::NOT_FOUND => Deletion::Needless,
            _ => Deletion::Answered(Box::new(response)),
        })
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
            self.inner.source.doubt().await;
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
            None => {
                let mut tokens = self.inner.tokens.lock().await;
                let token = self.known_token(&mut tokens, scopes).await;
                Ok(token.map(Authorization::bearer))
            }
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
                let token = match self.known_token(&mut tokens, scopes).await {
                    Some(token) => token,
                    None => {
                        let granted = self.fetch_token(&service, scopes).await?;
                        self.inner.source.keep(scopes, &granted).await;
                        tokens.insert(scopes.to_vec(), granted.clone());
                        granted.token
                    }
                };
                Ok(Some(Authorization::bearer(token)))
            }
        }
    }

    /// A token of this run, or of an earlier one.
    async fn known_token(&self, tokens: &mut Tokens, scopes: &[Scope]) -> Option<Secret> {
        if let Some(token) = tokens.find(scopes) {
            return Some(token.clone());
        }
        let kept = self.inner.source.kept(scopes).await?;
        tokens.insert(scopes.to_vec(), kept.clone());
        Some(kept.token)
    }

    /// Asks the token service, once more if the credential turns out to be stale.
    async fn fetch_token(
        &self,
        service: &TokenService,
        scopes: &[Scope],
    ) -> Result<Granted, Error> {
        let Inner { http, source, .. } = &*self.inner;
        let credential = source.credential(&service.service).await?;
        match service.grant(http, &credential, scopes).await {
            Err(error)
                if error.status() == Some(StatusCode::UNAUTHORIZED) && source.doubt().await =>
            {
                let credential = source.credential(&service.service).await?;
                service.grant(http, &credential, scopes).await
            }
            result => result,
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
