//! Ranges: exact, whole, or refused.

use crate::blob::{Blobs, Error, Key};

use super::fixture::{MIB, Stores, content, gather, open, write};

pub(super) async fn ranges_are_exact(stores: &impl Stores) {
    let blobs = open(stores, "ranges").await;
    let size = 3 * MIB + 7;
    let bytes = content(3, size);
    let (key, _) = write(&blobs, &bytes).await;
    let mib = MIB;
    for range in [
        0..0,
        0..1,
        0..size,
        1..size,
        mib - 1..mib + 1,
        mib..2 * mib,
        mib + 1..3 * mib + 1,
        5..5 + 128 * 1024,
        5..6 + 128 * 1024,
        size - 1..size,
        size..size,
    ] {
        let asked = range.start as u64..range.end as u64;
        let content = blobs.read(&key, asked.clone()).await.unwrap();
        assert_eq!((content.size(), content.range()), (size as u64, asked));
        let got = gather(content).await.unwrap();
        assert!(got == bytes[range.clone()], "{range:?}");
    }
    for start in [0, 1, mib, size - 1, size] {
        let content = blobs.read(&key, start as u64..).await.unwrap();
        assert_eq!(content.range(), start as u64..size as u64);
        let got = content.bytes(size).await.unwrap();
        assert!(got == bytes[start..], "{start}..");
    }
    let size = size as u64;
    are_refused(
        &blobs,
        &key,
        size,
        &[
            0..size + 1,
            size..size + 1,
            size + 1..size + 1,
            size + 5..size + 9,
        ],
    )
    .await;
    assert_eq!(
        blobs.read(&key, size + 1..).await.unwrap_err(),
        Error::Range { size }
    );
    let too_much = blobs.read(&key, ..).await.unwrap().bytes(MIB).await;
    assert!(matches!(too_much, Err(Error::Invalid { .. })));
}

pub(super) async fn an_empty_blob_has_one_range(stores: &impl Stores) {
    let blobs = open(stores, "empty").await;
    let (key, finished) = write(&blobs, &content(0, 0)).await;
    assert_eq!(finished.size, 0);
    for content in [
        blobs.read(&key, ..).await,
        blobs.read(&key, 0..).await,
        blobs.read(&key, 0..0).await,
    ] {
        let content = content.unwrap();
        assert_eq!((content.size(), content.range()), (0, 0..0));
        assert!(gather(content).await.unwrap().is_empty());
    }
    are_refused(&blobs, &key, 0, &[0..1, 1..1, 1..2]).await;
}

pub(super) async fn what_is_not_there_is_not_found(stores: &impl Stores) {
    let blobs = open(stores, "absent").await;
    let key = Key::random();
    let absent = Error::NotFound { key: key.clone() };
    assert_eq!(blobs.read(&key, ..).await.unwrap_err(), absent);
    assert_eq!(blobs.read(&key, 0..1).await.unwrap_err(), absent);
    assert_eq!(blobs.read(&key, 4..4).await.unwrap_err(), absent);
}

async fn are_refused(blobs: &Blobs, key: &Key, size: u64, ranges: &[std::ops::Range<u64>]) {
    for range in ranges {
        let error = blobs.read(key, range.clone()).await.unwrap_err();
        assert_eq!(error, Error::Range { size }, "{range:?}");
    }
}
