//! Copies one image, and what belongs to it.

use super::plan::{Node, Plan, Walk};
use super::{Error, Events, Source, State, Target, platform};
use crate::registry::ManifestDocument;
use acr_api::oci::{Digest, Manifest, Platform, Reference};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use std::num::NonZeroUsize;

/// How an image is copied.
#[derive(Debug, Clone)]
pub struct Options {
    /// Of a list of images only the one for this platform.
    pub platform: Option<Platform>,
    /// Whether signatures, bills of materials and the like go along.
    pub has_referrers: bool,
    /// How many blobs are on their way at once.
    pub parallel: NonZeroUsize,
    /// Who is told.
    pub events: Events,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            platform: None,
            has_referrers: false,
            parallel: NonZeroUsize::new(5).unwrap_or(NonZeroUsize::MIN),
            events: Events::silent(),
        }
    }
}

/// An image to be copied. Without a reference a local source gives the image it was opened for, and
/// a registry keeps the image by its digest alone.
#[derive(Debug)]
pub struct Copy {
    /// From where.
    pub source: Source,
    /// Which image.
    pub from: Option<Reference>,
    /// Where to.
    pub target: Target,
    /// What it is called there.
    pub to: Option<Reference>,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The digest of the image's first manifest.
    pub digest: Digest,
    /// Its media type; unknown if the target had the image and nothing was read.
    pub media_type: Option<String>,
    /// What a layout folder has it under for other tools: its tag, unless that is another image's.
    pub found_by: Option<String>,
}

/// Whether an image that is there under its name lacks nothing that was asked for.
fn is_whole(options: &Options) -> bool {
    options.platform.is_none() && !options.has_referrers
}

impl Copy {
    /// The digest of the image that would be copied.
    pub async fn digest(&self, platform: Option<&Platform>) -> Result<Digest, Error> {
        Ok(self.root(platform).await?.digest)
    }

    /// Does it.
    pub async fn run(self, options: &Options) -> Result<Copied, Error> {
        // A local image is read in no time, and what belongs to it is told even if nothing is sent.
        if matches!(self.source, Source::Registry(..))
            && matches!(self.target, Target::Registry(..))
            && is_whole(options)
            && let digest = self.source.find(self.from.as_ref()).await?
            && self.is_there(digest).await?
        {
            options.events.tell(digest, 0, State::Skipped);
            return Ok(Copied {
                digest,
                media_type: None,
                found_by: None,
            });
        }
        let root = self.root(options.platform.as_ref()).await?;
        let mut copied = Copied {
            digest: root.digest,
            media_type: Some(root.media_type.clone()),
            found_by: None,
        };
        let walk = Walk {
            source: &self.source,
            parallel: options.parallel.get(),
            has_referrers: options.has_referrers,
        };
        let plan = walk.plan(root).await?;
        if matches!(self.source, Source::Local(_))
            && is_whole(options)
            && self.is_there(copied.digest).await?
        {
            for (blob, _) in &plan.blobs {
                options.events.tell(blob.digest, blob.size, State::Planned);
                options.events.tell(blob.digest, blob.size, State::Skipped);
            }
            return Ok(copied);
        }
        self.copy_blobs(&plan, options).await?;
        copied.found_by = self.copy_manifests(&plan, copied.digest, options).await?;
        self.target.finish().await?;
        Ok(copied)
    }

    /// Whether the target has this image under the name it should have.
    async fn is_there(&self, digest: Digest) -> Result<bool, Error> {
        let (Target::Registry(registry, repository), Some(to)) = (&self.target, &self.to) else {
            return Ok(false);
        };
        let there = registry.head_manifest(repository, to).await?;
        Ok(there.is_some_and(|there| there.digest == digest))
    }

    async fn root(&self, platform: Option<&Platform>) -> Result<ManifestDocument, Error> {
        let root = self.source.resolve(self.from.as_ref()).await?;
        let Some(wanted) = platform else {
            return Ok(root);
        };
        let manifest = self.source.read(&root)?;
        match &manifest {
            Manifest::Index(index) | Manifest::DockerList(index) => {
                self.source.manifest(platform::choose(index, wanted)?).await
            }
            // An image that is no list is what it is.
            Manifest::Image(_) | Manifest::DockerImage(_) => Ok(root),
        }
    }

    async fn copy_blobs(&self, plan: &Plan, options: &Options) -> Result<(), Error> {
        for (blob, _) in &plan.blobs {
            options.events.tell(blob.digest, blob.size, State::Planned);
        }
        let parallel = self.target.most_parallel(options.parallel.get());
        self.target.prepare(plan).await?;
        stream::iter(&plan.blobs)
            .map(|(blob, is_optional)| async move {
                if *is_optional && !self.source.has(blob).await? {
                    options.events.tell(blob.digest, blob.size, State::Skipped);
                    return Ok(());
                }
                let state = self
                    .target
                    .put_blob(&self.source, blob, &options.events)
                    .await?;
                options.events.tell(blob.digest, blob.size, state);
                Ok(())
            })
            .buffer_unordered(parallel)
            .try_collect()
            .await
    }

    /// Single images side by side; lists and what refers to others one after the other, because
    /// they stand on what was stored before. Tells by what the image is found.
    async fn copy_manifests(
        &self,
        plan: &Plan,
        root: Digest,
        options: &Options,
    ) -> Result<Option<String>, Error> {
        let is_simple = |node: &&Node| {
            node.manifest.as_image().is_some()
                && node.manifest.subject().is_none()
                && node.document.digest != root
        };
        let parallel = self.target.most_parallel(options.parallel.get());
        stream::iter(plan.manifests.iter().filter(is_simple))
            .map(|node| self.copy_manifest(node, None, options))
            .buffer_unordered(parallel)
            .try_collect::<()>()
            .await?;
        for node in plan.manifests.iter().filter(|node| !is_simple(node)) {
            let name = self.to.as_ref().filter(|_| node.document.digest == root);
            self.copy_manifest(node, name, options).await?;
        }
        let entry = plan
            .manifests
            .iter()
            .find(|node| node.document.digest == root);
        let Some(node) = entry else {
            return Ok(None);
        };
        let to = self.to.as_ref();
        self.target.name(node, to, &plan.referrers).await
    }

    async fn copy_manifest(
        &self,
        node: &Node,
        name: Option<&Reference>,
        options: &Options,
    ) -> Result<(), Error> {
        self.target.put_manifest(node, name).await?;
        let total = node.document.bytes.len() as u64;
        options
            .events
            .tell(node.document.digest, total, State::Done);
        Ok(())
    }
}
