//! A program made of oras-go: images, and artifacts that refer to them.

use super::content;
use super::image::Image;
use super::stand::{Call, Stand};
use super::story::{Peer, Pulled, play};
use crate::process::Outcome;
use std::path::PathBuf;

struct Oras<'a> {
    stand: &'a Stand,
    layout: PathBuf,
}

impl<'a> Oras<'a> {
    fn on(stand: &'a Stand) -> Self {
        let layout = stand.folder().join("layout");
        content::layout(&layout);
        Self { stand, layout }
    }

    fn call(&self, image: &Image, words: &[&str]) -> Call {
        let is_plain = if image.is_by_path { "1" } else { "0" };
        self.stand
            .call("oras")
            .words(words)
            .variable("PLAIN_HTTP", is_plain)
            .variable("CREDENTIALS", self.stand.folder().join("oras.json"))
            .variable("SSL_CERT_FILE", self.stand.server.ca_file())
    }

    fn tell(&self, image: &Image, words: &[&str]) -> String {
        self.call(image, words).must().trim().to_owned()
    }
}

impl Peer for Oras<'_> {
    const KEEPS_BYTES: bool = true;

    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome {
        self.call(image, &["login", &image.host, user])
            .input(password)
            .run()
    }

    fn push(&self, image: &Image) -> String {
        let layout = self.layout.display().to_string();
        self.tell(image, &["push", &layout, &image.name()])
    }

    fn tags(&self, image: &Image) -> Vec<String> {
        let listed = self.tell(image, &["tags", &image.source()]);
        listed.lines().map(str::to_owned).collect()
    }

    fn pull(&self, image: &Image) -> Result<Pulled, Outcome> {
        let folder = tempfile::tempdir_in(self.stand.folder()).expect("a folder");
        let layout = folder.path().display().to_string();
        let outcome = self.call(image, &["pull", &image.name(), &layout]).run();
        if outcome.code != 0 {
            return Err(outcome);
        }
        Ok(content::pulled(folder.path()))
    }

    fn delete(&self, image: &Image) -> bool {
        self.tell(image, &["delete", &image.name()]);
        true
    }
}

#[test]
fn oras_pushes_lists_pulls_and_deletes() {
    let Some(stand) = Stand::of(&["oras"]) else {
        return;
    };
    play(&stand, &Oras::on(&stand));
}

#[test]
fn oras_attaches_an_artifact_and_finds_it() {
    let Some(stand) = Stand::of(&["oras"]) else {
        return;
    };
    let oras = Oras::on(&stand);
    for image in stand.images() {
        let (user, password) = stand.account(&image);
        assert_eq!(oras.log_in(&image, user, password).code, 0);
        oras.push(&image);
        let name = image.name();
        assert_eq!(oras.tell(&image, &["referrers", &name]), "");
        let attached = oras.tell(&image, &["attach", &name, "application/vnd.example.note"]);
        assert!(stand.manifest(&image, &attached).is_some());
        assert_eq!(oras.tell(&image, &["referrers", &name]), attached);
        // Where there is no referrers API, clients keep an index under a tag of their own.
        assert_eq!(oras.tags(&image), [super::image::TAG]);
    }
}
