//! Where the content of an import comes from, whatever kind of registry that is.

use acr_api::oci::{Descriptor, Digest, InvalidManifest, Manifest, Reference};
use bytes::Bytes;

use super::{foreign::Foreign, local::Local};
use crate::domain::{Error, content::upload::Body};

/// A repository of the source.
pub(super) enum Source {
    Local(Box<Local>),
    Foreign(Foreign),
}

/// A manifest that its digest vouches for.
pub(super) struct Document {
    pub(super) digest: Digest,
    pub(super) bytes: Bytes,
    pub(super) manifest: Manifest,
}

impl Document {
    /// Reads a manifest that was sent as `media_type`. Some registries, Nexus among them, send all manifests under one
    /// type, or under none: then what the manifest says of itself counts.
    pub(super) fn read(
        digest: Digest,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<Self, InvalidManifest> {
        let manifest = Manifest::parse(&bytes, Some(media_type)).or_else(|error| {
            let own = Manifest::parse(&bytes, None);
            own.map_err(|_| error)
        })?;
        Ok(Self {
            digest,
            bytes,
            manifest,
        })
    }
}

impl Source {
    /// The manifest that an image begins with.
    pub(super) async fn resolve(&self, reference: &Reference) -> Result<Document, Error> {
        match self {
            Self::Local(local) => local.resolve(reference).await,
            Self::Foreign(foreign) => foreign.resolve(reference).await,
        }
    }

    /// A manifest that another one lists; the source need not have it.
    pub(super) async fn manifest(&self, entry: &Descriptor) -> Result<Option<Document>, Error> {
        match self {
            Self::Local(local) => local.manifest(entry).await,
            Self::Foreign(foreign) => foreign.manifest(entry).await,
        }
    }

    /// What refers to a manifest.
    pub(super) async fn referrers(&self, subject: &Digest) -> Result<Vec<Descriptor>, Error> {
        match self {
            Self::Local(local) => local.referrers(subject).await,
            Self::Foreign(foreign) => foreign.referrers(subject).await,
        }
    }

    /// Whether a blob that may be missing is there.
    pub(super) async fn has(&self, blob: &Descriptor) -> Result<bool, Error> {
        match self {
            Self::Local(local) => local.has(blob).await,
            Self::Foreign(foreign) => foreign.has(blob).await,
        }
    }

    /// The bytes of a blob, unchecked.
    pub(super) async fn blob(&self, blob: &Descriptor) -> Result<Stream, Error> {
        match self {
            Self::Local(local) => local.blob(blob).await,
            Self::Foreign(foreign) => Ok(foreign.blob(blob)),
        }
    }

    /// The source's repository, if it is one of the same store of blobs and manifests.
    pub(super) fn local(&self) -> Option<&Local> {
        match self {
            Self::Local(local) => Some(local),
            Self::Foreign(_) => None,
        }
    }
}

/// The bytes of a blob, and why they broke off if they did.
pub(super) struct Stream {
    pub(super) body: Body,
    pub(super) failure: tokio::sync::oneshot::Receiver<Error>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_what_it_says_if_its_header_is_wrong() {
        let digest = Digest::from_bytes(acr_api::oci::Algorithm::Sha256, &[0; 32]).unwrap();
        let blob = format!(
            "{{\"mediaType\":\"a/b\",\"digest\":\"sha256:{}\",\"size\":1}}",
            "a".repeat(64)
        );
        let image = format!(
            "{{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"config\":{blob},\"layers\":[]}}"
        );
        for told in [
            "",
            "text/plain",
            "application/json",
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "application/vnd.oci.image.index.v1+json",
        ] {
            let read = Document::read(digest, image.clone().into(), told).unwrap();
            assert!(matches!(read.manifest, Manifest::DockerImage(_)), "{told}");
        }
        assert!(Document::read(digest, "{}".into(), "text/plain").is_err());
    }
}
