//! Writes one object: in a single request if it is small, else part by part.
//!
//! A part that was sent cannot be read back and, in S3, must have 5 MiB unless it is the last.
//!
//! Parts of an upload that was neither finished nor discarded are in no listing. Azure drops them after a week; a
//! bucket of S3 needs a lifecycle rule with `AbortIncompleteMultipartUpload`.

use bytes::Bytes;
use object_store::multipart::PartId;
use object_store::{ObjectStoreExt, PutPayload};

use crate::blob::state::Parts;
use crate::blob::{Error, Key};

use super::cause;
use super::objects::Objects;

const MIB: usize = 1024 * 1024;

/// S3 takes 10,000 parts of at least 5 MiB: half of them small and half large make 200 GiB.
pub(super) fn s3_part_bytes(part: usize) -> usize {
    if part < 5_000 { 5 * MIB } else { 36 * MIB }
}

/// Azure takes 50,000 blocks of any size: these make 195 GiB.
pub(super) fn azure_part_bytes(_: usize) -> usize {
    4 * MIB
}

/// One object and what was sent of it.
#[derive(Debug)]
pub(in crate::blob) struct Writer {
    objects: Objects,
    key: Key,
    parts: Parts,
}

impl Writer {
    pub(super) fn new(objects: Objects, key: Key, parts: Parts) -> Self {
        Self {
            objects,
            key,
            parts,
        }
    }

    pub(in crate::blob) fn part_bytes(&self) -> fn(usize) -> usize {
        self.objects.part_bytes
    }

    pub(in crate::blob) fn parts_written(&self) -> usize {
        self.parts.ids.len()
    }

    pub(in crate::blob) async fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), Error> {
        let path = self.objects.path(&self.key);
        let client = &self.objects.client;
        let cause = |error| cause::of_blob(&self.key, &error);
        let upload = match &self.parts.upload {
            Some(upload) => upload.clone(),
            None => client
                .create_multipart(&path)
                .await
                .map_err(|error| cause::of_store(&error))?,
        };
        // Kept before the part is sent, so that an abort knows of it whatever comes of the part.
        self.parts.upload = Some(upload.clone());
        let part = client
            .put_part(&path, &upload, self.parts.ids.len(), payload(pieces))
            .await
            .map_err(cause)?;
        self.parts.ids.push(part.content_id);
        Ok(())
    }

    /// What was sent, which is durable.
    pub(in crate::blob) fn parts(&self) -> Parts {
        self.parts.clone()
    }

    pub(in crate::blob) async fn finish(&mut self, last: Vec<Bytes>) -> Result<(), Error> {
        if self.parts.ids.is_empty() {
            return self.put(last).await;
        }
        if !last.is_empty() {
            self.write(last).await?;
        }
        self.complete().await
    }

    pub(in crate::blob) async fn abort(self) -> Result<(), Error> {
        let Some(upload) = &self.parts.upload else {
            return Ok(());
        };
        let path = self.objects.path(&self.key);
        match self.objects.client.abort_multipart(&path, upload).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            // Memory has no other failure than that there is no such upload.
            Err(object_store::Error::Generic {
                store: "InMemory", ..
            }) => Ok(()),
            Err(error) => Err(cause::of_blob(&self.key, &error)),
        }
    }

    async fn put(&self, pieces: Vec<Bytes>) -> Result<(), Error> {
        let path = self.objects.path(&self.key);
        let put = self.objects.client.put(&path, payload(pieces)).await;
        put.map(drop).map_err(|error| cause::of_store(&error))
    }

    async fn complete(&self) -> Result<(), Error> {
        let path = self.objects.path(&self.key);
        let upload = self.parts.upload.clone().unwrap_or_default();
        let parts = self
            .parts
            .ids
            .iter()
            .map(|id| PartId {
                content_id: id.clone(),
            })
            .collect();
        let completed = self
            .objects
            .client
            .complete_multipart(&path, &upload, parts)
            .await;
        completed
            .map(drop)
            .map_err(|error| cause::of_blob(&self.key, &error))
    }
}

fn payload(pieces: Vec<Bytes>) -> PutPayload {
    pieces.into_iter().collect()
}
