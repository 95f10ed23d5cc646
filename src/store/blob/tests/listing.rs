//! What garbage collection sees and does.

use crate::blob::{Error, Health};

use super::fixture::{MIB, Stores, content, keys, open, read, write};

pub(super) async fn pages_are_ascending_and_complete(stores: &impl Stores) {
    let blobs = open(stores, "pages").await;
    assert_eq!(blobs.list(None, 10).await, Ok(vec![]));
    let mut written = Vec::new();
    for number in 0..23 {
        written.push(write(&blobs, &content(1, number)).await.0);
    }
    written.sort();
    let mut listed = Vec::new();
    loop {
        let page = blobs.list(listed.last(), 5).await.unwrap();
        assert!(page.len() <= 5);
        let is_last = page.len() < 5;
        for entry in page {
            assert!(entry.is_finished);
            assert!(entry.size < 100, "{entry:?}");
            // Any day since this was written is a time in milliseconds.
            assert!(entry.modified_ms > 1_700_000_000_000, "{entry:?}");
            listed.push(entry.key);
        }
        if is_last {
            break;
        }
    }
    assert_eq!(listed, written);
    assert_eq!(blobs.list(None, 0).await, Ok(vec![]));
}

pub(super) async fn removed_blobs_are_gone(stores: &impl Stores) {
    let blobs = open(stores, "remove").await;
    let bytes = content(2, MIB);
    let (kept, _) = write(&blobs, &bytes).await;
    let (removed, _) = write(&blobs, &bytes).await;
    blobs.remove(&removed).await.unwrap();
    assert_eq!(blobs.remove(&removed).await, Ok(()), "the second time");
    assert_eq!(
        read(&blobs, &removed).await,
        Err(Error::NotFound { key: removed })
    );
    assert!(read(&blobs, &kept).await.unwrap() == bytes);
    assert_eq!(keys(&blobs).await, [kept]);
}

pub(super) async fn a_store_that_works_is_healthy(stores: &impl Stores) {
    let blobs = open(stores, "health").await;
    let Health { free_bytes } = blobs.health().await.unwrap();
    assert_ne!(free_bytes, Some(0));
}
