//! An OCI layout in a tar: read, and written.

use super::member::Members;
use super::open::Archived;
use super::writer::ArchiveWriter;
use crate::registry::{Hasher, ManifestDocument};
use crate::transfer::local::Stored;
use crate::transfer::pump::{off_thread, pump};
use crate::transfer::{Error, Events, Remedy, Source, State, layout, name};
use acr_api::oci::{Algorithm, Descriptor, Digest, Reference};
use bytes::Bytes;
use std::collections::HashMap;

pub(super) fn read(members: &Members) -> Result<Archived, Error> {
    let check = layout::check_version;
    check(
        &members.read("oci-layout")?,
        &members.place_of("oci-layout"),
        Remedy::Archive,
    )?;
    let index = members.read("index.json")?;
    let entries = layout::parse_index(&index, &members.place_of("index.json"), Remedy::Archive)?;
    let mut blobs = HashMap::new();
    for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
        let folder = format!("blobs/{algorithm}/");
        for name in members.under(&folder) {
            let digest = format!("{algorithm}:{}", &name[folder.len()..]);
            let Ok(digest) = digest.parse::<Digest>() else {
                continue;
            };
            if let Some(slice) = members.get(name)? {
                blobs.insert(digest, Stored::Slice(slice));
            }
        }
    }
    Ok(Archived { entries, blobs })
}

/// An OCI archive that is being written.
#[derive(Debug)]
pub struct OciArchive {
    writer: ArchiveWriter,
    name: Option<String>,
}

impl OciArchive {
    pub(in crate::transfer) fn new(writer: ArchiveWriter, name: Option<String>) -> Self {
        Self { writer, name }
    }

    pub(in crate::transfer) fn writer(&self) -> &ArchiveWriter {
        &self.writer
    }

    pub(in crate::transfer) async fn put_blob(
        &self,
        source: &Source,
        blob: &Descriptor,
        events: &Events,
    ) -> Result<State, Error> {
        let Some(slot) = self.writer.begin(&member(&blob.digest), blob.size)? else {
            return Ok(State::Skipped);
        };
        let begun = (Hasher::new(blob.digest.algorithm()), 0);
        let tell = |done| events.tell(blob.digest, blob.size, State::Moving(done));
        let slot = pump(source, blob, begun, slot, tell).await?;
        off_thread(self.writer.place(), move || slot.complete()).await?;
        Ok(State::Done)
    }

    pub(in crate::transfer) async fn put_manifest(
        &self,
        document: &ManifestDocument,
    ) -> Result<(), Error> {
        self.writer
            .append(&member(&document.digest), document.bytes.clone())
            .await
    }

    pub(in crate::transfer) async fn name(
        &self,
        mut entry: Descriptor,
        to: Option<&Reference>,
        referrers: &[Descriptor],
    ) -> Result<(), Error> {
        name::give(&mut entry, self.name.as_deref(), to);
        let entries = [&[entry], referrers].concat();
        let index = layout::index_bytes(entries, self.writer.place())?;
        let mark = Bytes::from_static(layout::MARK.as_bytes());
        self.writer.append("oci-layout", mark).await?;
        self.writer.append("index.json", index.into()).await
    }
}

fn member(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm(), digest.encoded())
}
