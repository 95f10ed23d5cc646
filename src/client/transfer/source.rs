//! Where images come from.

use super::local::Local;
use super::pump::Pieces;
use super::{Error, platform};
use crate::registry::{Content, Download, Hasher, ManifestDocument, Registry};
use acr_api::oci::{
    Descriptor, Digest, InvalidManifest, MAX_MANIFEST_BYTES, Manifest, Platform, Reference,
    RepositoryName, media_type::Kind,
};
use acr_http::ByteStream;
use bytes::Bytes;
use futures_util::stream;
use std::io;
use std::ops::Range;

/// A place that has images.
#[derive(Debug, Clone)]
pub enum Source {
    /// A repository of a registry.
    Registry(Registry, RepositoryName),
    /// A layout folder or an archive.
    Local(Local),
}

impl Source {
    /// What to call it in a message.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Registry(registry, repository) => format!("{}/{repository}", registry.host()),
            Self::Local(local) => local.place().to_owned(),
        }
    }

    /// The error about a blob whose bytes are not those of its digest.
    pub(super) fn damaged(&self, blob: &Descriptor, actual: Digest) -> Error {
        match self {
            Self::Registry(..) => Error::damage(self.place(), blob.digest, actual),
            Self::Local(local) => {
                let reason = format!("it is damaged: it has the digest {actual}");
                local.broken(&blob.digest, reason)
            }
        }
    }

    /// The error about a blob that is longer or shorter than its descriptor says.
    pub(super) fn wrong_size(&self, blob: &Descriptor, actual: u64) -> Error {
        match self {
            Self::Registry(..) => Error::archive(
                &self.place(),
                format!(
                    "the content of {} should have {} bytes, but it has {actual}",
                    blob.digest, blob.size
                ),
            ),
            Self::Local(local) => local.wrong_size(blob, actual),
        }
    }

    /// The error about a manifest that cannot be used.
    pub(super) fn unusable(&self, digest: &Digest, why: InvalidManifest) -> Error {
        match self {
            Self::Registry(..) => Error::manifest(&self.place(), digest, why),
            Self::Local(local) => local.broken(digest, why.to_string()),
        }
    }

    /// The digest of an image, without reading it if that can be.
    pub(super) async fn find(&self, reference: Option<&Reference>) -> Result<Digest, Error> {
        match self {
            Self::Registry(registry, repository) => {
                let reference = needed(registry, repository, reference)?;
                match registry.head_manifest(repository, reference).await? {
                    Some(head) => Ok(head.digest),
                    // A GET tells in the registry's words why there is none.
                    None => Ok(registry.get_manifest(repository, reference).await?.digest),
                }
            }
            Self::Local(local) => Ok(local.root().digest),
        }
    }

    /// The manifest that an image begins with.
    pub(super) async fn resolve(
        &self,
        reference: Option<&Reference>,
    ) -> Result<ManifestDocument, Error> {
        match self {
            Self::Registry(registry, repository) => {
                let reference = needed(registry, repository, reference)?;
                Ok(registry.get_manifest(repository, reference).await?)
            }
            Self::Local(local) => self.manifest(local.root()).await,
        }
    }

    /// A manifest that another one lists.
    pub(super) async fn manifest(&self, entry: &Descriptor) -> Result<ManifestDocument, Error> {
        match self {
            Self::Registry(registry, repository) => {
                let reference = Reference::Digest(entry.digest);
                let mut document = registry.get_manifest(repository, &reference).await?;
                document.media_type.clone_from(&entry.media_type);
                Ok(document)
            }
            Self::Local(local) => {
                if entry.size > MAX_MANIFEST_BYTES as u64 {
                    let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
                    let reason = InvalidManifest::TooLarge(size);
                    return Err(self.unusable(&entry.digest, reason));
                }
                let bytes = local.read_whole(entry).await?;
                let actual = Hasher::digest(entry.digest.algorithm(), &bytes);
                if actual != entry.digest {
                    return Err(self.damaged(entry, actual));
                }
                Ok(ManifestDocument {
                    digest: entry.digest,
                    media_type: entry.media_type.clone(),
                    bytes,
                })
            }
        }
    }

    /// What a manifest of this place says.
    pub(super) fn read(&self, document: &ManifestDocument) -> Result<Manifest, Error> {
        Manifest::parse(&document.bytes, Some(&document.media_type))
            .map_err(|why| self.unusable(&document.digest, why))
    }

    /// What an image that is no list is made for, if its configuration says that it is not for `wanted`.
    pub async fn other_platform(
        &self,
        reference: Option<&Reference>,
        wanted: &Platform,
    ) -> Result<Option<String>, Error> {
        let document = self.resolve(reference).await?;
        let manifest = self.read(&document)?;
        let is_readable = |config: &Descriptor| {
            let is_small = config.size <= MAX_MANIFEST_BYTES as u64;
            is_small && Kind::of(&config.media_type) == Kind::ImageConfig
        };
        let config = manifest.as_image().map(|image| &image.config);
        let Some(config) = config.filter(|config| is_readable(config)) else {
            return Ok(None);
        };
        let bytes = match self {
            Self::Registry(registry, repository) => {
                registry.get_blob_bytes(repository, config).await?
            }
            Self::Local(local) => local.read_whole(config).await?,
        };
        Ok(platform::told_other(&bytes, wanted))
    }

    /// What refers to a manifest.
    pub(super) async fn referrers(&self, subject: &Digest) -> Result<Vec<Descriptor>, Error> {
        match self {
            Self::Registry(registry, repository) => {
                Ok(registry.referrers(repository, subject, None).await?)
            }
            Self::Local(local) => local.referrers(subject).await,
        }
    }

    /// Whether a blob that need not be there is there.
    pub(super) async fn has(&self, blob: &Descriptor) -> Result<bool, Error> {
        match self {
            Self::Registry(registry, repository) => {
                let found = registry.head_blob(repository, &blob.digest).await?;
                Ok(found.is_some())
            }
            Self::Local(local) => Ok(local.content(blob).is_ok()),
        }
    }

    /// A blob from `offset` on, its digest unchecked.
    pub(super) fn pieces(&self, blob: &Descriptor, offset: u64) -> Result<Pieces, Error> {
        match self {
            Self::Registry(registry, repository) => Ok(Pieces::Download(Box::new(
                registry.get_blob(repository, blob).from(offset),
            ))),
            Self::Local(local) => {
                let content = local.content(blob)?;
                Ok(Pieces::Stream {
                    place: local.file_of(&blob.digest),
                    stream: content.read(offset.min(content.size())..content.size()),
                })
            }
        }
    }

    /// A blob as something that a registry can be sent, from any place of it.
    pub(super) fn content(&self, blob: &Descriptor) -> Result<Box<dyn Content>, Error> {
        match self {
            Self::Registry(registry, repository) => Ok(Box::new(Remote {
                registry: registry.clone(),
                repository: repository.clone(),
                blob: blob.clone(),
            })),
            Self::Local(local) => local.content(blob),
        }
    }
}

fn needed<'a>(
    registry: &Registry,
    repository: &RepositoryName,
    reference: Option<&'a Reference>,
) -> Result<&'a Reference, Error> {
    reference.ok_or_else(|| Error::NoImage {
        place: format!("{}/{repository}", registry.host()),
        wanted: Some("without a tag or a digest".to_owned()),
        found: Vec::new(),
    })
}

/// A blob of a registry as content for another one: the bytes go through and nowhere else.
struct Remote {
    registry: Registry,
    repository: RepositoryName,
    blob: Descriptor,
}

impl Content for Remote {
    fn size(&self) -> u64 {
        self.blob.size
    }

    fn read(&self, range: Range<u64>) -> ByteStream {
        let download = self
            .registry
            .get_blob(&self.repository, &self.blob)
            .from(range.start);
        let left = range.end.saturating_sub(range.start);
        Box::pin(stream::try_unfold((download, left), take))
    }
}

async fn take(
    (mut download, left): (Download, u64),
) -> io::Result<Option<(Bytes, (Download, u64))>> {
    if left == 0 {
        return Ok(None);
    }
    let Some(mut piece) = download.next().await.map_err(io::Error::other)? else {
        return Ok(None);
    };
    let length = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
    piece.truncate(length);
    Ok(Some((piece, (download, left - length as u64))))
}
