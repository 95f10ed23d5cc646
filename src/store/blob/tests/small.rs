//! Small blobs that are in memory answer as those that are not.

use std::fs;

use bytes::Bytes;
use tempfile::TempDir;

use crate::blob::{Blobs, Error, Hashes, Key, Target};

use super::fixture::{content, read, write};

#[tokio::test]
async fn a_small_blob_is_read_from_the_disk_once() {
    let folder = TempDir::new().unwrap();
    let blobs = Blobs::open(&Target::Local(folder.path().to_owned()))
        .await
        .unwrap();
    let file = |key: &Key| folder.path().join(&key.as_str()[..2]).join(key.as_str());
    let (small, large) = (content(1, 4096), content(2, 100 * 1024));
    let (small_key, finished) = write(&blobs, &small).await;
    let (large_key, _) = write(&blobs, &large).await;
    for _ in 0..2 {
        assert_eq!(read(&blobs, &small_key).await.unwrap(), small);
        assert_eq!(read(&blobs, &large_key).await.unwrap(), large);
    }
    for key in [&small_key, &large_key] {
        fs::write(file(key), "another content").unwrap();
    }
    assert_eq!(read(&blobs, &small_key).await.unwrap(), small);
    assert_ne!(read(&blobs, &large_key).await.unwrap(), large);

    // Ranges are those of the blob, and what looks for damage looks at the disk.
    let part = blobs.read(&small_key, 5..9).await.unwrap();
    assert_eq!((part.size(), part.range()), (4096, 5..9));
    assert_eq!(part.bytes(10).await.unwrap(), small.slice(5..9));
    let outside = blobs.read(&small_key, 5..4097).await;
    assert!(matches!(outside, Err(Error::Range { size: 4096 })));
    let damaged = blobs.digest(&small_key, Hashes::Sha256).await.unwrap();
    assert_ne!(damaged.sha256, finished.sha256);
}

#[tokio::test]
async fn a_removed_blob_is_gone() {
    let folder = TempDir::new().unwrap();
    let blobs = Blobs::open(&Target::Local(folder.path().to_owned()))
        .await
        .unwrap();
    let (key, _) = write(&blobs, &Bytes::from("small")).await;
    let clone = blobs.clone();
    assert_eq!(read(&clone, &key).await.unwrap(), b"small");
    blobs.remove(&key).await.unwrap();
    let gone = clone.read(&key, ..).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })), "{gone:?}");
}
