//! The body of a change of attributes.

use acr_api::{acr::ChangeableAttributes, oci::ErrorCode};
use axum::body::Body;

use crate::{
    data::body::Document,
    domain::{Error, ErrorKind},
};

/// The findings of a scanner are the largest part of a change; a page of manifests has those of all of them.
const CHANGE: Document = Document {
    what: "the attributes",
    most_bytes: 64 * 1024,
    refusal: ErrorCode::Unsupported,
};
const QUARANTINE_STATES: [&str; 3] = ["Passed", "Failed", "Quarantined"];

pub(super) async fn read(body: Body) -> Result<ChangeableAttributes, Error> {
    let bytes = CHANGE.read(body).await?;
    let change: ChangeableAttributes = CHANGE.parse(&bytes)?;
    match &change.quarantine_state {
        Some(state) if !QUARANTINE_STATES.contains(&state.as_str()) => {
            let states = QUARANTINE_STATES.join(", ");
            let why = format!("quarantineState must be one of {states}");
            Err(CHANGE.refuse(ErrorKind::Invalid, &why))
        }
        _ => Ok(change),
    }
}
