//! What only files show: modes, locks, leftovers, damage and a folder that cannot be written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use tempfile::TempDir;

use crate::blob::{Blobs, Error, Hashes, Key, Target};

use super::fixture::{MIB, content, gather, keys, read, write, write_as};
use super::small_disk::Disk;

struct Store {
    folder: TempDir,
    blobs: Blobs,
}

impl Store {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let blobs = open(folder.path()).await;
        Self { folder, blobs }
    }

    fn file(&self, key: &Key, suffix: &str) -> PathBuf {
        let folder = self.folder.path().join("blobs").join(&key.as_str()[..2]);
        folder.join(format!("{key}{suffix}"))
    }
}

async fn open(folder: &Path) -> Blobs {
    Blobs::open(&Target::Local(folder.join("blobs")))
        .await
        .unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn files_are_for_the_owner_only() {
    let store = Store::new().await;
    let key = Key::random();
    let mut upload = store.blobs.begin(&key, Hashes::Sha256).await.unwrap();
    let part = store.file(&key, ".part");
    assert_eq!(mode(&part), 0o600);
    assert_eq!(mode(part.parent().unwrap()), 0o700);
    assert_eq!(mode(&store.folder.path().join("blobs")), 0o700);
    upload.finish().await.unwrap();
    assert_eq!(mode(&store.file(&key, "")), 0o600);
    assert!(!part.exists());
}

#[tokio::test]
async fn a_key_has_one_upload() {
    let Store { folder, blobs } = Store::new().await;
    let other = open(folder.path()).await;
    let key = Key::random();
    let exists = || Error::Exists { key: key.clone() };
    let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
    let again = other.begin(&key, Hashes::Sha256).await;
    assert_eq!(again.unwrap_err(), exists());
    upload.append(content(1, 10)).await.unwrap();
    let state = upload.suspend().await.unwrap();
    let mut upload = other.resume(&key, &state).await.unwrap();
    let busy = blobs.resume(&key, &state).await;
    assert_eq!(busy.unwrap_err(), Error::Busy { key: key.clone() });
    upload.finish().await.unwrap();
    let late = blobs.resume(&key, &state).await;
    assert_eq!(late.unwrap_err(), Error::NotFound { key: key.clone() });
    let again = blobs.begin(&key, Hashes::Sha256).await;
    assert_eq!(again.unwrap_err(), exists());
    blobs.discard(&key, &state).await.unwrap();
    assert_eq!(read(&blobs, &key).await.unwrap(), content(1, 10));
}

#[tokio::test]
async fn an_upload_that_is_over_stays_over() {
    let Store {
        blobs,
        folder: _folder,
    } = Store::new().await;
    let (key, over) = (
        Key::random(),
        Error::invalid("use of an upload that is over"),
    );
    let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
    upload.finish().await.unwrap();
    assert_eq!(upload.finish().await, Err(over.clone()));
    assert_eq!(upload.suspend().await, Err(over.clone()));
    assert_eq!(upload.abort().await, Err(over));
    assert_eq!(read(&blobs, &key).await, Ok(Vec::new()));
}

#[tokio::test]
async fn leftovers_are_listed_and_removed() {
    let store = Store::new().await;
    let (finished, _) = write(&store.blobs, &content(1, 5)).await;
    let key = Key::random();
    let mut upload = store.blobs.begin(&key, Hashes::Sha256).await.unwrap();
    upload.append(content(2, 3 * MIB)).await.unwrap();
    drop(upload);
    let folder = store.folder.path().join("blobs/00");
    fs::create_dir_all(&folder).unwrap();
    for stranger in ["README", "0000.part", "lost+found"] {
        fs::write(folder.join(stranger), "x").unwrap();
    }
    let entries = store.blobs.list(None, 9).await.unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (&entry.key, entry.is_finished))
        .collect();
    let mut expected = vec![(&finished, true), (&key, false)];
    expected.sort();
    assert_eq!(seen, expected);
    store.blobs.remove(&key).await.unwrap();
    assert_eq!(keys(&store.blobs).await, [finished]);
}

#[tokio::test]
async fn an_upload_that_lost_bytes_is_damaged() {
    let store = Store::new().await;
    let key = Key::random();
    let mut upload = store.blobs.begin(&key, Hashes::Sha256).await.unwrap();
    upload.append(content(1, 100)).await.unwrap();
    let state = upload.suspend().await.unwrap();
    drop(upload);
    fs::write(store.file(&key, ".part"), "short").unwrap();
    let resumed = store.blobs.resume(&key, &state).await;
    assert!(matches!(resumed, Err(Error::Corrupt { .. })), "{resumed:?}");
    let memory = Blobs::open(&Target::Memory).await.unwrap();
    let resumed = memory.resume(&key, &state).await;
    assert!(matches!(resumed, Err(Error::Invalid { .. })), "{resumed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_goes_on_when_the_blob_is_removed() {
    let Store {
        blobs,
        folder: _folder,
    } = Store::new().await;
    let bytes = content(1, 5 * MIB);
    let (key, _) = write(&blobs, &bytes).await;
    let mut reader = blobs.read(&key, ..).await.unwrap();
    let first = reader.try_next().await.unwrap().unwrap();
    blobs.remove(&key).await.unwrap();
    let rest = gather(reader).await.unwrap();
    assert!([first.as_ref(), &rest].concat() == bytes);
}

#[tokio::test]
async fn a_folder_that_is_a_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let opened = Blobs::open(&Target::Local(file.clone())).await;
    assert!(matches!(opened, Err(Error::Invalid { .. })), "{opened:?}");
    let opened = Blobs::open(&Target::Local(file.join("below"))).await;
    assert!(
        matches!(opened, Err(Error::Unavailable { .. })),
        "{opened:?}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_denied() {
    let Some(disk) = Disk::mount_or_skip("the read-only test", "4m") else {
        return;
    };
    let target = Target::Local(disk.path().join("blobs"));
    let blobs = Blobs::open(&target).await.unwrap();
    let (kept, _) = write(&blobs, &content(1, 100)).await;
    disk.remount("ro");
    for denied in [
        write_as(&blobs, &Key::random(), &content(1, 1))
            .await
            .map(drop),
        blobs.remove(&kept).await,
    ] {
        assert!(matches!(denied, Err(Error::Denied { .. })), "{denied:?}");
    }
    let blobs = Blobs::open(&target).await.unwrap();
    assert_eq!(read(&blobs, &kept).await.unwrap(), content(1, 100));
}
