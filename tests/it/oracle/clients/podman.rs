//! Podman: an image built from nothing, there and back.

use super::content;
use super::image::Image;
use super::stand::{Call, Stand};
use super::storage;
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use std::path::Path;

struct Podman<'a> {
    stand: &'a Stand,
}

impl Podman<'_> {
    fn call(&self, words: &[&str]) -> Call {
        storage::call(self.stand, "podman")
            .path("--tmpdir", &self.stand.folder().join("podman"))
            .words(&["--cgroup-manager", "cgroupfs"])
            .words(words)
    }

    fn remote(&self, verb: &str) -> Call {
        self.call(&[verb])
            .path("--authfile", &self.stand.folder().join("auth.json"))
    }

    fn trusting(&self, verb: &str) -> Call {
        self.remote(verb)
            .path("--cert-dir", &self.stand.certificates())
    }
}

impl Peer for Podman<'_> {
    const KEEPS_BYTES: bool = false;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        self.trusting("login")
            .words(&["--username", user, "--password-stdin", &image.host])
            .input(password)
            .run()
    }

    fn push(&self, image: &Image) -> String {
        let context = self.stand.folder().join("context").display().to_string();
        let name = image.name();
        self.call(&["build", "--isolation", "chroot", "--tag", &name, &context])
            .must();
        let told = self.stand.folder().join("pushed");
        self.trusting("push")
            .path("--digestfile", &told)
            .words(&[name])
            .must();
        std::fs::read_to_string(told).expect("podman wrote it")
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        // This one verb takes no certificates.
        let listed = self
            .remote("search")
            .words(&["--tls-verify=false", "--list-tags", &image.source()])
            .must();
        let lines = listed.lines().skip(1);
        let tags = lines.filter_map(|line| line.split_whitespace().last());
        tags.map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        self.call(&["rmi", "--all", "--force"]).must();
        let outcome = self.trusting("pull").words(&[image.name()]).run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        let mounted = self.call(&["image", "mount", &image.name()]).must();
        content::check_files(Path::new(mounted.trim()), self.stand.program("busybox"));
        self.call(&["image", "unmount", &image.name()]).must();
        let format = "{{.Digest}} sha256:{{.Id}}";
        let words = ["image", "inspect", "--format", format, &image.name()];
        let shown = self.call(&words).must();
        let (digest, id) = shown.trim().split_once(' ').expect("two words");
        Ok(Pulled {
            digest: digest.to_owned(),
            contents: [id.to_owned()].into(),
        })
    }

    fn delete(&self, _image: &Image) -> bool {
        false
    }
}

#[test]
fn podman_pushes_lists_and_pulls() {
    let Some(stand) = Stand::of(&["podman", "busybox"]) else {
        return;
    };
    content::context(&stand.folder().join("context"), stand.program("busybox"));
    play(&stand, &Podman { stand: &stand });
}
