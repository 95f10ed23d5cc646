//! Looks up what an image runs on, which only its configuration says.

use acr_api::oci::{Manifest, media_type::Kind};
use acr_store::blob::Error as BlobError;
use serde::Deserialize;

use super::super::{Repository, blob, refusal};
use super::prepare::Platform;
use crate::{app::App, domain::Error};

/// A larger configuration is not worth the memory.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The members of an image configuration that listings show.
#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    architecture: Option<String>,
    #[serde(default)]
    os: Option<String>,
}

/// What the image runs on; nothing of lists and artifacts, nor of a configuration that says nothing.
pub(super) async fn platform(
    app: &App,
    repository: &Repository,
    manifest: &Manifest,
) -> Result<Option<Platform>, Error> {
    let Some(image) = manifest.as_image() else {
        return Ok(None);
    };
    let config = &image.config;
    let is_small = usize::try_from(config.size).is_ok_and(|size| size <= MOST_BYTES);
    if Kind::of(&config.media_type) != Kind::ImageConfig || !is_small {
        return Ok(None);
    }
    let Some(linked) = blob::look_up(app, repository, &config.digest).await? else {
        return Ok(None);
    };
    let blobs = linked.record.blobs(app).await?;
    let bytes = match blobs.read(&linked.record.storage, ..).await {
        Ok(content) => content.bytes(MOST_BYTES).await,
        // Deleted since it was looked up, so the push is about to be decided anew.
        Err(BlobError::NotFound { .. }) => return Ok(None),
        Err(error) => Err(error),
    };
    let bytes = bytes.map_err(refusal::blob_store)?;
    let configuration = serde_json::from_slice::<Configuration>(&bytes).ok();
    Ok(configuration.map(|configuration| Platform {
        architecture: configuration.architecture,
        os: configuration.os,
    }))
}
