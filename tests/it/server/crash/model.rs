//! What a repository has to hold, by what its only writer was told.

use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How long the server keeps blobs that no manifest needs. It counts anew only when a quarter of that is over.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// A blob that was acknowledged.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    pub(super) bytes: Bytes,
    /// Before it was last asked for.
    pub(super) asked: Instant,
}

/// A manifest that was acknowledged.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub(super) bytes: Bytes,
    /// The digests of what it needs.
    pub(super) blobs: Vec<String>,
}

/// What a request is to change.
#[derive(Debug, Clone)]
pub(super) enum Change {
    PutBlob {
        digest: String,
        blob: Blob,
    },
    RemoveBlob {
        digest: String,
    },
    PutManifest {
        digest: String,
        manifest: Manifest,
        tag: Option<String>,
    },
    RemoveTag {
        tag: String,
    },
    RemoveManifest {
        digest: String,
    },
}

/// The names of a repository: its tags with what they name, and its manifests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) tags: BTreeMap<String, String>,
    pub(super) manifests: BTreeSet<String>,
}

/// Everything that was acknowledged and not deleted.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) tags: BTreeMap<String, String>,
    pub(super) manifests: BTreeMap<String, Manifest>,
    pub(super) blobs: BTreeMap<String, Blob>,
}

/// A repository with a single writer, which has no more than one request under way.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) name: String,
    pub(super) model: Model,
    /// What was asked for and never answered: it may have happened or not.
    pub(super) under_way: Option<Change>,
    /// Digests of uploads that were begun and never ended.
    pub(super) given_up: Vec<String>,
}

impl Blob {
    /// One that is about to be asked for.
    pub(super) fn asked_now(bytes: Bytes) -> Self {
        Self {
            bytes,
            asked: Instant::now(),
        }
    }

    /// Whether the server may have cleared it away, if no manifest needs it. The server's grace began after the client
    /// asked.
    pub(super) fn may_be_cleared(&self) -> bool {
        self.asked.elapsed() >= GRACE * 3 / 4
    }
}

impl Model {
    /// Takes in what has happened.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::PutBlob { digest, blob } => {
                self.blobs.insert(digest, blob);
            }
            Change::RemoveBlob { digest } => {
                self.blobs.remove(&digest);
            }
            Change::PutManifest {
                digest,
                manifest,
                tag,
            } => {
                self.manifests.insert(digest.clone(), manifest);
                self.tags.extend(tag.map(|tag| (tag, digest)));
            }
            Change::RemoveTag { tag } => {
                self.tags.remove(&tag);
            }
            Change::RemoveManifest { digest } => {
                self.tags.retain(|_, named| *named != digest);
                self.manifests.remove(&digest);
            }
        }
    }

    /// The names it has.
    pub(super) fn names(&self) -> Names {
        Names {
            tags: self.tags.clone(),
            manifests: self.manifests.keys().cloned().collect(),
        }
    }

    /// The blobs that its manifests need.
    pub(super) fn needed(&self) -> BTreeSet<&str> {
        let manifests = self.manifests.values();
        manifests
            .flat_map(|manifest| manifest.blobs.iter().map(String::as_str))
            .collect()
    }
}

impl Repository {
    /// An empty one.
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            model: Model::default(),
            under_way: None,
            given_up: Vec::new(),
        }
    }
}
