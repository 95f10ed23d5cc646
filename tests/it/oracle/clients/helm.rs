//! Helm: a chart there and back, found by a range of versions.

use super::content;
use super::image::{Image, TAG};
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use crate::registry::sha256;
use std::path::PathBuf;

struct Helm<'a> {
    stand: &'a Stand,
    package: PathBuf,
}

impl Helm<'_> {
    fn call(&self, image: &Image, words: &[&str]) -> Call {
        let home = self.stand.folder().join("helm");
        let call = self
            .stand
            .call("helm")
            .words(words)
            .variable("HELM_CACHE_HOME", &home)
            .variable("HELM_CONFIG_HOME", &home)
            .variable("HELM_DATA_HOME", &home);
        match image.is_by_path {
            true => call.words(&["--plain-http"]),
            false => call.path("--ca-file", &self.stand.server.ca_file()),
        }
    }

    fn chart(image: &Image) -> String {
        format!("oci://{}", image.source())
    }
}

impl Peer for Helm<'_> {
    /// Of a chart's config it keeps what it reads in it.
    const KEEPS_BYTES: bool = false;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        let words = [
            "registry",
            "login",
            &image.host,
            "-u",
            user,
            "--password-stdin",
        ];
        self.call(image, &words).input(password).run()
    }

    fn push(&self, image: &Image) -> String {
        // The name of the chart becomes the end of the repository's.
        let chart = Self::chart(image);
        let (parent, _) = chart.rsplit_once('/').expect("more than a name");
        let package = self.package.display().to_string();
        let outcome = self.call(image, &["push", &package, parent]).run();
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        digest_told(&outcome)
    }

    /// It has no command for them; a range of versions makes it list the tags and take the last.
    fn tags(&self, image: &Image) -> Vec<String> {
        let words = ["show", "chart", &Self::chart(image), "--version", ">0.1.0"];
        let shown = self.call(image, &words).must();
        let versions = shown
            .lines()
            .filter_map(|line| line.strip_prefix("version: "));
        versions.map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        let folder = tempfile::tempdir_in(self.stand.folder()).expect("a folder");
        let words = ["pull", &Self::chart(image), "--version", TAG];
        let outcome = self
            .call(image, &words)
            .path("--destination", folder.path())
            .run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        let file = folder.path().join(format!("box-{TAG}.tgz"));
        let package = std::fs::read(file).expect("helm wrote it");
        Ok(Pulled {
            digest: digest_told(&outcome),
            contents: [sha256(&package)].into(),
        })
    }

    fn delete(&self, _image: &Image) -> bool {
        false
    }
}

/// The digest of the manifest, which it tells among other things.
fn digest_told(outcome: &Outcome) -> String {
    let told = format!("{}{}", outcome.stdout, outcome.stderr);
    let digest = told.lines().find_map(|line| line.strip_prefix("Digest: "));
    digest.expect("helm tells the digest").to_owned()
}

#[test]
fn helm_pushes_lists_and_pulls() {
    let Some(stand) = Stand::of(&["helm"]) else {
        return;
    };
    let sources = stand.folder().join("box");
    content::chart(&sources, "box");
    stand
        .call("helm")
        .words(&["package"])
        .path("--destination", stand.folder())
        .words(&[sources.display().to_string()])
        .must();
    let package = stand.folder().join(format!("box-{TAG}.tgz"));
    play(
        &stand,
        &Helm {
            stand: &stand,
            package,
        },
    );
}
