//! The body of a change of attributes.

use acr_api::{acr::ChangeableAttributes, oci::ErrorCode};
use axum::body::{Body, to_bytes};

use crate::domain::Error;

/// The largest change there can be; the findings of a scanner are the largest part.
const MOST_BYTES: usize = 1024 * 1024;
const QUARANTINE_STATES: [&str; 3] = ["Passed", "Failed", "Quarantined"];

pub(super) async fn read(body: Body) -> Result<ChangeableAttributes, Error> {
    let bytes = to_bytes(body, MOST_BYTES)
        .await
        .map_err(|error| refuse(error.to_string()))?;
    let change: ChangeableAttributes =
        serde_json::from_slice(&bytes).map_err(|error| refuse(error.to_string()))?;
    match &change.quarantine_state {
        Some(state) if !QUARANTINE_STATES.contains(&state.as_str()) => Err(refuse(format!(
            "quarantineState must be one of {}",
            QUARANTINE_STATES.join(", ")
        ))),
        _ => Ok(change),
    }
}

fn refuse(why: String) -> Error {
    Error::invalid(
        ErrorCode::Unsupported.as_str().to_owned(),
        format!("the attributes cannot be read: {why}"),
    )
}
