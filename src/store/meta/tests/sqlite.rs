//! What only SQLite can show: its file, its locks, damage to it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::conformance;
use crate::{Batch, Error, Meta, Scan, Target};

async fn open(path: &Path) -> Result<Meta, Error> {
    Meta::open(&Target::Sqlite(path.to_owned())).await
}

/// A connection past the store.
async fn connect(path: &Path) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap()
}

async fn execute(path: &Path, sql: &'static str) {
    let mut connection = connect(path).await;
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("meta.db");
    (folder, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    let folder = TempDir::new().unwrap();
    let number = std::cell::Cell::new(0);
    conformance::run(async || {
        number.set(number.get() + 1);
        open(&folder.path().join(format!("{}.db", number.get())))
            .await
            .unwrap()
    })
    .await;
}

#[tokio::test]
async fn files_are_for_their_owner_only() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new/data % ?mode=ro #ü/meta.db");
    let meta = open(&path).await.unwrap();
    meta.commit(Batch::new().put("c", "k", &1)).await.unwrap();
    meta.get("c", "k").await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files: Vec<PathBuf> = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&folder.path().join("new")), 0o700);
    meta.close().await;
    assert_eq!(
        fs::read_dir(path.parent().unwrap()).unwrap().count(),
        2,
        "closing folds the log into the file, beside which its lock stays"
    );
}

#[tokio::test]
async fn commits_are_synced() {
    let (_folder, path) = folder();
    sqlx::any::install_default_drivers();
    let meta = open(&path).await.unwrap();
    meta.close().await;
    let options = format!("sqlite:{}", path.display()).parse().unwrap();
    let mut writer = super::super::sqlite::connect(&options).await.unwrap();
    for (pragma, expected) in [("PRAGMA synchronous", "2"), ("PRAGMA busy_timeout", "5000")] {
        let value: i64 = sqlx::query_scalar(pragma)
            .fetch_one(&mut writer)
            .await
            .unwrap();
        assert_eq!(value.to_string(), expected, "{pragma}");
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut writer)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_open_a_new_file_at_once() {
    let (_folder, path) = folder();
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let path = path.clone();
        tasks.spawn(async move {
            let meta = open(&path).await.unwrap();
            meta.commit(Batch::new().insert("c", &format!("{number}"), &number))
                .await
                .unwrap();
            meta.close().await;
        });
    }
    tasks.join_all().await;
    assert_eq!(open(&path).await.unwrap().count("c", "").await, Ok(8));
}

#[tokio::test]
async fn documents_stay_over_a_restart() {
    let (_folder, path) = folder();
    for number in 0..3 {
        let meta = open(&path).await.unwrap();
        assert_eq!(meta.count("c", "").await, Ok(number));
        meta.commit(Batch::new().insert("c", &format!("{number}"), &number))
            .await
            .unwrap();
        meta.close().await;
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (_folder, path) = folder();
    open(&path).await.unwrap().close().await;
    execute(&path, "INSERT INTO schema_version VALUES (1000)").await;
    let error = open(&path).await.unwrap_err();
    assert!(
        matches!(error, Error::Newer { found: 1000, known } if known < 1000),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_is_no_database_is_corrupt() {
    let (_folder, path) = folder();
    fs::write(
        &path,
        "this is no database, however long one looks at it; ".repeat(100),
    )
    .unwrap();
    let error = open(&path).await.unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_unavailable() {
    let (_folder, path) = folder();
    fs::write(&path, "").unwrap();
    let error = open(&path.join("below/meta.db")).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
}

#[tokio::test]
async fn garbage_in_the_table_is_corrupt_and_nothing_worse() {
    let (_folder, path) = folder();
    let meta = open(&path).await.unwrap();
    meta.commit(Batch::new().put("c", "good", &1))
        .await
        .unwrap();
    execute(
        &path,
        "INSERT INTO documents VALUES ('c', 'text', '{\"a\":', 1, NULL), ('c', 'empty', '', 1, NULL),
            ('c', 'blob', x'ff00fe', 1, NULL), ('c', 'bytes', CAST(x'22ff22' AS TEXT), 1, NULL),
            ('c', 'number', 1.5, 1, NULL), ('c', 'nul', '1' || char(0) || '2', 1, NULL),
            ('c', 'revision', '1', 'x', NULL), ('c', 'real', '1', 1.5, NULL), ('c', 'expiry', '1', 1, 'x'),
            ('c', 'bits', '1', x'00', x'00'), ('c', 'deep', printf('%.*c', 100000, '['), 1, NULL),
            ('blob key', x'ff', '1', 1, NULL);",
    )
    .await;
    for key in [
        "text", "empty", "blob", "bytes", "nul", "revision", "real", "expiry", "bits", "deep",
    ] {
        let found = meta.get("c", key).await;
        let outcome = found.and_then(|found| found.unwrap().parse::<serde_json::Value>());
        assert!(
            matches!(outcome, Err(Error::Corrupt { .. })),
            "{key}: {outcome:?}"
        );
    }
    let scan = |collection| Scan {
        collection,
        prefix: "",
        after: None,
        limit: 100,
    };
    assert!(matches!(
        meta.scan(scan("c")).await,
        Err(Error::Corrupt { .. })
    ));
    assert!(
        meta.scan(scan("blob key"))
            .await
            .is_ok_and(|found| found.is_empty())
    );
    assert!(meta.get("c", "good").await.unwrap().is_some());
    meta.commit(Batch::new().put("c", "text", &1).remove_prefix("c", "b"))
        .await
        .unwrap();
    assert!(meta.get("c", "text").await.unwrap().is_some());
}

#[tokio::test]
async fn a_damaged_file_is_corrupt() {
    let (_folder, path) = folder();
    let meta = open(&path).await.unwrap();
    let batch = (0..1_000).fold(Batch::new(), |batch, number| {
        batch.put("c", &format!("{number}"), &"x".repeat(100))
    });
    meta.commit(batch).await.unwrap();
    meta.close().await;
    let mut bytes = fs::read(&path).unwrap();
    bytes[3 * 4_096..].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let meta = open(&path).await.unwrap();
    let outcome = meta.count("c", "").await;
    assert!(matches!(outcome, Err(Error::Corrupt { .. })), "{outcome:?}");
    let outcome = meta.commit(Batch::new().remove_prefix("c", "")).await;
    assert!(matches!(outcome, Err(Error::Corrupt { .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_lock_held_elsewhere_ends_in_an_error() {
    let (_folder, path) = folder();
    let meta = open(&path).await.unwrap();
    meta.commit(Batch::new().put("c", "k", &1)).await.unwrap();
    let mut other = connect(&path).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let first = meta.commit(Batch::new().put("c", "k", &2));
    let second = meta.commit(Batch::new().put("c", "k2", &2));
    let (first, second) = tokio::join!(first, second);
    assert!(matches!(first, Err(Error::Unavailable { .. })), "{first:?}");
    assert!(
        matches!(second, Err(Error::Unavailable { .. })),
        "{second:?}"
    );
    assert_eq!(meta.get("c", "k").await.unwrap().unwrap().body, "1");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(meta.commit(Batch::new().put("c", "k", &3)).await, Ok(()));
}
