//! Our own command line as a fresh process, in one of the two worlds it may find itself in.

use std::path::{Path, PathBuf};

use crate::process::{Outcome, acr};

/// Our command line with the folders it looks into.
pub(super) struct Client {
    home: PathBuf,
    az_dir: PathBuf,
    ca_file: PathBuf,
}

impl Client {
    /// One that has a context of its own and has never heard of `az`.
    pub(super) fn with_context(home: &Path, admin: &serde_json::Value, ca_file: &Path) -> Self {
        let client = Self::with_profile(home, &home.join("no-az"), ca_file);
        let admin_file = home.join("admin.json");
        std::fs::write(&admin_file, admin.to_string()).expect("the folder is writable");
        let words = ["context", "add", "recorded", "--admin-file"].map(str::to_owned);
        let file = admin_file.display().to_string();
        let outcome = client.run(&[&words[..], &[file]].concat(), &[]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        client
    }

    /// One that has nothing but what `az login` left in its folder.
    pub(super) fn with_profile(home: &Path, az_dir: &Path, ca_file: &Path) -> Self {
        Self {
            home: home.to_owned(),
            az_dir: az_dir.to_owned(),
            ca_file: ca_file.to_owned(),
        }
    }

    /// Runs one command line, without the leading `acr`.
    pub(super) fn run(&self, words: &[String], variables: &[(&str, &str)]) -> Outcome {
        let output = acr(&self.home)
            .args(words)
            .env("ACR_CONFIG_DIR", self.home.join("settings"))
            .env("AZURE_CONFIG_DIR", &self.az_dir)
            .env("REQUESTS_CA_BUNDLE", &self.ca_file)
            .envs(variables.iter().copied())
            .output()
            .expect("the binary under test starts");
        Outcome::of(output)
    }
}
