//! What is written is what is read, and nothing else is seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::digest::{SHA512, digest};
use bytes::Bytes;

use crate::blob::{Error, Hashes, Key};

use super::fixture::{MIB, Stores, content, keys, open, read, sha256};

pub(super) async fn every_size_comes_back(stores: &impl Stores) {
    let blobs = open(stores, "sizes").await;
    let sizes = [
        0,
        1,
        4 * MIB - 1,
        4 * MIB,
        4 * MIB + 1,
        5 * MIB,
        10 * MIB,
        64 * MIB,
    ];
    for size in sizes {
        let bytes = content(size as u64, size);
        let key = Key::random();
        let mut upload = blobs.begin(&key, Hashes::Sha256AndSha512).await.unwrap();
        upload.append(bytes.clone()).await.unwrap();
        assert_eq!(upload.size(), size as u64);
        let unfinished = blobs.read(&key, ..).await.unwrap_err();
        assert_eq!(unfinished, Error::NotFound { key: key.clone() }, "{size}");
        let finished = upload.finish().await.unwrap();
        assert_eq!(finished.size, size as u64);
        assert_eq!(finished.sha256, sha256(&bytes), "{size}");
        let sha512 = finished.sha512.unwrap();
        assert_eq!(sha512.as_slice(), digest(&SHA512, &bytes).as_ref());
        assert!(read(&blobs, &key).await.unwrap() == bytes, "{size}");
        let again = blobs.digest(&key, Hashes::Sha256AndSha512).await;
        assert_eq!(again, Ok(finished));
    }
}

pub(super) async fn small_pieces_and_large_ones_keep_their_order(stores: &impl Stores) {
    let blobs = open(stores, "pieces").await;
    let whole = content(7, 12 * MIB + 5);
    let key = Key::random();
    let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
    let mut rest = whole.clone();
    for length in [1, 0, 100, 5_000, 3, 70_000, 4_096, 2 * MIB, 1]
        .into_iter()
        .cycle()
    {
        let piece = rest.split_to(length.min(rest.len()));
        upload.append(piece).await.unwrap();
        if rest.is_empty() {
            break;
        }
    }
    let finished = upload.finish().await.unwrap();
    assert_eq!(finished.sha256, sha256(&whole));
    assert!(read(&blobs, &key).await.unwrap() == whole);
}

pub(super) async fn an_aborted_upload_leaves_nothing(stores: &impl Stores) {
    let blobs = open(stores, "abort").await;
    for size in [0, 1, MIB, 11 * MIB] {
        let key = Key::random();
        let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
        upload.append(content(1, size)).await.unwrap();
        upload.abort().await.unwrap();
        assert!(matches!(
            blobs.read(&key, ..).await,
            Err(Error::NotFound { .. })
        ));
        assert_eq!(keys(&blobs).await, []);
    }
}

/// A buffer that is counted as long as anybody holds it.
struct Counted(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(self.0.len(), Ordering::SeqCst);
    }
}

pub(super) async fn an_upload_holds_little_memory(stores: &impl Stores) {
    if !stores.is_outside() {
        return;
    }
    const PIECE_BYTES: usize = 200_000;
    let blobs = open(stores, "memory").await;
    let mut upload = blobs.begin(&Key::random(), Hashes::Sha256).await.unwrap();
    let held = Arc::new(AtomicUsize::new(0));
    for _ in 0..200 {
        held.fetch_add(PIECE_BYTES, Ordering::SeqCst);
        let piece = Bytes::from_owner(Counted(vec![1; PIECE_BYTES], Arc::clone(&held)));
        upload.append(piece).await.unwrap();
        // A piece that is cut at the end of a batch is alive as long as its later half.
        let most = 8 * MIB + 2 * PIECE_BYTES;
        let held = held.load(Ordering::SeqCst);
        assert!(held <= most, "{held} bytes are held");
    }
    let finished = upload.finish().await.unwrap();
    assert_eq!(finished.size, 200 * PIECE_BYTES as u64);
}
