//! The names of the settings: one spelling as flag, as variable and as key of the settings file.

use std::{fmt, path::PathBuf};

/// One thing `acr serve` can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// Address and port to listen on.
    Listen,
    /// Parent domain of the registries' names.
    Domain,
    /// Folder that holds the server's state.
    DataDir,
    /// Metadata database.
    Database,
    /// Where the bytes of images are kept.
    Blobs,
    /// What wraps the keys that blobs are sealed with.
    MasterKey,
    /// Certificate chain to serve instead of the local authority's.
    TlsCert,
    /// Key of that certificate.
    TlsKey,
    /// Name of the region this server is.
    Region,
    /// Whether tiers enforce their limits.
    TierLimits,
    /// Whether manifests may name blobs that were never pushed.
    SparseImages,
    /// Whether plain HTTP is answered off loopback.
    AllowPlainHttp,
    /// How long what nothing needs is kept.
    GcGrace,
    /// How often it is cleared away.
    GcInterval,
    /// Shape of the log lines.
    LogFormat,
    /// Least important level that is logged.
    LogLevel,
    /// How long running requests may take to finish after a stop was asked for.
    DrainTimeout,
}

impl Setting {
    /// Every setting, in the order help texts show them.
    pub const ALL: [Self; 17] = [
        Self::Listen,
        Self::Domain,
        Self::DataDir,
        Self::Database,
        Self::Blobs,
        Self::MasterKey,
        Self::TlsCert,
        Self::TlsKey,
        Self::Region,
        Self::TierLimits,
        Self::SparseImages,
        Self::AllowPlainHttp,
        Self::GcGrace,
        Self::GcInterval,
        Self::LogFormat,
        Self::LogLevel,
        Self::DrainTimeout,
    ];

    /// Its key in the settings file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Domain => "domain",
            Self::DataDir => "data_dir",
            Self::Database => "database",
            Self::Blobs => "blobs",
            Self::MasterKey => "master_key",
            Self::TlsCert => "tls_cert",
            Self::TlsKey => "tls_key",
            Self::Region => "region",
            Self::TierLimits => "tier_limits",
            Self::SparseImages => "sparse_images",
            Self::AllowPlainHttp => "allow_plain_http",
            Self::GcGrace => "gc_grace",
            Self::GcInterval => "gc_interval",
            Self::LogFormat => "log_format",
            Self::LogLevel => "log_level",
            Self::DrainTimeout => "drain_timeout",
        }
    }

    /// Its flag, with the dashes.
    pub fn flag(self) -> String {
        format!("--{}", self.key().replace('_', "-"))
    }

    /// Its environment variable.
    pub fn variable(self) -> String {
        format!("ACR_SERVE_{}", self.key().to_ascii_uppercase())
    }

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.key() == key)
    }
}

/// Where a value was given; messages begin with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(Setting),
    /// In the environment.
    Variable(Setting),
    /// In a settings file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// The key as written.
        key: String,
    },
    /// Nowhere: the default.
    Default(Setting),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(setting) => f.write_str(&setting.flag()),
            Self::Variable(setting) => f.write_str(&setting.variable()),
            Self::File { path, line, key } => write!(f, "{}:{line}: {key}", path.display()),
            Self::Default(setting) => write!(f, "default of {}", setting.flag()),
        }
    }
}
