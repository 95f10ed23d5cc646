//! `serve.json`: what a running server says about itself to `status`, `stop` and scripts.

use std::fs;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::data_dir::{self, DataDir, READABLE};
use crate::Error;

/// How far the server is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Opens its database.
    Starting,
    /// Takes requests.
    Ready,
    /// Finishes what it has begun.
    Draining,
}

/// One running server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its process.
    pub pid: u32,
    /// When that process began, in the kernel's own count: tells it from a later one with the same number.
    pub process_start: Option<u64>,
    /// When the server began.
    pub started_at: DateTime<Utc>,
    /// Its version.
    pub version: String,
    /// Base address of its control plane.
    pub endpoint: String,
    /// The socket address it listens on.
    pub address: std::net::SocketAddr,
    /// How far it is.
    pub state: State,
}

impl Record {
    pub(super) fn write(&self, data_dir: &DataDir) -> Result<(), Error> {
        let path = data_dir.record_file();
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::content(&path, error.to_string()))?;
        data_dir::write_passing(&path, &bytes, READABLE)
    }

    /// The record in the folder; one that cannot be understood counts as none.
    pub(super) fn read(data_dir: &DataDir) -> Result<Option<Self>, Error> {
        let text = data_dir::read_if_present(&data_dir.record_file())?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(super) fn remove(data_dir: &DataDir) {
        // Without its lock the record means nothing, so one that stays does no harm.
        let _ = fs::remove_file(data_dir.record_file());
    }
}
