//! Regctl, of regclient.

use super::content;
use super::image::{Image, TAG};
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use std::path::{Path, PathBuf};

struct Regctl<'a> {
    stand: &'a Stand,
    layout: PathBuf,
}

impl Regctl<'_> {
    fn call(&self, words: &[&str]) -> Call {
        self.stand
            .call("regctl")
            .words(words)
            .variable("REGCTL_CONFIG", self.stand.folder().join("regctl.json"))
    }

    fn local(layout: &Path) -> String {
        format!("ocidir://{}:{TAG}", layout.display())
    }
}

impl Peer for Regctl<'_> {
    const KEEPS_BYTES: bool = true;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        let set = self.call(&["registry", "set", "--skip-check", &image.host]);
        match image.is_by_path {
            true => set.words(&["--tls", "disabled"]).must(),
            false => {
                let authority = std::fs::read_to_string(self.stand.server.ca_file());
                set.words(&["--cacert", &authority.expect("a certificate")])
                    .must()
            }
        };
        self.call(&["registry", "login", &image.host, "-u", user, "--pass-stdin"])
            .input(password)
            .run()
    }

    fn push(&self, image: &Image) -> String {
        self.call(&["image", "copy", &Self::local(&self.layout), &image.name()])
            .must();
        let told = self.call(&["image", "digest", &image.name()]).must();
        told.trim().to_owned()
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        let listed = self.call(&["tag", "ls", &image.source()]).must();
        listed.lines().map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        let folder = tempfile::tempdir_in(self.stand.folder()).expect("a folder");
        let outcome = self
            .call(&["image", "copy", &image.name(), &Self::local(folder.path())])
            .run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        Ok(content::pulled(folder.path()))
    }

    fn delete(&self, image: &Image) -> bool {
        let digest = self.call(&["image", "digest", &image.name()]).must();
        self.call(&["tag", "delete", &image.name()]).must();
        let manifest = format!("{}@{}", image.source(), digest.trim());
        self.call(&["manifest", "delete", &manifest]).must();
        true
    }
}

#[test]
fn regctl_pushes_lists_pulls_and_deletes() {
    let Some(stand) = Stand::of(&["regctl"]) else {
        return;
    };
    let layout = stand.folder().join("layout");
    content::layout(&layout);
    play(
        &stand,
        &Regctl {
            stand: &stand,
            layout,
        },
    );
}
