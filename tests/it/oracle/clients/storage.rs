//! The options that keep Podman and Buildah within a test's folder.

use super::stand::{Call, Stand};

/// A call of one of the two.
pub(super) fn call(stand: &Stand, program: &str) -> Call {
    let folder = stand.folder();
    stand
        .call(program)
        .words(&["--storage-driver", "vfs"])
        .path("--root", &folder.join("storage"))
        .path("--runroot", &folder.join("run"))
}
