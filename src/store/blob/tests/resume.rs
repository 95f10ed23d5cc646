//! Uploads put aside and taken up again, as other requests and other processes do.

use bytes::Bytes;

use crate::blob::{Blobs, Error, Hashes, Key, State, Upload};

use super::fixture::{MIB, Stores, content, keys, open, read, sha256};

/// Once through the form in which it is stored.
async fn suspend(mut upload: Upload) -> State {
    let state = upload.suspend().await.unwrap();
    let stored = serde_json::to_string(&state).unwrap();
    serde_json::from_str(&stored).unwrap()
}

/// A store that shares nothing with the first but what it keeps.
async fn reopen(stores: &impl Stores, name: &str, blobs: &Blobs) -> Blobs {
    if stores.is_outside() {
        open(stores, name).await
    } else {
        blobs.clone()
    }
}

pub(super) async fn an_upload_goes_on_in_pieces(stores: &impl Stores) {
    let blobs = open(stores, "chunks").await;
    for chunks in [
        &[0, 0][..],
        &[1, 0],
        &[0, 1, 2, 70_000],
        &[5 * MIB, 0],
        &[5 * MIB, 5 * MIB, 3],
        &[MIB, 6 * MIB + 1, 100, 12 * MIB, 1],
    ] {
        let whole = content(9, chunks.iter().sum());
        let mut rest = whole.clone();
        let key = Key::random();
        let upload = blobs.begin(&key, Hashes::Sha256AndSha512).await.unwrap();
        let mut state = suspend(upload).await;
        for chunk in chunks {
            let blobs = reopen(stores, "chunks", &blobs).await;
            let mut upload = blobs.resume(&key, &state).await.unwrap();
            assert_eq!(upload.size(), state.size());
            upload.append(rest.split_to(*chunk)).await.unwrap();
            state = suspend(upload).await;
            assert_eq!(state.size() as usize, whole.len() - rest.len());
            assert!(matches!(
                blobs.read(&key, ..).await,
                Err(Error::NotFound { .. })
            ));
            if let Some(tail) = state.tail_key() {
                assert!(keys(&blobs).await.contains(tail));
            }
        }
        let mut upload = blobs.resume(&key, &state).await.unwrap();
        let finished = upload.finish().await.unwrap();
        assert_eq!(finished.sha256, sha256(&whole), "{chunks:?}");
        assert!(finished.sha512.is_some());
        assert!(read(&blobs, &key).await.unwrap() == whole, "{chunks:?}");
        if let Some(tail) = state.tail_key() {
            assert!(!keys(&blobs).await.contains(tail), "the tail is left");
        }
    }
}

/// A process that dies between two states leaves bytes behind that the next one must not see.
pub(super) async fn the_state_decides_where_it_goes_on(stores: &impl Stores) {
    let blobs = open(stores, "forgotten").await;
    let first = content(1, 7 * MIB);
    let key = Key::random();
    let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
    upload.append(first.clone()).await.unwrap();
    let state = suspend(upload).await;
    for forgotten in [10, 9 * MIB] {
        let mut upload = take_up(&blobs, &key, &state).await;
        upload.append(content(2, forgotten)).await.unwrap();
        drop(upload);
        let mut upload = take_up(&blobs, &key, &state).await;
        upload.append(content(3, forgotten)).await.unwrap();
        suspend(upload).await;
    }
    let mut upload = take_up(&blobs, &key, &state).await;
    let last = content(4, 6 * MIB);
    upload.append(last.clone()).await.unwrap();
    let finished = upload.finish().await.unwrap();
    let whole = Bytes::from([first, last].concat());
    assert_eq!(finished.sha256, sha256(&whole));
    assert!(read(&blobs, &key).await.unwrap() == whole);
}

/// The writer that was dropped may have a write under way, and keeps others out until it ends.
async fn take_up(blobs: &Blobs, key: &Key, state: &State) -> Upload {
    loop {
        match blobs.resume(key, state).await {
            Err(Error::Busy { .. }) => tokio::task::yield_now().await,
            resumed => return resumed.unwrap(),
        }
    }
}

pub(super) async fn a_discarded_upload_leaves_nothing(stores: &impl Stores) {
    let blobs = open(stores, "discard").await;
    for size in [0, 10, 6 * MIB] {
        let key = Key::random();
        let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
        upload.append(content(5, size)).await.unwrap();
        let state = suspend(upload).await;
        blobs.discard(&key, &state).await.unwrap();
        assert_eq!(keys(&blobs).await, []);
        assert_eq!(blobs.discard(&key, &state).await, Ok(()), "the second time");
    }
}
