//! A database that is not the one the blobs belong to must never get as far as collecting garbage.

use crate::process::{Outcome, Server, acr};
use crate::registry::{Registry, sha256};
use acr_http::Method;
use bytes::Bytes;
use std::path::{Path, PathBuf};

/// Tries to serve, and ends at once.
fn refused(folder: &Path, options: &[&str]) -> Outcome {
    let output = acr(folder)
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.join("data"))
        .args(options)
        .env("ACR_CONFIG_DIR", folder.join("server-settings"))
        .output()
        .unwrap();
    Outcome::of(output)
}

fn files(blobs: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(blobs)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let inner = folders.filter(|path| path.is_dir());
    let files = inner.flat_map(|folder| std::fs::read_dir(folder).unwrap());
    files.map(|entry| entry.unwrap().path()).collect()
}

async fn with_an_image(folder: &Path) -> PathBuf {
    let server = Server::start(folder);
    let registry = Registry::create(&server, folder, "pictures");
    let layer = b"a layer that somebody needs";
    let path = format!("/v2/app/blobs/uploads/?digest={}", sha256(layer));
    let push = registry.request(Method::POST, &path);
    let pushed = push.body(Bytes::from_static(layer)).send().await.unwrap();
    assert_eq!(pushed.status.as_u16(), 201);
    server.kill();
    folder.join("data/blobs")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_beside_old_blobs_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = with_an_image(folder.path()).await;
    let before = files(&blobs);
    assert!(!before.is_empty());
    for name in ["acr.db", "acr.db-wal", "acr.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join("data").join(name));
    }
    for _ in 0..2 {
        let outcome = refused(folder.path(), &[]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("another database"),
            "{}",
            outcome.stderr
        );
        assert_eq!(files(&blobs), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_do_not_share_blobs() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let blobs = with_an_image(one.path()).await;
    let outcome = refused(other.path(), &["--blobs", blobs.to_str().unwrap()]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("another database"),
        "{}",
        outcome.stderr
    );
    // Its own may go on with them.
    Server::start(one.path()).kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_that_are_not_mounted_are_missed() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = with_an_image(folder.path()).await;
    let elsewhere = folder.path().join("unmounted");
    std::fs::rename(&blobs, &elsewhere).unwrap();
    let outcome = refused(folder.path(), &[]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("blobs/owner is missing"),
        "{}",
        outcome.stderr
    );
    std::fs::remove_dir_all(&blobs).unwrap();
    std::fs::rename(&elsewhere, &blobs).unwrap();
    Server::start(folder.path()).kill();
}
