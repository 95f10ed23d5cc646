//! Names: of images, repositories, tags, digests and resources. What is accepted is written as it was read, and is
//! safe in an address, in a key of the database and on a line of its own.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use acr_api::arm::{RegistryName, ResourceId};
use acr_api::oci::{Digest, ImageName, Reference, RepositoryName, Tag};
use serde::{Serialize, de::DeserializeOwned};

use super::is_fit_for_a_log;

pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    if let Some(name) = read::<RepositoryName>(text) {
        is_repository(name.as_str());
        assert_eq!(name.as_str(), text);
    }
    let tag = read::<Tag>(text);
    let digest = read::<Digest>(text);
    match text.parse::<Reference>() {
        Ok(reference) => {
            assert_eq!(
                (reference.tag(), reference.digest()),
                (tag.as_ref(), digest.as_ref())
            );
            assert_eq!(reference.to_string(), text);
        }
        Err(refusal) => {
            assert_eq!((tag, digest), (None, None));
            is_fit_for_a_log(&refusal);
        }
    }
    if let Some(digest) = digest {
        is_digest(&digest);
    }
    if let Some(image) = read::<ImageName>(text) {
        is_image(&image, text);
    }
    if let Some(id) = read::<ResourceId>(text) {
        assert_eq!(id.parent().child("kind", "name").parent(), id.parent());
    }
    if let Ok(name) = text.parse::<RegistryName>() {
        assert!(
            name.to_string()
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric())
        );
    }
}

/// What a text stands for, if it is written and read without loss, as text and in JSON.
fn read<T>(text: &str) -> Option<T>
where
    T: FromStr<Err: Display> + Display + Debug + PartialEq,
{
    match text.parse::<T>() {
        Ok(read) => {
            let written = read.to_string();
            assert_eq!(written.parse::<T>().ok().as_ref(), Some(&read), "{text:?}");
            Some(read)
        }
        Err(refusal) => {
            is_fit_for_a_log(&refusal);
            None
        }
    }
}

fn is_repository(name: &str) {
    assert!(name.len() <= RepositoryName::MAX_LENGTH);
    for part in name.split('/') {
        let ends = [part.bytes().next(), part.bytes().next_back()];
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        assert!(
            ends.into_iter().all(|end| end.is_some_and(is_word)),
            "{name}"
        );
        assert!(
            part.bytes()
                .all(|byte| is_word(byte) || b"._-".contains(&byte))
        );
        assert!(!part.contains("..") && !part.contains("___"), "{name}");
    }
}

fn is_digest(digest: &Digest) {
    let again = Digest::from_bytes(digest.algorithm(), digest.as_bytes());
    assert_eq!(again.as_ref(), Some(digest));
    assert_eq!(
        digest.to_string(),
        format!("{}:{}", digest.algorithm(), digest.encoded())
    );
    let fallback = Tag::of_referrers(digest);
    assert_eq!(fallback.as_str().parse(), Ok(fallback.clone()));
    in_json(digest);
}

fn is_image(image: &ImageName, text: &str) {
    is_repository(image.repository.as_str());
    // An empty variable behind a colon must not turn one image into all of them.
    assert!(!text.ends_with([':', '@']), "{text}");
    assert_eq!(
        image.reference().is_none(),
        image.tag.is_none() && image.digest.is_none()
    );
    if let Some(host) = &image.host {
        assert_eq!(*host, host.to_ascii_lowercase());
        assert!(!host.contains(['/', '@', '?', '#', '%', ' ']), "{host}");
    }
    in_json(image);
}

fn in_json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let written = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), value);
}
