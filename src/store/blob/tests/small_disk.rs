//! A small file system of its own, for root.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

pub(super) struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Answers nothing, and says so, where no file system may be mounted.
    pub(super) fn mount_or_skip(test: &str, size: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        match mount(folder.path(), &format!("size={size}")) {
            Ok(()) => Some(Self { folder }),
            Err(error) => {
                // Unlike `eprintln!`, this is seen of a test that passes.
                let _ = writeln!(
                    io::stderr(),
                    "NOT RUN: {test} needs to mount a tmpfs: {error}"
                );
                None
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn remount(&self, option: &str) {
        mount(self.folder.path(), &format!("remount,{option}")).unwrap();
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
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
