//! The images that the tests move about.

use crate::registry::Hasher;
use crate::registry::testing::Fake;
use crate::transfer::{Copied, Copy, Error, Input, Local, Options, Source, State, Target};
use acr_api::oci::{Algorithm, Descriptor, Digest, Platform, Reference, media_type};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub(super) const PLATFORMS: [&str; 2] = ["amd64", "arm64"];

/// What each layer unpacks to.
pub(super) fn layer(platform: usize, n: usize) -> Vec<u8> {
    let seed = (platform * 10 + n) as u32;
    (0..300_000_u32)
        .map(|at| (at.wrapping_mul(seed + 7) >> 9) as u8)
        .collect()
}

pub(super) fn digest(bytes: &[u8]) -> Digest {
    Hasher::digest(Algorithm::Sha256, bytes)
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Puts an image for two platforms, with a layer they share, into a repository, and one signature of
/// it. The digests: the list, then the images.
pub(super) fn add_image(fake: &Fake, repository: &str, tag: &str) -> Vec<Digest> {
    let mut entries = Vec::new();
    for (platform, architecture) in PLATFORMS.iter().enumerate() {
        let unpacked = [layer(9, 9), layer(platform, 1)];
        let layers: Vec<_> = unpacked.iter().map(|layer| {
            let blob = fake.add_blob(repository, &gzip(layer));
            json!({"mediaType": media_type::LAYER_GZIP, "digest": blob.digest, "size": blob.size})
        }).collect();
        let config = json!({
            "architecture": architecture, "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": unpacked.iter().map(|l| digest(l)).collect::<Vec<_>>()},
        });
        let config = fake.add_blob(repository, config.to_string().as_bytes());
        let manifest = json!({
            "schemaVersion": 2, "mediaType": media_type::IMAGE_MANIFEST,
            "config": {"mediaType": media_type::IMAGE_CONFIG, "digest": config.digest, "size": config.size},
            "layers": layers,
        }).to_string();
        let found = fake.add_manifest(
            repository,
            &format!("{tag}-{architecture}"),
            media_type::IMAGE_MANIFEST,
            &manifest,
        );
        let mut entry = Descriptor::new(media_type::IMAGE_MANIFEST, found, manifest.len() as u64);
        entry.platform = Some(Platform {
            os: "linux".into(),
            architecture: (*architecture).into(),
            ..Platform::default()
        });
        entries.push(entry);
    }
    let index =
        json!({"schemaVersion": 2, "mediaType": media_type::IMAGE_INDEX, "manifests": entries})
            .to_string();
    let root = fake.add_manifest(repository, tag, media_type::IMAGE_INDEX, &index);
    let mut digests = vec![root];
    digests.extend(entries.iter().map(|entry| entry.digest));
    digests
}

/// Signs a manifest, and gives the digest of the signature.
pub(super) fn sign(fake: &Fake, repository: &str, subject: Digest) -> Digest {
    let empty = fake.add_blob(repository, b"{}");
    let signature = json!({
        "schemaVersion": 2, "mediaType": media_type::IMAGE_MANIFEST, "artifactType": "text/signature",
        "config": {"mediaType": media_type::EMPTY, "digest": empty.digest, "size": 2}, "layers": [],
        "subject": {"mediaType": media_type::IMAGE_INDEX, "digest": subject, "size": 3},
    }).to_string();
    fake.add_manifest(
        repository,
        "signature",
        media_type::IMAGE_MANIFEST,
        &signature,
    )
}

pub(super) fn repository(fake: &Fake, name: &str) -> Source {
    Source::Registry(fake.client(), name.parse().unwrap())
}

pub(super) fn to_repository(fake: &Fake, name: &str) -> Target {
    Target::Registry(fake.client(), name.parse().unwrap())
}

pub(super) fn reference(text: &str) -> Option<Reference> {
    Some(text.parse().unwrap())
}

pub(super) async fn copy(source: Source, target: Target) -> Result<Copied, Error> {
    copy_with(source, target, &Options::default()).await
}

pub(super) async fn copy_with(
    source: Source,
    target: Target,
    options: &Options,
) -> Result<Copied, Error> {
    let copy = Copy {
        source,
        from: reference("v1"),
        target,
        to: reference("v1"),
    };
    copy.run(options).await
}

pub(super) async fn open(path: &Path, wanted: Option<&str>) -> Result<Source, Error> {
    let input = Input::Path(PathBuf::from(path));
    Ok(Source::Local(
        Local::open(input, wanted.map(str::to_owned)).await?,
    ))
}

/// Options that write down what happened to each blob in the end.
pub(super) fn watched() -> (Options, Arc<Mutex<Vec<State>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = seen.clone();
    let events = crate::transfer::Events::to(move |event| match event.state {
        State::Planned | State::Moving(_) => {}
        state => list.lock().unwrap().push(state),
    });
    (
        Options {
            events,
            ..Options::default()
        },
        seen,
    )
}

pub(super) fn count(seen: &Mutex<Vec<State>>, wanted: State) -> usize {
    seen.lock()
        .unwrap()
        .iter()
        .filter(|state| **state == wanted)
        .count()
}

pub(super) fn linux(architecture: &str) -> Options {
    Options {
        platform: Some(Platform {
            os: "linux".into(),
            architecture: architecture.into(),
            ..Platform::default()
        }),
        ..Options::default()
    }
}
