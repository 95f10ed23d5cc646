//! Stores, contents and short ways to write and read them.

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use futures_util::TryStreamExt;

use crate::blob::{Blobs, Content, DataKey, Error, Finished, Hashes, Key, Target};

pub(super) const MIB: usize = 1024 * 1024;

/// Makes an empty store for each name.
pub(super) trait Stores: Sync {
    fn target(&self, name: &str) -> Target;

    /// Whether what is kept takes no memory of this process.
    fn is_outside(&self) -> bool {
        true
    }

    fn data_key(&self) -> Option<DataKey> {
        None
    }
}

/// The stores of another kind, with their blobs sealed.
pub(super) struct Sealed<'a, S>(pub(super) &'a S);

impl<S: Stores> Stores for Sealed<'_, S> {
    fn target(&self, name: &str) -> Target {
        self.0.target(&format!("sealed-{name}"))
    }

    fn is_outside(&self) -> bool {
        self.0.is_outside()
    }

    fn data_key(&self) -> Option<DataKey> {
        Some(DataKey::new(&[7; 32]))
    }
}

/// Bytes that look random and are the same for the same seed.
pub(super) fn content(seed: u64, length: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes.into()
}

/// The digest by another implementation than the one under test.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().unwrap()
}

pub(super) async fn open(stores: &impl Stores, name: &str) -> Blobs {
    let blobs = Blobs::open(&stores.target(name)).await.unwrap();
    blobs.sealed_with(stores.data_key())
}

pub(super) async fn write(blobs: &Blobs, bytes: &Bytes) -> (Key, Finished) {
    let key = Key::random();
    let finished = write_as(blobs, &key, bytes).await.unwrap();
    (key, finished)
}

pub(super) async fn write_as(blobs: &Blobs, key: &Key, bytes: &Bytes) -> Result<Finished, Error> {
    let mut upload = blobs.begin(key, Hashes::Sha256).await?;
    let finished = match upload.append(bytes.clone()).await {
        Ok(()) => upload.finish().await,
        Err(error) => Err(error),
    };
    if finished.is_err() {
        upload.abort().await?;
    }
    finished
}

pub(super) async fn gather(content: Content) -> Result<Vec<u8>, Error> {
    content
        .try_fold(Vec::new(), |mut whole, bytes| async move {
            whole.extend_from_slice(&bytes);
            Ok(whole)
        })
        .await
}

pub(super) async fn read(blobs: &Blobs, key: &Key) -> Result<Vec<u8>, Error> {
    gather(blobs.read(key, ..).await?).await
}

/// Every key of the store, in the order it is listed.
pub(super) async fn keys(blobs: &Blobs) -> Vec<Key> {
    let entries = blobs.list(None, usize::MAX).await.unwrap();
    entries.into_iter().map(|entry| entry.key).collect()
}
