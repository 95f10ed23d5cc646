//! The settings of one server, read from four layers: flag, variable, file, default.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use acr_store::blob;

use super::{
    file::File,
    master_key::{self, MasterKeySource},
    setting::{Origin, Setting},
    value::{self, CertificateFiles, Database, Listen, LogFormat, LogLevel},
};
use crate::{Error, app::TrustedIssuer};

/// Longer than any push takes from its first blob to its manifest, slow lines and a night of retries included.
const GC_GRACE: Duration = Duration::from_secs(24 * 60 * 60);
const GC_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Everything a server is told before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: Listen,
    /// Parent domain of the registries' names, lower-case.
    pub domain: String,
    /// Folder that holds the server's state, absolute.
    pub data_dir: PathBuf,
    /// Metadata database.
    pub database: Database,
    /// Store for the bytes of images.
    pub blobs: blob::Target,
    /// What wraps the keys that blobs are sealed with; without it blobs lie plain.
    pub master_key: Option<MasterKeySource>,
    /// Certificate to serve; without one a local authority issues them.
    pub certificate: Option<CertificateFiles>,
    /// Name of the region this server is.
    pub region: String,
    /// Whether tiers enforce their limits.
    pub tier_limits: bool,
    /// Whether manifests may name blobs that were never pushed.
    pub sparse_images: bool,
    /// Whether plain HTTP is answered off loopback.
    pub allow_plain_http: bool,
    /// How long what nothing needs is kept, so that a push under way still finds it.
    pub gc_grace: Duration,
    /// How often it is cleared away; without one only when somebody asks for it.
    pub gc_interval: Option<Duration>,
    /// Shape of the log lines; without one a terminal gets text and everything else JSON.
    pub log_format: Option<LogFormat>,
    /// Least important level that is logged.
    pub log_level: LogLevel,
    /// How long running requests may take to finish after a stop was asked for.
    pub drain_timeout: Duration,
    /// Outside token services whose tokens may stand for an application's secret; only a file gives them.
    pub trusted_issuers: Vec<TrustedIssuer>,
}

/// Where settings may come from; the caller owns the command line and the environment.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    /// Flags that were given.
    pub flags: BTreeMap<Setting, String>,
    /// Environment variables; those that name no setting are ignored.
    pub variables: BTreeMap<String, String>,
    /// Settings file that was asked for; without one `DATA_DIR/serve.toml` is read if it is there.
    pub file: Option<PathBuf>,
    /// State folder if no layer names one.
    pub default_data_dir: PathBuf,
}

impl Config {
    /// Reads every setting from the first layer that gives it.
    ///
    /// Variables that start with `ACR_SERVE_` and name no setting are not an error: Kubernetes makes such ones
    /// for every service called `acr-serve`.
    pub fn resolve(layers: &Layers) -> Result<Self, Error> {
        let sources = Sources::open(layers)?;
        let data_dir = sources.data_dir(&layers.default_data_dir)?;
        let database = sources
            .read(Setting::Database, value::database)?
            .unwrap_or_else(|| Database::Sqlite(data_dir.join("acr.db")));
        let blobs = sources
            .read(Setting::Blobs, |text| value::blobs(text, &layers.variables))?
            .unwrap_or_else(|| blob::Target::Local(data_dir.join("blobs")));
        let master_key = sources.read(Setting::MasterKey, |text| {
            master_key::source(text, &layers.variables)
        })?;
        Ok(Self {
            listen: sources
                .read(Setting::Listen, value::listen)?
                .unwrap_or_else(|| Listen {
                    host: "127.0.0.1".to_owned(),
                    port: 5480,
                }),
            domain: sources
                .read(Setting::Domain, value::domain)?
                .unwrap_or_else(|| "localhost".to_owned()),
            certificate: sources.certificate()?,
            region: sources
                .read(Setting::Region, value::region)?
                .unwrap_or_else(|| "local".to_owned()),
            tier_limits: sources
                .read(Setting::TierLimits, value::switch)?
                .unwrap_or(true),
            sparse_images: sources
                .read(Setting::SparseImages, value::switch)?
                .unwrap_or(false),
            allow_plain_http: sources
                .read(Setting::AllowPlainHttp, value::switch)?
                .unwrap_or(false),
            gc_grace: sources
                .read(Setting::GcGrace, value::duration)?
                .unwrap_or(GC_GRACE),
            gc_interval: sources
                .read(Setting::GcInterval, value::interval)?
                .unwrap_or(Some(GC_INTERVAL)),
            log_format: sources.read(Setting::LogFormat, value::log_format)?,
            log_level: sources
                .read(Setting::LogLevel, value::log_level)?
                .unwrap_or(LogLevel::Info),
            drain_timeout: sources
                .read(Setting::DrainTimeout, value::seconds)?
                .unwrap_or(Duration::from_secs(30)),
            trusted_issuers: sources.file.trusted_issuers().to_vec(),
            data_dir,
            database,
            blobs,
            master_key,
        })
    }
}

struct Sources<'a> {
    layers: &'a Layers,
    file: File,
    file_is_in_data_dir: bool,
}

impl<'a> Sources<'a> {
    fn open(layers: &'a Layers) -> Result<Self, Error> {
        let mut sources = Self {
            layers,
            file: File::default(),
            file_is_in_data_dir: layers.file.is_none(),
        };
        sources.file = match &layers.file {
            Some(path) => File::read(path)?,
            None => {
                let data_dir = sources.data_dir(&layers.default_data_dir)?;
                File::read_if_present(&data_dir.join("serve.toml"))?
            }
        };
        Ok(sources)
    }

    fn find(&self, setting: Setting) -> Option<(&str, Origin)> {
        if let Some(text) = self.layers.flags.get(&setting) {
            return Some((text, Origin::Flag(setting)));
        }
        let variable = self.layers.variables.get(&setting.variable());
        if let Some(text) = variable.filter(|text| !text.is_empty()) {
            return Some((text, Origin::Variable(setting)));
        }
        self.file.get(setting)
    }

    fn read<T>(
        &self,
        setting: Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        self.find(setting)
            .map(|(text, origin)| parse(text).map_err(|reason| Error::Setting { origin, reason }))
            .transpose()
    }

    fn data_dir(&self, default: &Path) -> Result<PathBuf, Error> {
        if let Some((_, origin)) = self.file.get(Setting::DataDir)
            && self.file_is_in_data_dir
        {
            let reason = "a settings file inside the data folder cannot move it; use --data-dir";
            return Err(Error::Setting {
                origin,
                reason: reason.to_owned(),
            });
        }
        match self.read(Setting::DataDir, value::path)? {
            Some(path) => Ok(path),
            None => std::path::absolute(default).map_err(|error| Error::Setting {
                origin: Origin::Default(Setting::DataDir),
                reason: error.to_string(),
            }),
        }
    }

    fn certificate(&self) -> Result<Option<CertificateFiles>, Error> {
        let certificate = self.read(Setting::TlsCert, value::path)?;
        let key = self.read(Setting::TlsKey, value::path)?;
        match (certificate, key) {
            (Some(certificate), Some(key)) => Ok(Some(CertificateFiles { certificate, key })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(self.half(Setting::TlsCert, Setting::TlsKey)),
            (None, Some(_)) => Err(self.half(Setting::TlsKey, Setting::TlsCert)),
        }
    }

    fn half(&self, given: Setting, missing: Setting) -> Error {
        let found = self.find(given).map(|(_, origin)| origin);
        Error::Setting {
            origin: found.unwrap_or(Origin::Default(given)),
            reason: format!(
                "given without {}; a certificate needs its key",
                missing.flag()
            ),
        }
    }
}
