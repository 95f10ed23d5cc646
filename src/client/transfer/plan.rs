//! What belongs to an image: found from its first manifest down, in the order it must be stored in.

use super::{Error, Source};
use crate::registry::ManifestDocument;
use acr_api::oci::{Descriptor, Digest, Manifest, Role};
use futures_util::stream::{StreamExt, TryStreamExt};
use std::collections::{HashMap, HashSet};

/// Lists in lists deeper than this are refused.
const DEEPEST: usize = 16;
/// No image has more manifests than this.
const MOST_MANIFESTS: usize = 50_000;
/// Manifests are kept in memory, but not more of them than this.
const MOST_MANIFEST_BYTES: usize = 512 * 1024 * 1024;

/// A manifest of the plan.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) document: ManifestDocument,
    pub(super) manifest: Manifest,
}

/// All that is to be copied.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Children before parents, subjects before what refers to them.
    pub(super) manifests: Vec<Node>,
    /// Each once. Those that need not be there are marked.
    pub(super) blobs: Vec<(Descriptor, bool)>,
    /// What refers to others and is listed by none.
    pub(super) referrers: Vec<Descriptor>,
}

pub(super) struct Walk<'a> {
    pub(super) source: &'a Source,
    pub(super) parallel: usize,
    pub(super) has_referrers: bool,
}

impl Walk<'_> {
    /// Finds all that belongs to `root`.
    pub(super) async fn plan(&self, root: ManifestDocument) -> Result<Plan, Error> {
        let mut found: HashMap<Digest, Node> = HashMap::new();
        let mut roots = vec![root.digest];
        let mut plan = Plan::default();
        let mut level = vec![root];
        let mut bytes = 0;
        for _ in 0..=DEEPEST {
            let mut below = Vec::new();
            let mut fresh = Vec::new();
            for document in level.drain(..) {
                bytes += document.bytes.len();
                let node = self.read(document)?;
                below.extend(children(&node.manifest));
                fresh.push(node.document.digest);
                found.insert(node.document.digest, node);
            }
            if self.has_referrers {
                for referrer in self.referrers(fresh, &roots).await? {
                    roots.push(referrer.digest);
                    plan.referrers.push(referrer.clone());
                    below.push(referrer);
                }
            }
            let mut seen = HashSet::new();
            below.retain(|entry| !found.contains_key(&entry.digest) && seen.insert(entry.digest));
            if found.len() + below.len() > MOST_MANIFESTS || bytes > MOST_MANIFEST_BYTES {
                return Err(self.unfit("it has more manifests than any image needs"));
            }
            if below.is_empty() {
                order(&mut plan, &roots, found);
                return Ok(plan);
            }
            let fetches = below.iter().map(|entry| self.source.manifest(entry));
            level = futures_util::stream::iter(fetches)
                .buffer_unordered(self.parallel)
                .try_collect()
                .await?;
        }
        Err(self.unfit("its lists of manifests are nested too deeply"))
    }

    fn read(&self, document: ManifestDocument) -> Result<Node, Error> {
        let manifest = self.source.read(&document)?;
        Ok(Node { document, manifest })
    }

    /// What refers to these manifests and is not known yet.
    async fn referrers(
        &self,
        subjects: Vec<Digest>,
        known: &[Digest],
    ) -> Result<Vec<Descriptor>, Error> {
        let lists = subjects
            .iter()
            .map(|subject| self.source.referrers(subject));
        let lists: Vec<Vec<Descriptor>> = futures_util::stream::iter(lists)
            .buffered(self.parallel)
            .try_collect()
            .await?;
        let mut seen: HashSet<Digest> = known.iter().copied().collect();
        let mut found: Vec<Descriptor> = lists.into_iter().flatten().collect();
        found.retain(|referrer| seen.insert(referrer.digest));
        Ok(found)
    }

    fn unfit(&self, why: &str) -> Error {
        Error::archive(&self.source.place(), why)
    }
}

fn children(manifest: &Manifest) -> Vec<Descriptor> {
    manifest
        .references()
        .filter(|reference| reference.role == Role::Child)
        .map(|reference| reference.descriptor.clone())
        .collect()
}

/// Sorts what was found: depth first, without recursion, each manifest once.
fn order(plan: &mut Plan, roots: &[Digest], mut found: HashMap<Digest, Node>) {
    let mut blobs = HashSet::new();
    for root in roots {
        let mut stack = vec![(*root, false)];
        while let Some((digest, is_open)) = stack.pop() {
            if !is_open {
                let Some(node) = found.get(&digest) else {
                    continue;
                };
                stack.push((digest, true));
                let below = children(&node.manifest);
                stack.extend(below.iter().rev().map(|child| (child.digest, false)));
                continue;
            }
            let Some(node) = found.remove(&digest) else {
                continue;
            };
            for reference in node.manifest.references() {
                let is_blob = match reference.role {
                    Role::Child | Role::Subject => false,
                    Role::Config | Role::Layer | Role::ForeignLayer | Role::Entry => true,
                };
                if is_blob && blobs.insert(reference.descriptor.digest) {
                    let is_optional = reference.role.is_optional();
                    plan.blobs.push((reference.descriptor.clone(), is_optional));
                }
            }
            plan.manifests.push(node);
        }
    }
}
