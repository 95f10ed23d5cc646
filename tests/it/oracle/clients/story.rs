//! What every client does with the registry, and what has to come of it.

use super::image::{Image, TAG};
use super::stand::Stand;
use crate::process::Outcome;
use crate::registry::sha256;
use serde_json::Value;
use std::collections::BTreeSet;

/// A password of nobody.
pub(super) const WRONG: &str = "wrong";

/// What a client has after a pull.
pub(super) struct Pulled {
    /// The digest of the manifest, as the client says.
    pub(super) digest: String,
    /// The digests of the contents it holds, worked out from their bytes.
    pub(super) contents: BTreeSet<String>,
}

/// A client.
pub(super) trait Peer {
    /// Whether what it pulls stays as it came: an engine keeps a layer's files and not its bytes.
    const KEEPS_BYTES: bool;

    /// Logs in at the image's host.
    fn log_in(&self, image: &Image, user: &str, password: &str) -> Outcome;

    /// Pushes something of its own kind, and gives the digest that it says it has.
    fn push(&self, image: &Image) -> String;

    /// Lists the tags of the repository.
    fn tags(&self, image: &Image) -> Vec<String>;

    /// Pulls the image, having forgotten it before.
    fn pull(&self, image: &Image) -> Result<Pulled, Outcome>;

    /// Deletes the image; false if it knows no way.
    fn delete(&self, image: &Image) -> bool;
}

/// Goes through it all, by host name and by path.
pub(super) fn play<P: Peer>(stand: &Stand, peer: &P) {
    for image in stand.images() {
        refuses_a_wrong_password(stand, peer, &image);
        let (user, password) = stand.account(&image);
        let outcome = peer.log_in(&image, user, password);
        assert_eq!(outcome.code, 0, "{}: {}", image.host, outcome.stderr);

        let pushed = peer.push(&image);
        let manifest = stand.manifest(&image, TAG).expect("it was pushed");
        assert_eq!(sha256(&manifest), pushed, "{}", image.name());
        assert_eq!(peer.tags(&image), [TAG]);

        let pulled = match peer.pull(&image) {
            Ok(pulled) => pulled,
            Err(outcome) => panic!("{}: {}", image.name(), outcome.stderr),
        };
        assert_eq!(pulled.digest, pushed, "{}", image.name());
        let named = contents_of(&manifest);
        match P::KEEPS_BYTES {
            true => assert_eq!(pulled.contents, named, "{}", image.name()),
            false => assert!(pulled.contents.is_subset(&named), "{}", image.name()),
        }
        assert!(!pulled.contents.is_empty());

        if !peer.delete(&image) {
            stand.delete(&image, &pushed);
        }
        assert_eq!(stand.manifest(&image, TAG), None);
        let Err(outcome) = peer.pull(&image) else {
            panic!("{} was deleted and pulled", image.name());
        };
        let words = format!("{}{}", outcome.stdout, outcome.stderr).to_lowercase();
        assert!(
            ["unknown", "not found", "notfound"]
                .iter()
                .any(|word| words.contains(word)),
            "{words}"
        );
    }
}

/// By path the first request names no registry, so that only the next one can tell whether a password is right.
fn refuses_a_wrong_password<P: Peer>(stand: &Stand, peer: &P, image: &Image) {
    let (user, _) = stand.account(image);
    if !image.is_by_path {
        let outcome = peer.log_in(image, user, WRONG);
        assert_ne!(outcome.code, 0, "{}", image.host);
    }
}

/// The config and the layers of a manifest.
fn contents_of(manifest: &[u8]) -> BTreeSet<String> {
    let manifest: Value = serde_json::from_slice(manifest).expect("a manifest");
    let layers = manifest["layers"].as_array().expect("an image has layers");
    let parts = layers.iter().chain([&manifest["config"]]);
    parts
        .map(|part| part["digest"].as_str().expect("a digest").to_owned())
        .collect()
}
