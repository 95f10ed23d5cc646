//! Where images go.

use super::archive::{ArchiveWriter, DockerArchive, OciArchive};
use super::layout::LayoutWriter;
use super::plan::{Node, Plan};
use super::{Error, Events, Source, State};
use crate::registry::{self, BlobUpload, Progress, Registry, Uploaded};
use acr_api::oci::{Descriptor, Digest, Reference, RepositoryName};
use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// A place that takes images.
#[derive(Debug)]
pub enum Target {
    /// A repository of a registry.
    Registry(Registry, RepositoryName),
    /// A layout folder.
    Layout(LayoutWriter),
    /// An OCI archive.
    OciArchive(OciArchive),
    /// An archive that `docker load` reads.
    DockerArchive(DockerArchive),
}

/// The form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// An OCI layout in a tar.
    Oci,
    /// What `docker save` writes: one image, its layers not compressed.
    Docker,
}

/// Where an archive is written.
pub enum Output {
    /// A file, which appears when it is whole.
    File(PathBuf),
    /// A stream, such as standard output.
    Stream(Box<dyn Write + Send>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "Output({})", path.display()),
            Self::Stream(_) => f.write_str("Output(stream)"),
        }
    }
}

impl Target {
    /// A layout folder: made if there is none, added to if there is one. `name` is the whole name of the
    /// image, which may have its tag in common with others.
    pub async fn layout(folder: PathBuf, name: Option<String>) -> Result<Self, Error> {
        Ok(Self::Layout(LayoutWriter::open(folder, name).await?))
    }

    /// An archive. `name` is the whole name of the image.
    pub fn archive(
        output: Output,
        format: ArchiveFormat,
        name: Option<String>,
    ) -> Result<Self, Error> {
        let writer = ArchiveWriter::create(output)?;
        Ok(match format {
            ArchiveFormat::Oci => Self::OciArchive(OciArchive::new(writer, name)),
            ArchiveFormat::Docker => Self::DockerArchive(DockerArchive::new(writer, name)),
        })
    }

    /// How many blobs it takes at once, if it is offered so many.
    pub(super) fn most_parallel(&self, offered: usize) -> usize {
        match self {
            Self::Registry(..) | Self::Layout(_) => offered,
            Self::OciArchive(archive) => archive.writer().most_parallel(offered),
            Self::DockerArchive(archive) => archive.writer().most_parallel(offered),
        }
    }

    /// Looks at what will come.
    pub(super) async fn prepare(&self, plan: &Plan) -> Result<(), Error> {
        match self {
            Self::Registry(..) | Self::Layout(_) | Self::OciArchive(_) => Ok(()),
            Self::DockerArchive(archive) => archive.prepare(plan),
        }
    }

    /// Takes a blob, and tells how.
    pub(super) async fn put_blob(
        &self,
        source: &Source,
        blob: &Descriptor,
        events: &Events,
    ) -> Result<State, Error> {
        match self {
            Self::Registry(registry, repository) => {
                send(registry, repository, source, blob, events).await
            }
            Self::Layout(layout) => layout.put_blob(source, blob, events).await,
            Self::OciArchive(archive) => archive.put_blob(source, blob, events).await,
            Self::DockerArchive(archive) => archive.put_blob(source, blob, events).await,
        }
    }

    /// Takes a manifest whose parts it has.
    pub(super) async fn put_manifest(
        &self,
        node: &Node,
        name: Option<&Reference>,
    ) -> Result<(), Error> {
        match self {
            Self::Registry(registry, repository) => {
                put_manifest(registry, repository, node, name).await
            }
            Self::Layout(layout) => layout.put_manifest(&node.document).await,
            Self::OciArchive(archive) => archive.put_manifest(&node.document).await,
            Self::DockerArchive(_) => Ok(()),
        }
    }

    /// Makes the image one that can be found; tells by what, if the target decided it.
    pub(super) async fn name(
        &self,
        root: &Node,
        to: Option<&Reference>,
        referrers: &[Descriptor],
    ) -> Result<Option<String>, Error> {
        let entry = || {
            let document = &root.document;
            let size = document.bytes.len() as u64;
            let mut entry = Descriptor::new(document.media_type.clone(), document.digest, size);
            entry.artifact_type = match root.manifest.subject() {
                Some(_) => root.manifest.artifact_type().map(str::to_owned),
                None => None,
            };
            entry
        };
        match self {
            Self::Registry(..) => {}
            Self::Layout(layout) => return layout.name(entry(), to, referrers).await,
            Self::OciArchive(archive) => archive.name(entry(), to, referrers).await?,
            Self::DockerArchive(archive) => archive.name(root, to).await?,
        }
        Ok(None)
    }

    /// Ends the work: from now on the image is there for everybody.
    pub(super) async fn finish(&self) -> Result<(), Error> {
        match self {
            // A layout has an image from when it is named.
            Self::Registry(..) | Self::Layout(_) => Ok(()),
            Self::OciArchive(archive) => archive.writer().finish().await,
            Self::DockerArchive(archive) => archive.writer().finish().await,
        }
    }
}

async fn send(
    registry: &Registry,
    repository: &RepositoryName,
    source: &Source,
    blob: &Descriptor,
    events: &Events,
) -> Result<State, Error> {
    if registry
        .head_blob(repository, &blob.digest)
        .await?
        .is_some()
    {
        return Ok(State::Skipped);
    }
    let mount_from = match source {
        Source::Registry(other, from) if other.host() == registry.host() => Some(from),
        Source::Registry(..) | Source::Local(_) => None,
    };
    let content = source.content(blob)?;
    let origin = source.place();
    let tell = |state: fn(u64) -> State| -> Progress {
        let (events, digest, total) = (events.clone(), blob.digest, blob.size);
        Arc::new(move |over| events.tell(digest, total, state(over)))
    };
    let upload = BlobUpload {
        repository,
        digest: blob.digest,
        content: content.as_ref(),
        origin: &origin,
        mount_from,
        progress: tell(State::Moving),
        resumed: tell(State::Resumed),
    };
    let uploaded = registry
        .put_blob(&upload)
        .await
        .map_err(|error| match error {
            registry::Error::Damage(damage) if damage.place == origin => {
                source.damaged(blob, damage.actual)
            }
            error => error.into(),
        })?;
    Ok(match uploaded {
        Uploaded::Mounted => State::Mounted,
        Uploaded::Sent => State::Done,
    })
}

/// Stores a manifest, and keeps account of what it refers to where the registry does not.
async fn put_manifest(
    registry: &Registry,
    repository: &RepositoryName,
    node: &Node,
    name: Option<&Reference>,
) -> Result<(), Error> {
    let document = &node.document;
    let own: Reference = document.digest.into();
    let stored = registry
        .put_manifest(repository, name.unwrap_or(&own), document)
        .await?;
    let Some(subject) = node.manifest.subject() else {
        return Ok(());
    };
    if stored.subject.is_none() {
        let referrer = referrer(node, document.digest);
        registry
            .put_referrer_by_tag(repository, &subject.digest, referrer)
            .await?;
    }
    Ok(())
}

fn referrer(node: &Node, digest: Digest) -> Descriptor {
    let size = node.document.bytes.len() as u64;
    let mut referrer = Descriptor::new(node.document.media_type.clone(), digest, size);
    referrer.artifact_type = node.manifest.artifact_type().map(str::to_owned);
    referrer.annotations = node.manifest.annotations().clone();
    referrer
}
