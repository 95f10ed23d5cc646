//! The fake registry: what it keeps, what is wrong with it, and who came to see it.

use super::auth::Login;
use super::reply;
use crate::registry::{Credential, CredentialSource, Endpoint, Hasher, Registry};
use acr_api::oci::{Algorithm, Descriptor, Digest, RepositoryName};
use acr_http::{Client, Settings};
use axum::extract::{Request, State};
use axum::response::Response;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::Notify;

/// What is wrong with the registry. Counters say how often it still goes wrong.
#[derive(Default)]
pub(crate) struct Faults {
    /// Blobs come with one byte changed.
    pub(crate) lies: bool,
    /// Answers with a blob break off in the middle.
    pub(crate) cut_downloads: u32,
    /// A break loses what was sent, as with a registry that keeps no half uploads.
    pub(crate) forgets: bool,
    /// Requests with content break off in the middle.
    pub(crate) cut_uploads: u32,
    /// Requests with content stay unanswered from their middle on.
    pub(crate) stalls_uploads: bool,
    /// Requests for and with content are turned away with 429.
    pub(crate) throttled: u32,
    /// `Range` is not understood.
    pub(crate) ignores_ranges: bool,
    /// Larger requests are turned away with 413.
    pub(crate) limit: Option<usize>,
    /// Where blobs are: the base address of another host.
    pub(crate) storage: Option<String>,
    /// Where uploads go: the base address of another host, or of this one.
    pub(crate) uploads_at: Option<String>,
    /// There is no referrers API.
    pub(crate) has_no_referrers: bool,
    /// There is no cross-repository mount.
    pub(crate) cannot_mount: bool,
    /// The stored blob is told to have another digest.
    pub(crate) misnames: bool,
}

#[derive(Default)]
pub(crate) struct Inner {
    pub(crate) faults: Faults,
    pub(crate) login: Login,
    pub(crate) blobs: BTreeMap<Digest, Vec<u8>>,
    pub(crate) links: BTreeSet<(String, Digest)>,
    pub(crate) manifests: BTreeMap<(String, String), (String, Vec<u8>)>,
    pub(crate) uploads: BTreeMap<u64, Vec<u8>>,
    pub(crate) last_upload: u64,
    /// How many bytes of uploads have come.
    pub(crate) received: usize,
    pub(crate) log: Vec<Seen>,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    pub(crate) range: Option<String>,
}

/// A registry on a port of its own.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) host: String,
    inner: Arc<Mutex<Inner>>,
    stalled: Arc<Notify>,
}

impl Fake {
    pub(crate) async fn start(faults: Faults) -> Self {
        Self::start_as("localhost", faults).await
    }

    /// `name` is a name of this machine, such as `storage.localhost`.
    pub(crate) async fn start_as(name: &str, faults: Faults) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("{name}:{}", listener.local_addr().unwrap().port());
        let inner = Inner {
            faults,
            ..Inner::default()
        };
        let fake = Self {
            host,
            inner: Arc::new(Mutex::new(inner)),
            stalled: Arc::default(),
        };
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        fake
    }

    pub(crate) fn with(&self) -> MutexGuard<'_, Inner> {
        // A handler that breaks its connection does so by unwinding.
        self.inner
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits until an upload has come to its middle and goes no further.
    pub(crate) async fn stalled(&self) {
        self.stalled.notified().await;
    }

    /// Lets an upload go no further.
    pub(super) async fn stall(&self) -> ! {
        self.stalled.notify_one();
        std::future::pending().await
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.host)
    }

    /// A client without a credential.
    pub(crate) fn client(&self) -> Registry {
        self.client_as(Credential::Anonymous)
    }

    pub(crate) fn client_as(&self, source: impl CredentialSource + 'static) -> Registry {
        self.client_of(Arc::new(source))
    }

    pub(crate) fn client_of(&self, source: Arc<dyn CredentialSource>) -> Registry {
        let endpoint = Endpoint::plain(&self.host).unwrap();
        Registry::new(Client::new(Settings::default()), endpoint, source)
    }

    pub(crate) fn add_blob(&self, repository: &str, bytes: &[u8]) -> Descriptor {
        let digest = Hasher::digest(Algorithm::Sha256, bytes);
        let mut inner = self.with();
        inner.blobs.insert(digest, bytes.to_vec());
        inner.links.insert((repository.to_owned(), digest));
        Descriptor::new("application/octet-stream", digest, bytes.len() as u64)
    }

    pub(crate) fn add_manifest(
        &self,
        repository: &str,
        tag: &str,
        kind: &str,
        body: &str,
    ) -> Digest {
        let digest = Hasher::digest(Algorithm::Sha256, body.as_bytes());
        let kept = (kind.to_owned(), body.as_bytes().to_vec());
        let mut inner = self.with();
        for reference in [tag.to_owned(), digest.to_string()] {
            let key = (repository.to_owned(), reference);
            inner.manifests.insert(key, kept.clone());
        }
        digest
    }

    pub(crate) fn has_blob(&self, repository: &str, digest: &Digest) -> bool {
        self.with()
            .links
            .contains(&(repository.to_owned(), *digest))
    }

    pub(crate) fn blob(&self, digest: &Digest) -> Vec<u8> {
        self.with().blobs[digest].clone()
    }

    /// How many requests began with this text: method, blank, path.
    pub(crate) fn count(&self, start: &str) -> usize {
        let inner = self.with();
        let is_meant = |seen: &&Seen| seen.line.starts_with(start);
        inner.log.iter().filter(is_meant).count()
    }
}

impl Registry {
    /// Behaves as if the registry had turned a whole blob away.
    pub(crate) fn insist_on_chunks(&self) {
        let flag = &self.inner.wants_chunks;
        flag.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

/// A client of a registry that is this router.
pub(crate) async fn serve(app: axum::Router) -> Registry {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    Registry::new(
        Client::new(Settings::default()),
        Endpoint::plain(&host).unwrap(),
        Arc::new(Credential::Anonymous),
    )
}

pub(crate) fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    fake.with().log.push(seen(&request));
    let refusal = fake.with().login.check(&fake.base(), &request);
    match refusal {
        Some(refusal) => refusal,
        None => reply::answer(&fake, request).await,
    }
}

fn seen(request: &Request) -> Seen {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    Seen {
        line: format!("{} {}", request.method(), request.uri()),
        authorization: header("authorization"),
        range: header("range"),
    }
}
