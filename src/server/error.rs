//! What can go wrong around the server: its settings, its folder, its certificates, its start and its stop.

use std::{io, path::PathBuf};

use crate::config::Origin;

/// Why the server cannot start, stop or answer about itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting holds a value that means nothing.
    #[error("{origin}: {reason}")]
    Setting {
        /// Where the value was given.
        origin: Origin,
        /// What is wrong with it and what would be right.
        reason: String,
    },
    /// Two settings contradict each other, or one lacks its other half.
    #[error("{0}")]
    Settings(String),
    /// A file or folder of the server cannot be used.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// The verb that failed.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the server does not hold what it should.
    #[error("{}: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}; choose another address with --listen")]
    Bind {
        /// The address as it was asked for.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// Another server works on the same folder.
    #[error("{} is in use by another server{}; stop it with `acr serve stop --data-dir {}`, or choose another --data-dir", data_dir.display(), process(*.pid), data_dir.display())]
    Locked {
        /// The folder both want.
        data_dir: PathBuf,
        /// The other one, where it is known.
        pid: Option<u32>,
    },
    /// The metadata cannot be opened.
    #[error("the database cannot be used: {database}: {reason}")]
    Store {
        /// Which one it is.
        database: acr_store::Target,
        /// Why not.
        reason: String,
    },
    /// The blobs cannot be used, or not with this database.
    #[error("the blobs in {place} cannot be used: {reason}")]
    Blobs {
        /// Where they are.
        place: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// A certificate cannot be made or used.
    #[error("TLS: {0}")]
    Tls(String),
    /// No server works on the folder.
    #[error("no server is running on {}; start one with `acr serve`", data_dir.display())]
    NotRunning {
        /// The folder that was asked about.
        data_dir: PathBuf,
    },
    /// The folder is in use by a process that cannot be reached from here.
    #[error("{} is in use, but the process recorded there{} is not the one that uses it; nothing was stopped", data_dir.display(), process(*.pid))]
    Stranger {
        /// The folder that was asked about.
        data_dir: PathBuf,
        /// The recorded process.
        pid: Option<u32>,
    },
    /// The server was asked to stop and still drains.
    #[error(
        "process {pid} is still finishing requests after {seconds} s; wait, or end it with `kill -9 {pid}`: answered writes are safe"
    )]
    StillRunning {
        /// The server.
        pid: u32,
        /// How long was waited.
        seconds: u64,
    },
    /// A server started in the background ended, or did not get ready.
    #[error("the server {reason}; the end of {}:\n{tail}", log.display())]
    Background {
        /// What happened to it.
        reason: String,
        /// Its log file.
        log: PathBuf,
        /// The last lines it wrote.
        tail: String,
    },
    /// The system refused something the process needs.
    #[error("cannot {action}: {source}")]
    System {
        /// The verb that failed.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::File {
            action,
            path: path.into(),
            source,
        }
    }

    pub(crate) fn content(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Content {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

fn process(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})"))
        .unwrap_or_default()
}
