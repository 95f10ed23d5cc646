//! What every link works with.

use crate::cloud::Cloud;
use crate::environment::Environment;
use chrono::{DateTime, Utc};

/// Tells the time.
pub type Clock = fn() -> DateTime<Utc>;

/// The world as the links of one chain see it.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) environment: Environment,
    pub(crate) http: acr_http::Client,
    pub(crate) cloud: Cloud,
    pub(crate) subscription: Option<String>,
    pub(crate) clock: Clock,
}

impl Context {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Where tokens are asked for: `AZURE_AUTHORITY_HOST`, else the cloud's own.
    pub(crate) fn authority_host(&self) -> &str {
        self.environment
            .var("AZURE_AUTHORITY_HOST")
            .unwrap_or(&self.cloud.active_directory)
    }
}
