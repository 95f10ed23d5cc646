//! How manifests hang together, and which of them are kept by others.

use acr_api::oci::Digest;
use std::collections::{HashMap, HashSet};

/// The links between the manifests of a repository.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// What an index lists.
    parts: HashMap<Digest, HashSet<Digest>>,
    /// What refers to a manifest, and the other way round.
    kin: HashMap<Digest, HashSet<Digest>>,
    referrers: HashSet<Digest>,
}

impl Graph {
    pub(super) fn add_part(&mut self, index: Digest, part: Digest) {
        self.parts.entry(index).or_default().insert(part);
    }

    pub(super) fn add_referrer(&mut self, subject: Digest, referrer: Digest) {
        self.kin.entry(subject).or_default().insert(referrer);
        self.kin.entry(referrer).or_default().insert(subject);
        self.referrers.insert(referrer);
    }

    /// All that is kept if these are. An index keeps what it lists; what refers to something and what it refers to keep
    /// each other, because a registry deletes referrers with their subject.
    pub(super) fn kept_by(&self, roots: impl IntoIterator<Item = Digest>) -> HashSet<Digest> {
        let mut left: Vec<Digest> = roots.into_iter().collect();
        let mut kept: HashSet<Digest> = left.iter().copied().collect();
        while let Some(digest) = left.pop() {
            let links = [self.parts.get(&digest), self.kin.get(&digest)];
            for other in links.into_iter().flatten().flatten() {
                if kept.insert(*other) {
                    left.push(*other);
                }
            }
        }
        kept
    }

    /// What refers to something and is not among the known.
    pub(super) fn referrers_besides(&self, known: &HashSet<Digest>) -> Vec<Digest> {
        self.referrers.difference(known).copied().collect()
    }

    /// Whether it refers to another manifest.
    pub(super) fn is_referrer(&self, digest: &Digest) -> bool {
        self.referrers.contains(digest)
    }

    /// The same manifests, lists before what they list.
    pub(super) fn parents_first(&self, digests: &[Digest]) -> Vec<Digest> {
        let mut above: HashMap<Digest, usize> = digests.iter().map(|digest| (*digest, 0)).collect();
        let parts = |digest: &Digest| self.parts.get(digest).into_iter().flatten();
        for part in digests.iter().flat_map(parts) {
            if let Some(above) = above.get_mut(part) {
                *above += 1;
            }
        }
        let free = digests.iter().filter(|digest| above[digest] == 0);
        let mut order: Vec<Digest> = free.copied().collect();
        let mut at = 0;
        while let Some(digest) = order.get(at).copied() {
            at += 1;
            for part in parts(&digest) {
                if let Some(above) = above.get_mut(part) {
                    *above -= 1;
                    if *above == 0 {
                        order.push(*part);
                    }
                }
            }
        }
        order
    }
}
