//! Puts a manifest where listings find it: new, pushed again, or brought back.

use acr_api::oci::{Descriptor, Manifest};
use acr_store::Batch;

use super::super::{
    Repository,
    collection::{MANIFEST, MANIFEST_BY_TIME, MARK, REFERRER, key, key3},
    lock,
};
use super::record::{Found, Record};
use crate::domain::Error;

/// Makes a manifest known that was not.
pub(super) fn place(
    repository: &Repository,
    record: &Record,
    manifest: &Manifest,
    batch: Batch,
) -> Batch {
    let (id, digest) = (repository.id(), &record.digest);
    let batch = batch.insert(MANIFEST, &key(id, digest), record).put(
        MANIFEST_BY_TIME,
        &key3(id, &record.last_update_time, digest),
        &MARK,
    );
    match manifest.subject() {
        Some(subject) => {
            let place = key3(id, subject.digest, digest);
            batch.put(REFERRER, &place, &referrer(record, manifest))
        }
        None => batch,
    }
}

/// Writes a manifest that gets one more tag, unless it is locked.
pub(in super::super) fn renew(
    repository: &Repository,
    found: Found,
    now: &str,
    batch: Batch,
) -> Result<Batch, Error> {
    let Found { record, revision } = found;
    lock::check_write(&record.attributes)?;
    let (id, digest) = (repository.id(), record.digest);
    let batch = batch.remove(
        MANIFEST_BY_TIME,
        &key3(id, &record.last_update_time, digest),
    );
    let record = Record {
        last_update_time: now.to_owned(),
        is_leaving: false,
        ..record
    };
    Ok(batch
        .put(MANIFEST_BY_TIME, &key3(id, now, digest), &MARK)
        .replace(MANIFEST, &key(id, digest), revision, &record))
}

/// Makes a manifest known again that was deleted; `text` is its bytes.
pub(in super::super) fn revive(
    repository: &Repository,
    record: Record,
    text: &str,
    now: &str,
    batch: Batch,
) -> Result<Batch, Error> {
    let manifest = record.parse(text)?;
    let record = Record {
        last_update_time: now.to_owned(),
        ..record
    };
    Ok(place(repository, &record, &manifest, batch))
}

/// The descriptor under which the referrers API lists the manifest.
fn referrer(record: &Record, manifest: &Manifest) -> Descriptor {
    Descriptor {
        artifact_type: manifest.artifact_type().map(str::to_owned),
        annotations: manifest.annotations().clone(),
        ..Descriptor::new(&record.media_type, record.digest, record.size)
    }
}
