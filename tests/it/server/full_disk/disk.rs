//! A small file system that can be filled, for root.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A file system of a few megabytes; it is unmounted when this is dropped.
pub(super) struct SmallDisk(TempDir);

impl SmallDisk {
    /// Mounts one, or says loudly why the test does not run.
    pub(super) fn mount(test: &str, megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder.path())
            .output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        // Unlike `eprintln!`, this is seen of a test that passes; nothing can be done about a stderr that is gone.
        let _ = writeln!(std::io::stderr(), "NOT RUN: {test}: mounting needs root");
        None
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to its last block.
    pub(super) fn fill(&self) {
        let mut filler = self.filler();
        let mut block = vec![0; 64 * 1024];
        while !block.is_empty() {
            if filler.write_all(&block).is_err() {
                block.truncate(block.len() / 2);
            }
        }
    }

    /// Gives back some of what was filled.
    pub(super) fn leave(&self, bytes: u64) {
        let filler = self.filler();
        let length = filler.metadata().expect("a file").len();
        filler.set_len(length - bytes).expect("so much was filled");
    }

    /// Gives back all that was filled.
    pub(super) fn clear(&self) {
        self.filler().set_len(0).expect("a file");
    }

    fn filler(&self) -> File {
        let mut options = File::options();
        let opened = options
            .create(true)
            .append(true)
            .open(self.path().join("filler"));
        opened.expect("a file")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
    }
}
