//! Objects of one folder of a container or bucket.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, future};
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt};

use crate::blob::content::Wanted;
use crate::blob::state::Parts;
use crate::blob::{Content, Entry, Error, Health, Key};

use super::cause;
use super::writer::Writer;

/// What is asked of a client of an object store.
pub(super) trait Client: ObjectStore + MultipartStore {}

impl<T: ObjectStore + MultipartStore> Client for T {}

/// An open store; clones share it.
#[derive(Clone)]
pub(in crate::blob) struct Objects {
    pub(super) client: Arc<dyn Client>,
    pub(super) folder: Path,
    pub(super) part_bytes: fn(usize) -> usize,
}

impl Objects {
    pub(super) fn new(
        client: Arc<dyn Client>,
        folder: &str,
        part_bytes: fn(usize) -> usize,
    ) -> Self {
        Self {
            client,
            folder: Path::from(folder),
            part_bytes,
        }
    }

    pub(super) fn path(&self, key: &Key) -> Path {
        self.folder.clone().join(key.as_str())
    }

    pub(in crate::blob) fn writer(&self, key: &Key, parts: Parts) -> Writer {
        Writer::new(self.clone(), key.clone(), parts)
    }

    pub(in crate::blob) async fn read(&self, key: &Key, wanted: Wanted) -> Result<Content, Error> {
        let asked = match wanted.end {
            None if wanted.start == 0 => None,
            Some(end) if wanted.start < end => Some(wanted.start..end),
            // The stores refuse ranges that are, or may turn out to be, empty.
            _ => {
                let size = self.size(key).await?;
                let range = wanted.within(size)?;
                if range.is_empty() {
                    return Ok(Content::once(size, range, Bytes::new()));
                }
                Some(range)
            }
        };
        let options = GetOptions {
            range: asked.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let got = match self.client.get_opts(&self.path(key), options).await {
            Ok(got) => got,
            Err(error @ object_store::Error::NotFound { .. }) => {
                return Err(cause::of_blob(key, &error));
            }
            Err(error) => {
                // The stores' errors about a range are many; the size tells whether it is one.
                wanted.within(self.size(key).await?)?;
                return Err(cause::of_blob(key, &error));
            }
        };
        let size = got.meta.size;
        let range = wanted.within(size)?;
        let key = key.clone();
        let stream = got
            .into_stream()
            .map_err(move |error| cause::of_blob(&key, &error))
            .boxed();
        Ok(Content::new(size, range, stream))
    }

    pub(in crate::blob) async fn remove(&self, key: &Key) -> Result<(), Error> {
        match self.client.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(cause::of_blob(key, &error)),
        }
    }

    pub(in crate::blob) async fn list(
        &self,
        after: Option<&Key>,
        limit: usize,
    ) -> Result<Vec<Entry>, Error> {
        let folder = Some(&self.folder).filter(|folder| !folder.as_ref().is_empty());
        let objects = match after {
            Some(after) => self.client.list_with_offset(folder, &self.path(after)),
            None => self.client.list(folder),
        };
        objects
            .map_err(|error| cause::of_store(&error))
            .try_filter_map(|object| future::ok(self.entry(&object)))
            // Some servers do not know the offset and begin again.
            .try_filter(|entry| future::ready(after.is_none_or(|after| entry.key > *after)))
            .take(limit)
            .try_collect()
            .await
    }

    pub(in crate::blob) async fn health(&self) -> Result<Health, Error> {
        self.list(None, 1).await?;
        Ok(Health { free_bytes: None })
    }

    async fn size(&self, key: &Key) -> Result<u64, Error> {
        let object = self.client.head(&self.path(key)).await;
        Ok(object.map_err(|error| cause::of_blob(key, &error))?.size)
    }

    /// Answers nothing for an object that is not ours.
    fn entry(&self, object: &ObjectMeta) -> Option<Entry> {
        let key: Key = object.location.filename()?.parse().ok()?;
        let is_ours = self.path(&key) == object.location;
        is_ours.then(|| Entry {
            key,
            size: object.size,
            modified_ms: object.last_modified.timestamp_millis(),
            is_finished: true,
        })
    }
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects")
            .field("folder", &self.folder.as_ref())
            .finish_non_exhaustive()
    }
}
