//! Quarantine: what is pushed is pulled only after somebody has let it pass.

use acr_api::oci::{Manifest, Reference};

use super::super::{Repository, refusal};
use super::record::Found;
use crate::domain::Error;

const QUARANTINED: &str = "Quarantined";
const PASSED: &str = "Passed";

/// The state in which a manifest begins.
pub(super) fn initial(repository: &Repository, manifest: &Manifest) -> Option<String> {
    let state = match repository.has_quarantine {
        true => Some(QUARANTINED),
        false => manifest.as_image().map(|_| PASSED),
    };
    state.map(str::to_owned)
}

/// Refuses to hand out what has not passed: under its tag it is not there, under its digest it is forbidden.
/// Manifests that were pushed before there was a quarantine, and never judged, have passed.
pub fn check(
    repository: &Repository,
    found: &Found,
    reference: &Reference,
    sees_all: bool,
) -> Result<(), Error> {
    let state = found.record.attributes.quarantine_state.as_deref();
    if sees_all || !repository.has_quarantine || state.is_none_or(|state| state == PASSED) {
        return Ok(());
    }
    match reference {
        Reference::Tag(_) => Err(refusal::manifest_unknown(reference)),
        Reference::Digest(_) => Err(refusal::disallowed()),
    }
}
