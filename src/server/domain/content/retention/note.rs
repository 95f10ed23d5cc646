//! Notes that a manifest may be without a tag from now on.

use acr_api::oci::{Digest, RepositoryName};
use acr_store::Batch;
use serde::{Deserialize, Serialize};

use super::super::{
    Repository,
    collection::{UNTAGGED, UNTAGGED_SINCE, key, key3},
};
use crate::{app::App, domain::stamp};

/// Why a manifest may be without a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) enum Why {
    /// Something has ended that kept it.
    Left,
    /// It was pushed without one, perhaps by a client that is about to push what needs it.
    Pushed,
}

/// What is stored under the time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The first label of the registry's hosts.
    pub(super) label: String,
    pub(super) name: RepositoryName,
    pub(super) why: Why,
}

/// Notes it, if the registry deletes such manifests. What was noted before holds no more.
pub(in super::super) fn note(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    why: Why,
    batch: Batch,
) -> Batch {
    if !repository.expires_untagged {
        return batch;
    }
    let (id, time) = (repository.id(), stamp::with_zulu(app.now()));
    let host = repository.login_server.as_str();
    let entry = Entry {
        label: host.split('.').next().unwrap_or_default().to_owned(),
        name: repository.name.clone(),
        why,
    };
    let place = key3(&repository.registry_id, &time, key(id, digest));
    batch
        .put(UNTAGGED, &place, &entry)
        .put(UNTAGGED_SINCE, &key(id, digest), &time)
}
