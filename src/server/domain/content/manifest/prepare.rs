//! What a push of a manifest rests on and what it writes.

use acr_api::{
    acr::{ChangeableAttributes, ManifestChild},
    oci::{Algorithm, Descriptor, Digest, Manifest, Role},
};
use acr_store::Batch;
use aws_lc_rs::digest;

use super::super::{
    Repository, blob,
    collection::{MANIFEST_CONTENT, MANIFEST_REFERENCE, MARK, key, key3},
    refusal,
};
use super::record::{Content, Found, Record, look_up};
use super::{
    place::{place, renew},
    quarantine,
};
use crate::{app::App, domain::Error};

/// A manifest that was read and found to be what its digest says.
pub(super) struct Prepared<'a> {
    pub(super) manifest: Manifest,
    pub(super) text: &'a str,
    pub(super) digest: Digest,
}

/// The blobs and manifests that a manifest keeps alive.
pub(super) struct Needs(Vec<Digest>);

/// The processor and the system an image is for.
pub(super) struct Platform {
    pub(super) architecture: Option<String>,
    pub(super) os: Option<String>,
}

impl Prepared<'_> {
    pub(super) fn digest_of(algorithm: Algorithm, bytes: &[u8]) -> Result<Digest, Error> {
        let hash = match algorithm {
            Algorithm::Sha256 => &digest::SHA256,
            Algorithm::Sha512 => &digest::SHA512,
        };
        Digest::from_bytes(algorithm, digest::digest(hash, bytes).as_ref())
            .ok_or_else(|| Error::internal("a hash has another length than its algorithm says"))
    }
}

/// Finds what the manifest refers to and requires it. Blobs of an image must be there, unless the server was told to
/// take sparse images; the manifests of a list may be missing (a sparse index), and a subject is never asked for.
pub(super) async fn needs(
    app: &App,
    repository: &Repository,
    manifest: &Manifest,
    mut batch: Batch,
) -> Result<(Needs, Batch), Error> {
    let mut needed: Vec<Digest> = Vec::new();
    for reference in manifest.references() {
        let digest = reference.descriptor.digest;
        if reference.role == Role::Subject || needed.contains(&digest) {
            continue;
        }
        needed.push(digest);
        batch = match reference.role {
            Role::Child => require_child(app, repository, &digest, batch).await?,
            role => require_blob(app, repository, reference.descriptor, role, batch).await?,
        };
    }
    Ok((Needs(needed), batch))
}

async fn require_blob(
    app: &App,
    repository: &Repository,
    descriptor: &Descriptor,
    role: Role,
    batch: Batch,
) -> Result<Batch, Error> {
    let digest = &descriptor.digest;
    match blob::look_up(app, repository, digest).await? {
        Some(linked) if linked.size() != descriptor.size => Err(refusal::size_differs(
            digest,
            descriptor.size,
            linked.size(),
        )),
        Some(linked) => Ok(linked.require(repository.id(), batch)),
        None if role == Role::Entry => require_child(app, repository, digest, batch).await,
        None if role.is_optional() || app.settings().takes_sparse_images => Ok(batch),
        None => Err(refusal::manifest_blob_unknown(digest)),
    }
}

async fn require_child(
    app: &App,
    repository: &Repository,
    digest: &Digest,
    batch: Batch,
) -> Result<Batch, Error> {
    Ok(match look_up(app, repository, digest).await? {
        Some(found) => found.require(&key(repository.id(), digest), batch),
        None => batch,
    })
}

/// Adds to a batch what stores the manifest, or renews one that is there.
pub(super) fn store(
    repository: &Repository,
    prepared: &Prepared<'_>,
    known: Option<Found>,
    (needs, platform): (Needs, Option<Platform>),
    now: &str,
    batch: Batch,
) -> Result<Batch, Error> {
    let (id, digest) = (repository.id(), &prepared.digest);
    if let Some(found) = known {
        return renew(repository, found, now, batch);
    }
    let content = Content {
        text: prepared.text.to_owned(),
    };
    let state = quarantine::initial(repository, &prepared.manifest);
    let record = record(prepared, platform, state, now);
    let batch = place(repository, &record, &prepared.manifest, batch);
    let batch = batch.put(MANIFEST_CONTENT, &key(id, digest), &content);
    Ok(needs.0.iter().fold(batch, |batch, target| {
        batch.put(MANIFEST_REFERENCE, &key3(id, target, digest), &MARK)
    }))
}

fn record(
    prepared: &Prepared<'_>,
    platform: Option<Platform>,
    quarantine_state: Option<String>,
    now: &str,
) -> Record {
    let manifest = &prepared.manifest;
    let size = prepared.text.len() as u64;
    let image = manifest.as_image();
    let parts = image.map_or(0, |image| {
        let layers = image.layers.iter().map(|layer| layer.size);
        layers.fold(image.config.size, u64::saturating_add)
    });
    let (architecture, os) = match platform {
        Some(platform) => (platform.architecture, platform.os),
        None => (None, None),
    };
    Record {
        digest: prepared.digest,
        media_type: manifest.media_type().to_owned(),
        size,
        image_size: size.saturating_add(parts),
        created_time: now.to_owned(),
        last_update_time: now.to_owned(),
        last_pull_time: None,
        config_media_type: image.map(|image| image.config.media_type.clone()),
        architecture,
        os,
        subject: manifest.subject().map(|subject| subject.digest),
        references: children(manifest),
        attributes: ChangeableAttributes {
            quarantine_state,
            ..ChangeableAttributes::unlocked()
        },
        is_leaving: false,
    }
}

fn children(manifest: &Manifest) -> Vec<ManifestChild> {
    let listed = manifest
        .as_index()
        .map_or(&[][..], |index| &index.manifests);
    let child = |descriptor: &Descriptor| {
        let platform = descriptor.platform.as_ref();
        ManifestChild {
            digest: descriptor.digest,
            architecture: platform.map(|platform| platform.architecture.clone()),
            os: platform.map(|platform| platform.os.clone()),
        }
    };
    listed.iter().map(child).collect()
}
