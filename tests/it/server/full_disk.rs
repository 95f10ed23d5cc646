//! A full disk: a clear refusal, nothing half-done, and work again when there is room.

use super::connection::Connection;
use crate::process::Server;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A file system of a few megabytes; it is unmounted when this is dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(folder: &'a Path) -> Option<Self> {
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(folder)
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(folder)),
            _ => None,
        }
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path()) else {
        eprintln!("NOT RUN: a_full_disk_is_told_and_leaves_nothing_half_done: mounting needs root");
        return;
    };
    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    assert!(
        connection
            .create("before")
            .await
            .unwrap()
            .status
            .is_success()
    );
    let filler = folder.path().join("filler");
    fill(&filler);

    let mut refusal = None;
    for number in 0..2_000 {
        let name = format!("full{number:04}");
        let answer = connection.create(&name).await.unwrap();
        if !answer.status.is_success() {
            refusal = Some((name, answer));
            break;
        }
    }
    let (name, answer) = refusal.expect("the disk has an end");
    assert_eq!(answer.status.as_u16(), 507);
    let body: Value = answer.json().await.unwrap();
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.contains("space"), "{message}");

    let names = connection.names().await;
    assert!(!names.contains(&name));
    assert!(names.contains(&"before".to_owned()));
    fs::remove_file(&filler).unwrap();
    assert!(connection.create(&name).await.unwrap().status.is_success());
    drop(server);
    drop(disk);
}

/// Fills the disk to its last block.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut filler = fs::File::create(path).unwrap();
    let mut block = vec![0; 64 * 1024];
    while !block.is_empty() {
        if filler.write_all(&block).is_err() {
            block.truncate(block.len() / 2);
        }
    }
}
