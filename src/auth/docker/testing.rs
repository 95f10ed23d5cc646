//! Programs for tests: small scripts in a folder of their own.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A folder with scripts named as Docker looks for them.
pub(super) struct Programs(tempfile::TempDir);

impl Programs {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// The folder, as the search path.
    pub(super) fn search_path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(format!("docker-credential-{name}"))
    }

    /// Makes a program of a script. A shell writes the file: were it open for writing here while
    /// another test starts a program, that one would inherit it, and the kernel runs no such file.
    pub(super) fn add(&self, name: &str, script: &str) {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", "cat > \"$0\" && chmod 700 \"$0\""])
            .arg(self.path(name))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = shell.stdin.take().unwrap();
        write!(stdin, "#!/bin/sh\n{script}\n").unwrap();
        drop(stdin);
        assert!(shell.wait().unwrap().success());
    }
}
