//! Opens each kind of object store with the settings it was given.

use std::sync::Arc;
use std::time::Duration;

use object_store::RetryConfig;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::memory::InMemory;

use crate::blob::{Error, Remote};

use super::objects::Objects;
use super::writer;

/// How long a request is repeated before a client is told to come back later.
const RETRY_FOR: Duration = Duration::from_secs(30);

impl Objects {
    pub(in crate::blob) fn azure(remote: &Remote) -> Result<Self, Error> {
        acr_http::install_crypto();
        let mut builder = MicrosoftAzureBuilder::new()
            .with_url(remote.url())
            .with_retry(retry());
        for (key, value) in settings(remote, "azure_") {
            if let Ok(key) = key.parse::<AzureConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        let endpoint = builder.get_config_value(&AzureConfigKey::Endpoint);
        let store = builder
            .with_allow_http(is_plain(endpoint.as_deref()))
            .build()
            .map_err(|error| invalid(&error))?;
        Ok(Self::new(
            Arc::new(store),
            &remote.folder(),
            writer::azure_part_bytes,
        ))
    }

    pub(in crate::blob) fn s3(remote: &Remote) -> Result<Self, Error> {
        acr_http::install_crypto();
        let mut builder = AmazonS3Builder::new()
            .with_url(remote.url())
            .with_retry(retry());
        for (key, value) in settings(remote, "aws_") {
            if let Ok(key) = key.parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
        let store = builder
            .with_allow_http(is_plain(endpoint.as_deref()))
            .build()
            .map_err(|error| invalid(&error))?;
        Ok(Self::new(
            Arc::new(store),
            &remote.folder(),
            writer::s3_part_bytes,
        ))
    }

    pub(in crate::blob) fn memory() -> Self {
        Self::new(Arc::new(InMemory::new()), "", writer::s3_part_bytes)
    }
}

fn retry() -> RetryConfig {
    RetryConfig {
        retry_timeout: RETRY_FOR,
        ..RetryConfig::default()
    }
}

/// The settings of one service among all that were given.
fn settings<'a>(
    remote: &'a Remote,
    prefix: &'static str,
) -> impl Iterator<Item = (String, &'a str)> {
    remote
        .settings()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .filter(move |(name, _)| name.starts_with(prefix))
}

/// Who names an `http:` endpoint wants no TLS.
fn is_plain(endpoint: Option<&str>) -> bool {
    endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))
}

fn invalid(error: &object_store::Error) -> Error {
    Error::invalid(format!("settings of the blob store: {error}"))
}
