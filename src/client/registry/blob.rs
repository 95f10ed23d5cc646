//! Blobs: asked for, read whole and deleted.

use super::send::{Call, Registry, scope};
use super::{Download, Error};
use acr_api::auth::Action;
use acr_api::oci::{Descriptor, Digest, RepositoryName};
use acr_http::{Method, StatusCode};
use bytes::{Bytes, BytesMut};

/// A blob larger than this is not gathered in memory.
const LARGEST_IN_MEMORY_BYTES: u64 = 64 * 1024 * 1024;

impl Registry {
    /// The length of a blob, if the repository has it. A registry that does not tell the length
    /// counts as one that tells zero.
    pub async fn head_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<u64>, Error> {
        let call = Call::new(
            Method::HEAD,
            self.blob_url(repository, digest),
            scope(repository, &[Action::Pull]),
            format!("look for the blob {digest} of {repository}"),
        );
        let response = self.send(&call).await?;
        match response.status {
            StatusCode::OK => {
                let length = response.header("content-length");
                Ok(Some(length.and_then(|n| n.parse().ok()).unwrap_or(0)))
            }
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(Error::refused(response, &call.doing).await),
        }
    }

    /// Begins to read a blob from its beginning, its digest checked at the end.
    pub fn get_blob(&self, repository: &RepositoryName, blob: &Descriptor) -> Download {
        Download::new(self, repository, blob.digest, Some(blob.size))
    }

    /// A small blob whole, such as the configuration of an image.
    pub async fn get_blob_bytes(
        &self,
        repository: &RepositoryName,
        blob: &Descriptor,
    ) -> Result<Bytes, Error> {
        if blob.size > LARGEST_IN_MEMORY_BYTES {
            return Err(Error::Size {
                origin: format!("{}/{repository}", self.host()),
                digest: blob.digest,
                expected: LARGEST_IN_MEMORY_BYTES,
                actual: blob.size,
            });
        }
        let mut download = self.get_blob(repository, blob);
        let mut bytes = BytesMut::new();
        while let Some(piece) = download.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes.freeze())
    }

    /// Deletes a blob from a repository. `false` if it was not there.
    pub async fn delete_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, Error> {
        let call = Call::new(
            Method::DELETE,
            self.blob_url(repository, digest),
            scope(repository, &[Action::Delete]),
            format!("delete the blob {digest} of {repository}"),
        );
        Ok(self.delete(&call).await?.is_done())
    }

    pub(super) fn blob_url(&self, repository: &RepositoryName, digest: &Digest) -> url::Url {
        self.url(&format!("/v2/{repository}/blobs/{digest}"))
    }
}
