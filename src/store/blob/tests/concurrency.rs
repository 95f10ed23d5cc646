//! Many at once.

use tokio::task::JoinSet;

use super::fixture::{MIB, Stores, content, keys, open, read, sha256, write};

pub(super) async fn readers_and_writers_do_not_meet(stores: &impl Stores) {
    let blobs = open(stores, "many").await;
    let bytes = content(1, 2 * MIB + 3);
    let (shared, _) = write(&blobs, &bytes).await;
    let mut tasks = JoinSet::new();
    for number in 0..8_u64 {
        let blobs = blobs.clone();
        tasks.spawn(async move {
            let bytes = content(number + 10, (number as usize + 1) * 700_000);
            let (key, finished) = write(&blobs, &bytes).await;
            assert_eq!(finished.sha256, sha256(&bytes));
            assert!(read(&blobs, &key).await.unwrap() == bytes);
        });
    }
    for _ in 0..8 {
        let (blobs, shared, bytes) = (blobs.clone(), shared.clone(), bytes.clone());
        tasks.spawn(async move {
            for _ in 0..5 {
                assert!(read(&blobs, &shared).await.unwrap() == bytes);
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(keys(&blobs).await.len(), 9);
}
