//! A SQLite store that remembers what it read answers as one that does not.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{Batch, Meta, Target};

async fn open() -> (TempDir, PathBuf, Meta) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("meta.db");
    let meta = Meta::open(&Target::Sqlite(path.clone())).await.unwrap();
    (folder, path, meta)
}

async fn number(meta: &Meta, key: &str) -> Option<i64> {
    let found = meta.get_as::<i64>("c", key).await.unwrap();
    let text = meta.get("c", key).await.unwrap();
    assert_eq!(
        found.as_deref(),
        text.map(|text| text.parse::<i64>().unwrap()).as_ref()
    );
    found.as_deref().copied()
}

#[tokio::test]
async fn what_was_read_is_not_read_again() {
    let (_folder, path, meta) = open().await;
    let batch = Batch::new()
        .put("c", "kept", &1)
        .put_until("c", "ends", &1, 5);
    meta.commit(batch).await.unwrap();
    assert_eq!(number(&meta, "kept").await, Some(1));
    assert_eq!(number(&meta, "ends").await, Some(1));
    let mut past = AnyConnection::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    sqlx::raw_sql("UPDATE documents SET body = '2'")
        .execute(&mut past)
        .await
        .unwrap();
    assert_eq!(number(&meta, "kept").await, Some(1));
    assert_eq!(number(&meta, "ends").await, Some(2));
}

#[tokio::test]
async fn every_change_is_seen_at_once() {
    let (_folder, _, meta) = open().await;
    let all = "all of them";
    let revision = |meta: Meta| async move { meta.get("c", "k").await.unwrap().unwrap().revision };
    assert_eq!(number(&meta, "k").await, None);
    meta.commit(Batch::new().insert("c", "k", &1))
        .await
        .unwrap();
    assert_eq!(number(&meta, "k").await, Some(1));
    meta.commit(Batch::new().put("c", "k", &2)).await.unwrap();
    assert_eq!(number(&meta, "k").await, Some(2));
    let seen = revision(meta.clone()).await;
    let batch = Batch::new().replace("c", "k", seen, &3).put("c", all, &9);
    meta.commit(batch).await.unwrap();
    assert_eq!(number(&meta, "k").await, Some(3));
    // What was refused has changed nothing.
    let refused = Batch::new().put("c", "k", &4).insert("c", all, &4);
    assert!(meta.commit(refused).await.is_err());
    assert_eq!(number(&meta, "k").await, Some(3));
    let seen = revision(meta.clone()).await;
    meta.commit(Batch::new().remove_if("c", "k", seen))
        .await
        .unwrap();
    assert_eq!(number(&meta, "k").await, None);
    meta.commit(Batch::new().put("c", "k", &5)).await.unwrap();
    assert_eq!(number(&meta, "k").await, Some(5));
    meta.commit(Batch::new().remove_prefix("c", "k"))
        .await
        .unwrap();
    assert_eq!(number(&meta, "k").await, None);
    assert_eq!(number(&meta, all).await, Some(9));
    meta.commit(Batch::new().put_until("c", "k", &6, 10))
        .await
        .unwrap();
    assert_eq!(number(&meta, "k").await, Some(6));
    assert_eq!(meta.remove_expired(10).await, Ok(1));
    assert_eq!(number(&meta, "k").await, None);
}

/// Whoever begins to read after a change was acknowledged sees it, or a later one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reader_goes_back_in_time() {
    const CHANGES: i64 = 1_000;
    let (_folder, _, meta) = open().await;
    let acknowledged = Arc::new(AtomicI64::new(0));
    meta.commit(Batch::new().put("c", "k", &0)).await.unwrap();
    let mut readers = JoinSet::new();
    for _ in 0..4 {
        let (meta, acknowledged) = (meta.clone(), Arc::clone(&acknowledged));
        readers.spawn(async move {
            let mut seen = 0;
            while seen < CHANGES {
                let least = acknowledged.load(Ordering::Acquire).max(seen);
                let found = meta.get_as::<i64>("c", "k").await.unwrap();
                // In between it is away for a moment.
                let found = found.map_or(least, |found| *found);
                assert!(found >= least, "{found} after {least}");
                seen = found;
                // A look-up alone never waits.
                tokio::task::yield_now().await;
            }
        });
    }
    for number in 1..=CHANGES {
        if number % 10 == 0 && number < CHANGES {
            let away = Batch::new().remove_prefix("c", "");
            meta.commit(away).await.unwrap();
        }
        let batch = Batch::new().put("c", "k", &number);
        meta.commit(batch).await.unwrap();
        acknowledged.store(number, Ordering::Release);
    }
    readers.join_all().await;
}

#[tokio::test]
async fn a_file_belongs_to_one_store() {
    let (_folder, path, meta) = open().await;
    meta.commit(Batch::new().put("c", "k", &1)).await.unwrap();
    let target = Target::Sqlite(path);
    let next = Meta::open(&target);
    let (next, ()) = tokio::join!(next, meta.close());
    assert_eq!(number(&next.unwrap(), "k").await, Some(1));
}
