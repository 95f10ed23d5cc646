//! Buildah: an image built from nothing, there and back, and a container of what came back.

use super::content;
use super::image::Image;
use super::stand::{Call, Stand};
use super::storage;
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;

struct Buildah<'a> {
    stand: &'a Stand,
}

impl Buildah<'_> {
    fn call(&self, words: &[&str]) -> Call {
        storage::call(self.stand, "buildah").words(words)
    }

    fn trusting(&self, verb: &str) -> Call {
        self.call(&[verb])
            .path("--authfile", &self.stand.folder().join("auth.json"))
            .path("--cert-dir", &self.stand.certificates())
    }

    fn forget(&self) {
        self.call(&["rm", "--all"]).must();
        // It fails where there is nothing to remove.
        self.call(&["rmi", "--all", "--force"]).run();
    }
}

impl Peer for Buildah<'_> {
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
        std::fs::read_to_string(told).expect("buildah wrote it")
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        self.forget();
        self.trusting("pull")
            .words(&["--all-tags", &image.source()])
            .must();
        let words = ["images", "--noheading", "--format", "{{.Tag}}"];
        let listed = self.call(&words).must();
        listed.lines().map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        self.forget();
        let outcome = self.trusting("pull").words(&[image.name()]).run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        let container = self.call(&["from", "--pull-never", &image.name()]).must();
        let words = ["run", "--isolation", "chroot", container.trim(), "--"];
        let program = ["/bin/busybox", "echo", content::GREETING];
        let said = self.call(&words).words(&program).must();
        assert_eq!(said.trim(), content::GREETING);
        let format = "{{.FromImageDigest}} sha256:{{.FromImageID}}";
        let words = [
            "inspect",
            "--type",
            "image",
            "--format",
            format,
            &image.name(),
        ];
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
fn buildah_pushes_lists_and_pulls() {
    let Some(stand) = Stand::of(&["buildah", "busybox"]) else {
        return;
    };
    content::context(&stand.folder().join("context"), stand.program("busybox"));
    play(&stand, &Buildah { stand: &stand });
}
