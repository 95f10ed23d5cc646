//! Manifests: asked for, read with their digest checked, stored and deleted.

use super::send::{Body, Call, Registry, scope};
use super::{Error, Hasher};
use acr_api::auth::Action;
use acr_api::oci::media_type::{self, essence};
use acr_api::oci::{Algorithm, Digest, MAX_MANIFEST_BYTES, Manifest, Reference, RepositoryName};
use acr_http::{Method, Response, StatusCode};
use bytes::Bytes;

/// All that is understood, and `*/*` for a registry that has something else.
const ACCEPT: &str = concat!(
    "application/vnd.oci.image.index.v1+json, ",
    "application/vnd.oci.image.manifest.v1+json, ",
    "application/vnd.docker.distribution.manifest.list.v2+json, ",
    "application/vnd.docker.distribution.manifest.v2+json, ",
    "*/*;q=0.5"
);

/// What is read of an answer at most: enough to tell how much too large a manifest is.
const LARGEST_ANSWER_BYTES: usize = 2 * MAX_MANIFEST_BYTES;

/// What a registry says of a manifest without giving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestHead {
    /// Its digest.
    pub digest: Digest,
    /// Its media type.
    pub media_type: String,
    /// Its length in bytes, if that was said.
    pub size: Option<u64>,
}

/// A manifest, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestDocument {
    /// Its digest, which is that of the bytes.
    pub digest: Digest,
    /// The media type it was sent with.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl ManifestDocument {
    /// What the bytes say; `origin` is named if they say nothing sensible.
    pub fn parse(&self, origin: &str) -> Result<Manifest, Error> {
        Manifest::parse(&self.bytes, Some(&self.media_type)).map_err(|source| Error::Manifest {
            origin: format!("{origin}: the manifest {}", self.digest),
            source,
        })
    }
}

/// What a registry says of a manifest it stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredManifest {
    /// Its digest.
    pub digest: Digest,
    /// The manifest it refers to, if the registry keeps account of that.
    pub subject: Option<Digest>,
}

impl Registry {
    /// Whether there is such a manifest, and which it is.
    pub async fn head_manifest(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<Option<ManifestHead>, Error> {
        let call = self.read_call(Method::HEAD, repository, reference);
        let response = self.send(&call).await?;
        let told = told_digest(&response);
        match (response.status, told) {
            (StatusCode::OK, Some(digest)) => Ok(Some(ManifestHead {
                digest,
                media_type: content_type(&response),
                size: response
                    .header("content-length")
                    .and_then(|n| n.parse().ok()),
            })),
            // Some registries do not know HEAD, or do not tell the digest.
            (StatusCode::OK | StatusCode::METHOD_NOT_ALLOWED, _) => {
                let document = match self.get_manifest(repository, reference).await {
                    Ok(document) => document,
                    Err(error) if error.is_not_found() => return Ok(None),
                    Err(error) => return Err(error),
                };
                Ok(Some(ManifestHead {
                    digest: document.digest,
                    media_type: document.media_type,
                    size: Some(document.bytes.len() as u64),
                }))
            }
            (StatusCode::NOT_FOUND, _) => Ok(None),
            _ => Err(Error::refused(response, &call.doing).await),
        }
    }

    /// Reads a manifest and checks that it is the one asked for.
    pub async fn get_manifest(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<ManifestDocument, Error> {
        let call = self.read_call(Method::GET, repository, reference);
        let response = self.expect(&call, &[200]).await?;
        let media_type = content_type(&response);
        let expected = match reference {
            Reference::Digest(digest) => Some(*digest),
            Reference::Tag(_) => told_digest(&response),
        };
        let origin = format!("{}/{repository}", self.host());
        let bytes = response.bytes_within(LARGEST_ANSWER_BYTES).await?;
        if bytes.len() > MAX_MANIFEST_BYTES {
            return Err(Error::Manifest {
                origin,
                source: acr_api::oci::InvalidManifest::TooLarge(bytes.len()),
            });
        }
        let algorithm = expected.map_or(Algorithm::Sha256, |digest| digest.algorithm());
        let actual = Hasher::digest(algorithm, &bytes);
        match expected {
            Some(expected) if expected != actual => Err(Error::damage(origin, expected, actual)),
            _ => Ok(ManifestDocument {
                digest: actual,
                media_type,
                bytes,
            }),
        }
    }

    /// Stores a manifest. What it refers to must be there already.
    pub async fn put_manifest(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        document: &ManifestDocument,
    ) -> Result<StoredManifest, Error> {
        let mut call = Call::new(
            Method::PUT,
            self.manifest_url(repository, reference),
            scope(repository, &[Action::Pull, Action::Push]),
            format!("store the manifest {}", named(repository, reference)),
        )
        .header("content-type", document.media_type.as_str());
        call.body = Body::Small(document.bytes.clone());
        let response = self.expect(&call, &[201, 200, 202]).await?;
        let subject = response.header("oci-subject");
        let subject = subject.and_then(|digest| digest.parse().ok());
        if let Some(told) = told_digest(&response) {
            let own = Hasher::digest(told.algorithm(), &document.bytes);
            if told != own {
                return Err(Error::damage(
                    format!("{}/{repository}", self.host()),
                    own,
                    told,
                ));
            }
        }
        Ok(StoredManifest {
            digest: document.digest,
            subject,
        })
    }

    /// Deletes a manifest, or a tag where the registry can. `false` if there was none.
    pub async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<bool, Error> {
        let call = Call::new(
            Method::DELETE,
            self.manifest_url(repository, reference),
            scope(repository, &[Action::Delete]),
            format!("delete the manifest {}", named(repository, reference)),
        );
        Ok(self.delete(&call).await?.is_done())
    }

    fn read_call(
        &self,
        method: Method,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Call<'static> {
        Call::new(
            method,
            self.manifest_url(repository, reference),
            scope(repository, &[Action::Pull]),
            format!("read the manifest {}", named(repository, reference)),
        )
        .header("accept", ACCEPT)
    }

    fn manifest_url(&self, repository: &RepositoryName, reference: &Reference) -> url::Url {
        self.url(&format!("/v2/{repository}/manifests/{reference}"))
    }
}

fn named(repository: &RepositoryName, reference: &Reference) -> String {
    match reference {
        Reference::Tag(tag) => format!("{repository}:{tag}"),
        Reference::Digest(digest) => format!("{repository}@{digest}"),
    }
}

pub(super) fn told_digest(response: &Response) -> Option<Digest> {
    response.header("docker-content-digest")?.parse().ok()
}

fn content_type(response: &Response) -> String {
    let told = response.header("content-type").map(essence).unwrap_or("");
    match told {
        "" => media_type::OCTET_STREAM.to_owned(),
        told => told.to_owned(),
    }
}
