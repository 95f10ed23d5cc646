//! What belongs to an image: found from its first manifest down, in the order in which it is stored.

use std::collections::{HashMap, HashSet};

use acr_api::oci::{Descriptor, Digest, Manifest, Role};
use futures_util::{StreamExt, TryStreamExt, future, stream};

use super::source::{Document, Source};
use crate::domain::Error;

/// Lists in lists deeper than this are refused.
const DEEPEST: usize = 16;
/// The most manifests of one import, far above Azure's 50.
const MOST_MANIFESTS: usize = 2000;
/// They are kept in memory, but not more of them than this.
const MOST_MANIFEST_BYTES: usize = 64 * 1024 * 1024;
/// The most blobs of one import.
const MOST_BLOBS: usize = 20_000;
/// The largest layer of a registry.
const LARGEST_BLOB_BYTES: u64 = 200 * 1024 * 1024 * 1024;
/// Manifests that are read at a time.
const AT_ONCE: usize = 4;

/// All that is to be copied.
pub(super) struct Plan {
    /// Children before parents; the image itself is the last.
    pub(super) manifests: Vec<Document>,
    /// Each once; those that may be missing are marked.
    pub(super) blobs: Vec<(Descriptor, bool)>,
}

#[derive(Default)]
struct Found {
    documents: HashMap<Digest, Document>,
    bytes: usize,
    /// What refers to others and is listed by none.
    referrers: Vec<Digest>,
}

impl Plan {
    /// Finds all that belongs to `root`, and with it what refers to it if that is wanted.
    pub(super) async fn make(
        source: &Source,
        root: Document,
        has_referrers: bool,
    ) -> Result<Self, Error> {
        let mut found = Found::default();
        let image = root.digest;
        let mut level = vec![root];
        for _ in 0..=DEEPEST {
            let mut below: Vec<Descriptor> = level.iter().flat_map(children).collect();
            if has_referrers {
                let fresh = level.iter().map(|document| document.digest).collect();
                below.extend(found.referrers(source, fresh).await?);
            }
            for document in level.drain(..) {
                found.bytes += document.bytes.len();
                found.documents.insert(document.digest, document);
            }
            let mut seen = HashSet::new();
            below.retain(|entry| {
                !found.documents.contains_key(&entry.digest) && seen.insert(entry.digest)
            });
            if found.documents.len() + below.len() > MOST_MANIFESTS
                || found.bytes > MOST_MANIFEST_BYTES
            {
                return Err(too_many());
            }
            if below.is_empty() {
                return found.order(image);
            }
            let reads: Vec<_> = below.iter().map(|entry| source.manifest(entry)).collect();
            let room = MOST_MANIFEST_BYTES - found.bytes;
            (level, _) = stream::iter(reads)
                .buffered(AT_ONCE)
                .try_filter_map(async |document| Ok(document))
                .try_fold((Vec::new(), room), |(mut level, room), document| {
                    let left = room.checked_sub(document.bytes.len());
                    future::ready(left.ok_or_else(too_many).map(|room| {
                        level.push(document);
                        (level, room)
                    }))
                })
                .await?;
        }
        Err(unfit("its lists of manifests are nested too deeply"))
    }
}

impl Found {
    /// What refers to these manifests and is not known yet.
    async fn referrers(
        &mut self,
        source: &Source,
        subjects: Vec<Digest>,
    ) -> Result<Vec<Descriptor>, Error> {
        let reads: Vec<_> = subjects
            .iter()
            .map(|subject| source.referrers(subject))
            .collect();
        let lists: Vec<Vec<Descriptor>> =
            stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        let mut fresh: Vec<Descriptor> = lists.into_iter().flatten().collect();
        fresh.retain(|referrer| !self.referrers.contains(&referrer.digest));
        self.referrers
            .extend(fresh.iter().map(|referrer| referrer.digest));
        Ok(fresh)
    }

    /// Sorts what was found: referrers first, because the image gets its names last, and depth first.
    fn order(mut self, image: Digest) -> Result<Plan, Error> {
        let mut plan = Plan {
            manifests: Vec::new(),
            blobs: Vec::new(),
        };
        let roots: Vec<Digest> = self.referrers.iter().copied().chain([image]).collect();
        for root in roots {
            let mut stack = vec![(root, false)];
            while let Some((digest, is_open)) = stack.pop() {
                if is_open {
                    plan.manifests.extend(self.documents.remove(&digest));
                } else if (digest != image || root == image)
                    && let Some(document) = self.documents.get(&digest)
                {
                    stack.push((digest, true));
                    let below = children(document).into_iter();
                    stack.extend(below.map(|child| (child.digest, false)));
                }
            }
        }
        let mut seen = HashSet::new();
        for document in &plan.manifests {
            let blobs = blobs_of(&document.manifest);
            plan.blobs
                .extend(blobs.filter(|(blob, _)| seen.insert(blob.digest)));
        }
        match plan.blobs.len() > MOST_BLOBS {
            true => Err(unfit("it has more blobs than an import takes")),
            false
                if plan
                    .blobs
                    .iter()
                    .any(|(blob, _)| blob.size > LARGEST_BLOB_BYTES) =>
            {
                Err(unfit("one of its blobs is larger than 200 GiB"))
            }
            false => Ok(plan),
        }
    }
}

fn children(document: &Document) -> Vec<Descriptor> {
    let references = document.manifest.references();
    references
        .filter(|reference| reference.role == Role::Child)
        .map(|reference| reference.descriptor.clone())
        .collect()
}

fn blobs_of(manifest: &Manifest) -> impl Iterator<Item = (Descriptor, bool)> {
    manifest
        .references()
        .filter(|reference| match reference.role {
            Role::Child | Role::Subject => false,
            Role::Config | Role::Layer | Role::ForeignLayer | Role::Entry => true,
        })
        .map(|reference| {
            // What an index lists besides manifests it knows may be a manifest all the same.
            let is_optional = reference.role.is_optional() || reference.role == Role::Entry;
            (reference.descriptor.clone(), is_optional)
        })
}

fn too_many() -> Error {
    unfit("it has more manifests than an import takes")
}

fn unfit(why: &str) -> Error {
    Error::invalid(
        "ImageTooLarge",
        format!("The image cannot be imported: {why}."),
    )
    .from_provider()
}
