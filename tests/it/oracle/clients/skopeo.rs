//! Skopeo: an OCI layout there and back.

use super::content;
use super::image::{Image, TAG};
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use std::path::PathBuf;

struct Skopeo<'a> {
    stand: &'a Stand,
    layout: PathBuf,
}

impl Skopeo<'_> {
    fn call(&self, verb: &str, trust: &str) -> Call {
        self.stand
            .call("skopeo")
            .words(&[verb])
            .path("--authfile", &self.stand.folder().join("auth.json"))
            .path(trust, &self.stand.certificates())
    }

    fn remote(image: &Image) -> String {
        format!("docker://{}", image.name())
    }
}

impl Peer for Skopeo<'_> {
    const KEEPS_BYTES: bool = true;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        self.call("login", "--cert-dir")
            .words(&["--username", user, "--password-stdin", &image.host])
            .input(password)
            .run()
    }

    fn push(&self, image: &Image) -> String {
        let source = format!("oci:{}:{TAG}", self.layout.display());
        let told = self.stand.folder().join("pushed");
        self.call("copy", "--dest-cert-dir")
            .path("--digestfile", &told)
            .words(&["--preserve-digests", &source, &Self::remote(image)])
            .must();
        std::fs::read_to_string(told).expect("skopeo wrote it")
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        let source = format!("docker://{}", image.source());
        let listed = self.call("list-tags", "--cert-dir").words(&[source]).must();
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        serde_json::from_value(listed["Tags"].clone()).expect("a list")
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        let folder = tempfile::tempdir_in(self.stand.folder()).expect("a folder");
        let target = format!("oci:{}:{TAG}", folder.path().display());
        let outcome = self
            .call("copy", "--src-cert-dir")
            .words(&["--preserve-digests", &Self::remote(image), &target])
            .run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        Ok(content::pulled(folder.path()))
    }

    fn delete(&self, image: &Image) -> bool {
        self.call("delete", "--cert-dir")
            .words(&[Self::remote(image)])
            .must();
        true
    }
}

#[test]
fn skopeo_pushes_lists_pulls_and_deletes() {
    let Some(stand) = Stand::of(&["skopeo"]) else {
        return;
    };
    let layout = stand.folder().join("layout");
    content::layout(&layout);
    play(
        &stand,
        &Skopeo {
            stand: &stand,
            layout,
        },
    );
}
