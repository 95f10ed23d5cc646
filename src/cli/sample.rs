//! A small image, made on the spot for those who have none at hand.

use super::error::CliError;
use acr_api::oci::{Algorithm, Annotations, Descriptor, ImageIndex, ImageManifest, media_type};
use acr_client::registry::Hasher;
use serde::Serialize;
use serde_json::json;
use std::io;
use std::path::Path;

/// The one file of the image.
const FILE: &str = "hello.txt";
const TEXT: &[u8] = b"Hello from an image that was made on this machine.\n";

/// Makes a layout folder with an image of one layer, in which one file lies.
pub(crate) fn write(folder: &Path) -> Result<(), CliError> {
    let layer = layer()?;
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": { "type": "layers", "diff_ids": [digest_of(&layer)] },
    });
    let config = config.to_string().into_bytes();
    let manifest = ImageManifest {
        schema_version: 2,
        media_type: Some(media_type::IMAGE_MANIFEST.to_owned()),
        artifact_type: None,
        config: blob(folder, media_type::IMAGE_CONFIG, &config)?,
        layers: vec![blob(folder, media_type::LAYER, &layer)?],
        subject: None,
        annotations: Annotations::new(),
    };
    let manifest = blob(folder, media_type::IMAGE_MANIFEST, &bytes(&manifest)?)?;
    std::fs::write(
        folder.join("index.json"),
        bytes(&ImageIndex::of(vec![manifest]))?,
    )?;
    let mark = json!({ "imageLayoutVersion": "1.0.0" });
    Ok(std::fs::write(folder.join("oci-layout"), mark.to_string())?)
}

fn layer() -> io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut head = tar::Header::new_ustar();
    head.set_size(TEXT.len() as u64);
    head.set_mode(0o644);
    archive.append_data(&mut head, FILE, TEXT)?;
    archive.into_inner()
}

fn blob(folder: &Path, media_type: &str, bytes: &[u8]) -> io::Result<Descriptor> {
    let digest = digest_of(bytes);
    let folder = folder.join("blobs").join(digest.algorithm().as_str());
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(digest.encoded()), bytes)?;
    Ok(Descriptor::new(media_type, digest, bytes.len() as u64))
}

fn digest_of(bytes: &[u8]) -> acr_api::oci::Digest {
    Hasher::digest(Algorithm::Sha256, bytes)
}

fn bytes(value: &impl Serialize) -> Result<Vec<u8>, CliError> {
    serde_json::to_vec(value).map_err(|error| CliError::failed(error.to_string()))
}
