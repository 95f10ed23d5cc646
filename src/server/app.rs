//! The state that every request works on: stores, clock, keys and settings.

use std::{sync::Arc, time::Duration};

use acr_http::{Client, Secret};
use acr_store::{
    Meta, Target,
    blob::{self, Blobs},
};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::JwkSet;

use crate::{
    domain::{
        Error,
        access::Memory,
        content::pull::Notes,
        import::Desk,
        sealing::{self, MasterKeys},
        seed::{self, Administrator, Tenancy},
        throttle::Throttle,
        token::{KeyRing, Signer},
        usage,
    },
    jobs::Figures,
};

/// How long after its start a server makes its signing key, unless somebody needs it before: that takes
/// a processor for a while, which the first requests need more.
const SIGNER_DELAY: Duration = Duration::from_millis(500);

/// Where the time comes from; tests give their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What a server is told before it opens its stores.
pub struct Options {
    /// The metadata database.
    pub database: Target,
    /// Where the bytes of images are kept.
    pub blobs: blob::Target,
    /// The public address, such as `https://localhost:5480`, for answers that no request asked for.
    pub endpoint: String,
    /// What follows a registry's label in its host names, such as `localhost:5480`.
    pub domain: String,
    /// The region this server is.
    pub region: String,
    /// Whether tiers enforce their limits.
    pub has_tier_limits: bool,
    /// Whether manifests may name blobs that were never pushed.
    pub takes_sparse_images: bool,
    /// How long what nothing needs is kept.
    pub gc_grace: TimeDelta,
    /// How often it is cleared away, if not only when somebody asks for it.
    pub gc_interval: Option<Duration>,
    /// Outside token services whose tokens may stand for an application's secret.
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// What wraps the keys that blobs are sealed with; without it blobs lie plain.
    pub master_keys: Option<MasterKeys>,
    /// The administrator's secret as last handed out; a new one is made if it does not hold.
    pub administrator_secret: Option<Secret>,
    /// How other services are reached.
    pub outbound: Client,
    /// The clock.
    pub clock: Clock,
}

impl Options {
    /// The options of a server on the machine's own clock that keeps blobs in memory.
    pub fn new(database: Target, endpoint: &str, domain: &str) -> Self {
        Self {
            database,
            blobs: blob::Target::Memory,
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            domain: domain.to_owned(),
            region: "local".to_owned(),
            has_tier_limits: true,
            takes_sparse_images: false,
            gc_grace: TimeDelta::hours(24),
            gc_interval: None,
            trusted_issuers: Vec::new(),
            master_keys: None,
            administrator_secret: None,
            outbound: Client::new(acr_http::Settings::default()),
            clock: Arc::new(crate::clock::now),
        }
    }
}

/// An outside token service that is trusted by configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// Its `iss`, exactly as its tokens carry it.
    pub issuer: String,
    /// Its public keys; without them they are fetched from its discovery document.
    pub jwks: Option<JwkSet>,
}

/// The opened server. Clones are cheap and share everything.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    meta: Meta,
    blobs: Blobs,
    tenancy: Tenancy,
    settings: Settings,
    outbound: Client,
    clock: Clock,
    signer: tokio::sync::OnceCell<Arc<Signer>>,
    throttle: Throttle,
    key_ring: KeyRing,
    sealing: sealing::Memory,
    access_memory: Memory,
    imports: Desk,
    usage_memory: usage::Memory,
    pulls: Notes,
    job_figures: Figures,
}

/// What the server was told and keeps.
pub struct Settings {
    /// The public address, without a slash at its end.
    pub endpoint: String,
    /// What follows a registry's label in its host names.
    pub domain: String,
    /// The region this server is.
    pub region: String,
    /// Whether tiers enforce their limits.
    pub has_tier_limits: bool,
    /// Whether manifests may name blobs that were never pushed.
    pub takes_sparse_images: bool,
    /// How long what nothing needs is kept.
    pub gc_grace: TimeDelta,
    /// How often it is cleared away, if not only when somebody asks for it.
    pub gc_interval: Option<Duration>,
    /// Outside token services that are trusted.
    pub trusted_issuers: Vec<TrustedIssuer>,
}

impl App {
    /// Opens the stores and, the first time, makes the tenant, its subscription, the group
    /// `default` and the administrator. The signing key is made behind the caller's back.
    pub async fn open(options: Options) -> Result<(Self, Administrator), Error> {
        let meta = Meta::open(&options.database).await?;
        let blobs = Blobs::open(&options.blobs).await.map_err(Error::internal)?;
        let settings = Settings {
            endpoint: options.endpoint,
            domain: options.domain,
            region: options.region,
            has_tier_limits: options.has_tier_limits,
            takes_sparse_images: options.takes_sparse_images,
            gc_grace: options.gc_grace,
            gc_interval: options.gc_interval,
            trusted_issuers: options.trusted_issuers,
        };
        let imports = Desk::new(&options.outbound);
        let now = (options.clock)();
        let (tenancy, administrator) = seed::plant(
            &meta,
            &settings.region,
            options.administrator_secret.as_ref(),
            now,
        )
        .await?;
        let app = Self(Arc::new(Inner {
            meta,
            blobs,
            tenancy,
            settings,
            outbound: options.outbound,
            clock: options.clock,
            signer: tokio::sync::OnceCell::new(),
            throttle: Throttle::default(),
            key_ring: KeyRing::default(),
            sealing: sealing::Memory::new(options.master_keys),
            access_memory: Memory::default(),
            imports,
            usage_memory: usage::Memory::default(),
            pulls: Notes::default(),
            job_figures: Figures::default(),
        }));
        let early = app.clone();
        tokio::spawn(async move {
            tokio::time::sleep(SIGNER_DELAY).await;
            if let Err(error) = early.signer().await {
                tracing::warn!(%error, "the signing key is not ready yet");
            }
        });
        Ok((app, administrator))
    }

    /// The metadata store.
    pub fn meta(&self) -> &Meta {
        &self.0.meta
    }

    /// The store of the bytes of images.
    pub(crate) fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0.clock)()
    }

    /// What the server was told.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The ids of the tenant and its subscription.
    pub fn tenancy(&self) -> &Tenancy {
        &self.0.tenancy
    }

    /// How other services are reached.
    pub fn outbound(&self) -> &Client {
        &self.0.outbound
    }

    /// The count of wrong secrets.
    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// The keys of outside token services.
    pub(crate) fn key_ring(&self) -> &KeyRing {
        &self.0.key_ring
    }

    /// The keys that blobs are sealed with.
    pub(crate) fn sealing(&self) -> &sealing::Memory {
        &self.0.sealing
    }

    /// What was worked out about callers and registries a moment ago.
    pub(crate) fn access_memory(&self) -> &Memory {
        &self.0.access_memory
    }

    /// What was counted of registries a moment ago.
    pub(crate) fn usage_memory(&self) -> &usage::Memory {
        &self.0.usage_memory
    }

    /// The pulls that are not written yet.
    pub(crate) fn pulls(&self) -> &Notes {
        &self.0.pulls
    }

    /// Where imports of images are worked on.
    pub(crate) fn imports(&self) -> &Desk {
        &self.0.imports
    }

    /// How often jobs ran, and how that went.
    pub(crate) fn job_figures(&self) -> &Figures {
        &self.0.job_figures
    }

    /// The key that signs tokens, made on first need.
    pub(crate) async fn signer(&self) -> Result<Arc<Signer>, Error> {
        self.0
            .signer
            .get_or_try_init(|| Signer::load_or_make(self.meta()))
            .await
            .cloned()
    }
}
