//! A manifest: what is written is read back, and nothing is an image to one reader and a list to another.
//!
//! The first line of the input is the `Content-Type`, which may be empty; the rest is the document.

use acr_api::oci::{MAX_DESCRIPTORS, Manifest, Role, media_type};

use super::{first_line, is_fit_for_a_log};

const FORMS: [&str; 4] = [
    media_type::IMAGE_MANIFEST,
    media_type::IMAGE_INDEX,
    media_type::DOCKER_MANIFEST,
    media_type::DOCKER_MANIFEST_LIST,
];

pub fn check(input: &[u8]) {
    let Some((header, document)) = first_line(input) else {
        return;
    };
    let header = Some(header).filter(|header| !header.is_empty());
    match Manifest::parse(document, header) {
        Ok(manifest) => {
            is_written_and_read(&manifest);
            keeps_its_limits(&manifest);
        }
        Err(refusal) => is_fit_for_a_log(&refusal),
    }
    has_one_meaning(document);
}

fn is_written_and_read(manifest: &Manifest) {
    let written = match (manifest.as_image(), manifest.as_index()) {
        (Some(image), None) => serde_json::to_vec(image),
        (None, Some(index)) => serde_json::to_vec(index),
        both => panic!("it is one of two things: {both:?}"),
    };
    let read = Manifest::parse(&written.unwrap(), Some(manifest.media_type()));
    assert_eq!(read.as_ref(), Ok(manifest));
}

fn keeps_its_limits(manifest: &Manifest) {
    let references: Vec<_> = manifest.references().collect();
    assert!(references.len() <= MAX_DESCRIPTORS);
    let subjects = references
        .iter()
        .filter(|found| found.role == Role::Subject);
    assert_eq!(subjects.count(), usize::from(manifest.subject().is_some()));
    for reference in references {
        assert!(i64::try_from(reference.descriptor.size).is_ok());
        assert!(media_type::is_well_formed(&reference.descriptor.media_type));
    }
}

/// Clients send the header they like: the bytes alone have to tell an image from a list.
fn has_one_meaning(document: &[u8]) {
    let read = FORMS.map(|form| Manifest::parse(document, Some(form)).ok());
    let is_image = read.iter().flatten().any(|read| read.as_image().is_some());
    let is_index = read.iter().flatten().any(|read| read.as_index().is_some());
    assert!(!(is_image && is_index));
}
