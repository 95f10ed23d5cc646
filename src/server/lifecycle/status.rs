//! `acr serve status`: what runs on a folder.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{data_dir::DataDir, lock, probe, process, record::Record};
use crate::{Error, clock};

/// The answer; everything after `ready` is there only while a server runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The folder.
    pub data_dir: PathBuf,
    /// Whether a server works on it.
    pub running: bool,
    /// Whether that server takes work.
    pub ready: bool,
    /// Base address of its control plane.
    pub endpoint: Option<String>,
    /// Its process.
    pub pid: Option<u32>,
    /// Its version.
    pub version: Option<String>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// How long it has run.
    pub uptime_seconds: Option<i64>,
}

/// Whether a server has the folder.
pub fn is_running(data_dir: &DataDir) -> Result<bool, Error> {
    lock::is_held(data_dir)
}

/// Finds out what runs on the folder, and asks it whether it is ready.
pub async fn status(data_dir: &DataDir) -> Result<Status, Error> {
    let is_running = lock::is_held(data_dir)?;
    let record = match is_running {
        // A record of a server before this one says nothing about it.
        true => Record::read(data_dir)?.filter(process::is_alive),
        false => None,
    };
    let is_ready = match &record {
        Some(record) => probe::is_ready(record).await,
        None => false,
    };
    let record = record.as_ref();
    Ok(Status {
        data_dir: data_dir.path().to_path_buf(),
        running: is_running,
        ready: is_ready,
        endpoint: record.map(|record| record.endpoint.clone()),
        pid: record.map(|record| record.pid),
        version: record.map(|record| record.version.clone()),
        started_at: record.map(|record| record.started_at),
        uptime_seconds: record.map(|record| (clock::now() - record.started_at).num_seconds()),
    })
}
