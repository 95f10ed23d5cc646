//! Uploads that nobody goes on with, and the bytes of the others.

use std::collections::HashSet;

use acr_store::blob::Key;

use super::{
    super::{collection::UPLOAD, upload::Begun},
    run::{Collection, SLICE},
};
use crate::domain::{Error, scan::Slices};

/// Clears away the uploads that are over; gives what the others have in the store of blobs.
pub(super) async fn clear(collection: &mut Collection<'_>) -> Result<HashSet<Key>, Error> {
    let mut written = HashSet::new();
    let mut slices = Slices::new(UPLOAD, "", SLICE);
    while let Some(documents) = slices.next(collection.app).await? {
        for document in &documents {
            let begun = Begun::of(document)?;
            let is_over = begun.is_over(collection.app);
            let is_removed = is_over && remove(collection, &begun).await?;
            collection.report.uploads.add(is_removed);
            if !is_removed {
                written.extend(begun.storages().cloned());
            }
        }
    }
    Ok(written)
}

/// Removes one upload, if it did not go on meanwhile.
pub(super) async fn remove(collection: &mut Collection<'_>, begun: &Begun) -> Result<bool, Error> {
    let is_removed = collection.is_dry_run() || begun.clear(collection.app).await?;
    if is_removed {
        collection.report.freed_bytes += begun.received();
    }
    Ok(is_removed)
}
