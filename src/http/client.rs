//! The client: settings, and the connection pools behind it, made when first needed.

use crate::error::{Error, ErrorKind};
use crate::pause::Pauses;
use crate::reach::Reach;
use crate::redact::redact_url;
use crate::request::Request;
use crate::{resolve, trust};
use reqwest::Method;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::Url;

/// How a client behaves on every request.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The `User-Agent` header.
    pub user_agent: String,
    /// PEM certificates to trust instead of the platform's.
    pub ca_bundle: Option<PathBuf>,
    /// Whether certificates are checked at all.
    pub verify: bool,
    /// The limit for a connection to stand.
    pub connect_timeout: Duration,
    /// The limit for silence before an answer and within it. Requests that only read wait for their answer no
    /// longer than half a minute anyway.
    pub read_timeout: Duration,
    /// Where requests may go.
    pub reach: Reach,
    /// A socket in the file system that all requests go to, whatever their host.
    pub socket: Option<PathBuf>,
    /// Who is told when a service lets us wait.
    pub pauses: Option<Pauses>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("acr/", env!("CARGO_PKG_VERSION")).to_owned(),
            ca_bundle: None,
            verify: true,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            reach: Reach::default(),
            socket: None,
            pauses: None,
        }
    }
}

/// A client for all hosts. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    /// For hosts of this machine: no proxy.
    direct: Pools,
    /// For all others: through the proxy that the environment names, if any.
    outer: Pools,
}

#[derive(Debug, Default)]
struct Pools {
    calls: OnceLock<reqwest::Client>,
    bulk: OnceLock<reqwest::Client>,
}

/// What a pool is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traffic {
    /// Answers that fit into memory.
    Calls,
    /// Content of any length: each stream has a connection of its own, bytes come as they were
    /// stored, and silence counts only while nothing is sent.
    Bulk,
}

impl Client {
    /// A client that opens nothing until its first request.
    pub fn new(settings: Settings) -> Self {
        Self {
            inner: Arc::new(Inner {
                settings,
                direct: Pools::default(),
                outer: Pools::default(),
            }),
        }
    }

    /// A client with the same settings, but for where its requests may go.
    pub fn within(&self, reach: Reach) -> Self {
        Self::new(Settings {
            reach,
            ..self.inner.settings.clone()
        })
    }

    /// Begins a request; a bad address shows when it is sent.
    pub fn request(&self, method: Method, url: &str) -> Request {
        Request::new(self.clone(), method, url)
    }

    /// Begins a GET.
    pub fn get(&self, url: &str) -> Request {
        self.request(Method::GET, url)
    }

    /// Begins a POST.
    pub fn post(&self, url: &str) -> Request {
        self.request(Method::POST, url)
    }

    /// The pool that a request to this address goes through.
    pub(crate) fn pool(&self, url: &Url, traffic: Traffic) -> Result<&reqwest::Client, Error> {
        if !self.inner.settings.reach.allows_url(url) {
            return Err(Error::new(
                ErrorKind::Request,
                redact_url(url),
                resolve::OUT_OF_REACH,
            ));
        }
        let is_local = resolve::is_loopback(url);
        let pools = if is_local {
            &self.inner.direct
        } else {
            &self.inner.outer
        };
        let pool = match traffic {
            Traffic::Calls => &pools.calls,
            Traffic::Bulk => &pools.bulk,
        };
        if let Some(client) = pool.get() {
            return Ok(client);
        }
        let client = build(&self.inner.settings, is_local, traffic)?;
        Ok(pool.get_or_init(|| client))
    }

    pub(crate) fn pauses(&self) -> Option<&Pauses> {
        self.inner.settings.pauses.as_ref()
    }

    /// The limit for silence on a stream.
    pub(crate) fn silence_limit(&self) -> Duration {
        self.inner.settings.read_timeout
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this crate owns the one HTTP client"
)]
fn build(settings: &Settings, is_local: bool, traffic: Traffic) -> Result<reqwest::Client, Error> {
    trust::install_crypto();
    let mut builder = reqwest::Client::builder()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .dns_resolver(Arc::new(resolve::Resolver(settings.reach)));
    if traffic == Traffic::Bulk {
        builder = builder.http1_only().no_gzip();
    }
    if is_local {
        builder = builder.no_proxy();
    }
    #[cfg(unix)]
    if let Some(socket) = &settings.socket {
        builder = builder.unix_socket(socket.as_path());
    }
    builder = if settings.verify {
        trust::apply(builder, settings.ca_bundle.as_deref())?
    } else {
        builder.danger_accept_invalid_certs(true)
    };
    builder
        .build()
        .map_err(|error| Error::new(ErrorKind::Request, "HTTP client", error.to_string()))
}
