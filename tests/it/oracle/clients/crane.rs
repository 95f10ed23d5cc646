//! Crane, of go-containerregistry.

use super::content;
use super::image::Image;
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use std::path::PathBuf;

struct Crane<'a> {
    stand: &'a Stand,
    layout: PathBuf,
}

impl Crane<'_> {
    fn call(&self, words: &[&str]) -> Call {
        self.stand
            .call("crane")
            .words(words)
            .variable("DOCKER_CONFIG", self.stand.folder().join("docker"))
            .variable("SSL_CERT_FILE", self.stand.server.ca_file())
    }
}

impl Peer for Crane<'_> {
    const KEEPS_BYTES: bool = true;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        let words = ["auth", "login", &image.host, "-u", user, "--password-stdin"];
        let outcome = self.call(&words).input(password).run();
        // It keeps whatever it is told; a request shows whether that was right.
        match image.is_by_path {
            true => outcome,
            false => self.call(&["catalog", &image.host]).run(),
        }
    }

    fn push(&self, image: &Image) -> String {
        let layout = self.layout.display().to_string();
        let told = self.call(&["push", &layout, &image.name()]).must();
        let (_, digest) = told.trim().rsplit_once('@').expect("a digest");
        digest.to_owned()
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        let listed = self.call(&["ls", &image.source()]).must();
        listed.lines().map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        let folder = tempfile::tempdir_in(self.stand.folder()).expect("a folder");
        let layout = folder.path().display().to_string();
        let outcome = self
            .call(&["pull", "--format", "oci", &image.name(), &layout])
            .run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        Ok(content::pulled(folder.path()))
    }

    fn delete(&self, image: &Image) -> bool {
        let digest = self.call(&["digest", &image.name()]).must();
        self.call(&["delete", &image.name()]).must();
        let manifest = format!("{}@{}", image.source(), digest.trim());
        // By its tag it was deleted already, where that takes the manifest along.
        let outcome = self.call(&["delete", &manifest]).run();
        assert!(
            outcome.code == 0 || outcome.stderr.contains("MANIFEST_UNKNOWN"),
            "{}",
            outcome.stderr
        );
        true
    }
}

#[test]
fn crane_pushes_lists_pulls_and_deletes() {
    let Some(stand) = Stand::of(&["crane"]) else {
        return;
    };
    let layout = stand.folder().join("layout");
    content::layout(&layout);
    play(
        &stand,
        &Crane {
            stand: &stand,
            layout,
        },
    );
}
