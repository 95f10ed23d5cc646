//! A full disk: uploads are refused, leave nothing, and work again once there is space.

use crate::blob::{Blobs, Error, Hashes, Key, Target};

use super::fixture::{MIB, content, keys, read, write, write_as};
use super::small_disk::Disk;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_uploads_only() {
    let Some(disk) = Disk::mount_or_skip("the disk-full test", "16m") else {
        return;
    };
    let blobs = Blobs::open(&Target::Local(disk.path().join("blobs")))
        .await
        .unwrap();
    let bytes = content(1, 3 * MIB);
    let (kept, _) = write(&blobs, &bytes).await;
    let (suspended, state) = {
        let key = Key::random();
        let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
        upload.append(bytes.slice(..MIB)).await.unwrap();
        (key, upload.suspend().await.unwrap())
    };

    let large = content(2, 20 * MIB);
    for size in [20 * MIB, 12 * MIB + MIB / 2] {
        let refused = write_as(&blobs, &Key::random(), &large.slice(..size)).await;
        assert_eq!(refused, Err(Error::Full), "{size}");
    }
    let mut left = [kept.clone(), suspended.clone()];
    left.sort();
    assert_eq!(keys(&blobs).await, left, "a refused upload is left");
    assert!(read(&blobs, &kept).await.unwrap() == bytes);

    let mut upload = blobs.resume(&suspended, &state).await.unwrap();
    let refused = upload.append(large.clone()).await.unwrap_err();
    assert_eq!(refused, Error::Full);
    assert_eq!(upload.append(content(1, 1)).await, Err(Error::Full));
    assert_eq!(upload.finish().await, Err(Error::Full));
    drop(upload);
    disk.remount("size=64m");
    let mut upload = blobs.resume(&suspended, &state).await.unwrap();
    upload.append(bytes.slice(MIB..)).await.unwrap();
    assert_eq!(upload.finish().await.unwrap().size, 3 * MIB as u64);
    assert!(read(&blobs, &suspended).await.unwrap() == bytes);
    assert!(blobs.health().await.unwrap().free_bytes.unwrap() > 40 * MIB as u64);
}
