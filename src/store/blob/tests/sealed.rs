//! What a sealed blob does not let through: other keys, other places, other bytes.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use tempfile::TempDir;

use crate::blob::{Blobs, DataKey, Error, Hashes, Key, Target};

use super::fixture::{MIB, content, read, write};

const SEALED_CHUNK: usize = 64 * 1024 + 28;

struct Store {
    folder: TempDir,
    plain: Blobs,
    blobs: Blobs,
}

impl Store {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let target = Target::Local(folder.path().to_owned());
        let plain = Blobs::open(&target).await.unwrap();
        Self {
            blobs: sealed(&plain, 1),
            plain,
            folder,
        }
    }

    fn file(&self, key: &Key) -> PathBuf {
        let folder = self.folder.path().join(&key.as_str()[..2]);
        folder.join(key.as_str())
    }
}

fn sealed(blobs: &Blobs, secret: u8) -> Blobs {
    blobs.sealed_with(Some(DataKey::new(&[secret; 32])))
}

fn is_damage<T>(read: &Result<T, Error>) -> bool {
    matches!(read, Err(Error::Corrupt { .. }))
}

#[tokio::test]
async fn the_disk_does_not_hold_what_was_written() {
    let store = Store::new().await;
    let secret = Bytes::from("a secret in a layer ".repeat(10_000));
    let (key, _) = write(&store.blobs, &secret).await;
    let stored = fs::read(store.file(&key)).unwrap();
    let chunks = secret.len() / (64 * 1024) + 1;
    assert_eq!(stored.len(), secret.len() + chunks * 28);
    assert!(!stored.windows(8).any(|bytes| bytes == b"a secret"));
    let (again, _) = write(&store.blobs, &secret).await;
    assert_ne!(fs::read(store.file(&again)).unwrap(), stored);
}

#[tokio::test]
async fn only_its_key_opens_a_blob() {
    let store = Store::new().await;
    let (key, _) = write(&store.blobs, &content(1, 100)).await;
    let other = sealed(&store.plain, 2);
    assert!(is_damage(&read(&other, &key).await));
    assert_ne!(read(&store.plain, &key).await.unwrap(), content(1, 100));
    let (plain, _) = write(&store.plain, &content(1, 100)).await;
    assert!(is_damage(&read(&store.blobs, &plain).await));
    let moved = Key::random();
    fs::create_dir_all(store.file(&moved).parent().unwrap()).unwrap();
    fs::copy(store.file(&key), store.file(&moved)).unwrap();
    assert!(
        is_damage(&read(&store.blobs, &moved).await),
        "under another key"
    );
}

#[tokio::test]
async fn no_byte_and_no_chunk_can_be_changed() {
    let store = Store::new().await;
    let bytes = content(2, 4 * 64 * 1024);
    let (key, _) = write(&store.blobs, &bytes).await;
    let path = store.file(&key);
    let whole = fs::read(&path).unwrap();
    assert_eq!(whole.len(), 4 * SEALED_CHUNK + 28);
    let damaged = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut stored = whole.clone();
        change(&mut stored);
        fs::write(&path, stored).unwrap();
    };
    for place in [
        0,
        12,
        SEALED_CHUNK - 1,
        SEALED_CHUNK,
        whole.len() - 28,
        whole.len() - 1,
    ] {
        damaged(&|stored| stored[place] ^= 1);
        assert!(is_damage(&read(&store.blobs, &key).await), "byte {place}");
    }
    damaged(&|stored| stored.rotate_left(SEALED_CHUNK));
    assert!(is_damage(&read(&store.blobs, &key).await), "exchanged");
    for length in [0, 10, 28, SEALED_CHUNK, 3 * SEALED_CHUNK + 28] {
        damaged(&|stored| stored.truncate(length));
        assert!(
            is_damage(&read(&store.blobs, &key).await),
            "cut to {length}"
        );
    }
    damaged(&|stored| stored.truncate(4 * SEALED_CHUNK));
    assert!(
        is_damage(&read(&store.blobs, &key).await),
        "without its end"
    );
    damaged(&|_| ());
    assert!(read(&store.blobs, &key).await.unwrap() == bytes);
}

#[tokio::test]
async fn damage_far_away_does_not_matter_to_a_range() {
    let store = Store::new().await;
    let bytes = content(3, MIB);
    let (key, _) = write(&store.blobs, &bytes).await;
    let mut stored = fs::read(store.file(&key)).unwrap();
    stored[5 * SEALED_CHUNK] ^= 1;
    fs::write(store.file(&key), stored).unwrap();
    let range = 3 * 64 * 1024 - 1..5 * 64 * 1024;
    let asked = range.start as u64..range.end as u64;
    let near = store.blobs.read(&key, asked.clone()).await.unwrap();
    assert!(near.bytes(MIB).await.unwrap() == bytes[range]);
    let over = store.blobs.read(&key, asked.start..asked.end + 1).await;
    assert!(is_damage(&over.unwrap().bytes(MIB).await));
}

#[tokio::test]
async fn an_upload_goes_on_with_its_key_only() {
    let store = Store::new().await;
    let key = Key::random();
    let mut upload = store.blobs.begin(&key, Hashes::Sha256).await.unwrap();
    upload.append(content(4, 100)).await.unwrap();
    let state = upload.suspend().await.unwrap();
    drop(upload);
    let resumed = store.plain.resume(&key, &state).await;
    assert!(matches!(resumed, Err(Error::Invalid { .. })), "{resumed:?}");
    let other = sealed(&store.plain, 2);
    assert!(is_damage(&other.resume(&key, &state).await));
    let aside = fs::read(store.file(state.tail_key().unwrap())).unwrap();
    assert_eq!(aside.len(), 100 + 28, "the tail is sealed too");
}
