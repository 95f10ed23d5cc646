//! Tells a client that a repository has a blob, and keeps the word: the link's time is renewed, so that the client
//! can push a manifest that needs the blob as long as the server was told to wait.

use acr_api::oci::Digest;

use super::super::{
    Repository,
    commit::{MOST_ATTEMPTS, commit, lost},
};
use super::record::{Linked, find};
use acr_store::Batch;

use crate::{
    app::App,
    domain::{Error, ErrorKind},
};

/// The part of the grace after which a link's time is written again: most questions then write nothing, and the
/// client has the rest of the grace at least.
const RENEWED_AFTER: i32 = 4;

/// The blob, if the repository has it and may be read; it goes on having it for a while.
pub async fn announce(
    app: &App,
    repository: &Repository,
    digest: &Digest,
) -> Result<Linked, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let linked = find(app, repository, digest).await?;
        if linked.is_fresh(app) {
            return Ok(linked);
        }
        let now_ms = app.now().timestamp_millis();
        let batch = linked.write(repository.id(), now_ms, false, Batch::new());
        match commit(app, batch).await {
            Ok(true) => return Ok(linked),
            Ok(false) => {}
            // What is there can be read also while nothing can be written.
            Err(error) if is_passing(&error) => return Ok(linked),
            Err(error) => return Err(error),
        }
    }
    Err(lost())
}

fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Full | ErrorKind::Unavailable)
}

impl Linked {
    /// Whether it was so short a time ago that somebody was told of it that this need not be written again.
    pub(super) fn is_fresh(&self, app: &App) -> bool {
        let end_ms = self.touched_ms + (app.settings().gc_grace / RENEWED_AFTER).num_milliseconds();
        !self.is_leaving && app.now().timestamp_millis() <= end_ms
    }
}
