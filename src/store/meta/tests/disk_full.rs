//! A full disk: writes are refused whole, reads go on, and writes work again once there is space.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::{Batch, Error, Meta, Target};

/// A small file system of its own.
struct Disk {
    folder: TempDir,
}

impl Disk {
    fn mount(size: &str) -> Result<Self, String> {
        let folder = TempDir::new().map_err(|error| error.to_string())?;
        mount(folder.path(), &format!("size={size}"))?;
        Ok(Self { folder })
    }

    fn resize(&self, size: &str) {
        mount(self.folder.path(), &format!("remount,size={size}")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.folder.path())
            .status();
    }
}

fn mount(folder: &Path, options: &str) -> Result<(), String> {
    let mut command = Command::new("mount");
    command
        .args(["-t", "tmpfs", "-o", options, "tmpfs"])
        .arg(folder);
    let output = command
        .output()
        .map_err(|error| format!("mount: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_writes_only() {
    let disk = match Disk::mount("2m") {
        Ok(disk) => disk,
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "NOT RUN: the disk-full test needs to mount a tmpfs: {error}"
            );
            return;
        }
    };
    let meta = Meta::open(&Target::Sqlite(disk.folder.path().join("meta.db")))
        .await
        .unwrap();
    let body = "x".repeat(20_000);
    let mut written = 0;
    let refused = loop {
        let key = format!("{written:04}");
        let batch = Batch::new()
            .insert("c", &key, &body)
            .insert("d", &key, &written);
        match meta.commit(batch).await {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused, Error::Full);
    assert!(written > 10, "{written}");
    assert_eq!(
        meta.commit(Batch::new().insert("c", "more", &body)).await,
        Err(Error::Full)
    );
    for collection in ["c", "d"] {
        assert_eq!(meta.count(collection, "").await, Ok(written));
        assert!(meta.get(collection, "0000").await.unwrap().is_some());
    }
    disk.resize("8m");
    assert_eq!(
        meta.commit(Batch::new().insert("c", "more", &body)).await,
        Ok(())
    );
    meta.close().await;
    let meta = Meta::open(&Target::Sqlite(disk.folder.path().join("meta.db")))
        .await
        .unwrap();
    assert_eq!(meta.count("c", "").await, Ok(written + 1));
    meta.close().await;
}
