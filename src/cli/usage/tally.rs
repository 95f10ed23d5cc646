//! Adds up what repositories have, once for each blob.

use acr_api::oci::Digest;
use serde_json::{Value, json};
use std::collections::HashMap;

/// What one repository has.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    /// How many manifests.
    pub manifests: u64,
    /// How many tags.
    pub tags: u64,
    /// The bytes of the manifests themselves, which are never shared.
    pub manifest_bytes: u64,
    /// Each blob with its size.
    pub blobs: HashMap<Digest, u64>,
}

/// What all repositories have.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    holdings: Vec<(String, Holding)>,
    /// How many repositories have a blob.
    holders: HashMap<Digest, u32>,
}

/// What one repository takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Its name.
    pub repository: String,
    manifests: u64,
    tags: u64,
    /// Bytes that no other repository has.
    unique: u64,
    /// Bytes that others have too.
    shared: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, repository: String, holding: Holding) {
        for digest in holding.blobs.keys() {
            *self.holders.entry(*digest).or_default() += 1;
        }
        self.holdings.push((repository, holding));
    }

    /// What each repository takes, by name.
    pub(crate) fn usages(&self) -> Vec<Usage> {
        let mut usages: Vec<Usage> = self.holdings.iter().map(|held| self.usage(held)).collect();
        usages.sort_by(|one, other| one.repository.cmp(&other.repository));
        usages
    }

    fn usage(&self, (repository, holding): &(String, Holding)) -> Usage {
        let (mut unique, mut shared) = (holding.manifest_bytes, 0_u64);
        for (digest, size) in &holding.blobs {
            let part = match self.holders.get(digest) {
                Some(2..) => &mut shared,
                _ => &mut unique,
            };
            *part = part.saturating_add(*size);
        }
        Usage {
            repository: repository.clone(),
            manifests: holding.manifests,
            tags: holding.tags,
            unique,
            shared,
        }
    }
}

impl Usage {
    /// The usage as data.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "repository": self.repository,
            "manifests": self.manifests,
            "tags": self.tags,
            "totalBytes": self.unique.saturating_add(self.shared),
            "uniqueBytes": self.unique,
            "sharedBytes": self.shared,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Holding, Tally};
    use acr_api::oci::{Algorithm, Digest};
    use serde_json::json;

    fn digest(byte: u8) -> Digest {
        Digest::from_bytes(Algorithm::Sha256, &[byte; 32]).unwrap()
    }

    #[test]
    fn what_several_have_is_shared() {
        let mut tally = Tally::default();
        let holding = |blobs: &[(u8, u64)]| Holding {
            manifests: 2,
            tags: 1,
            manifest_bytes: 7,
            blobs: blobs
                .iter()
                .map(|(byte, size)| (digest(*byte), *size))
                .collect(),
        };
        tally.add("b".to_owned(), holding(&[(1, 100), (2, 10)]));
        tally.add("a".to_owned(), holding(&[(1, 100), (3, 1)]));
        let usages: Vec<_> = tally.usages().iter().map(|usage| usage.to_json()).collect();
        assert_eq!(
            usages[0],
            json!({"repository": "a", "manifests": 2, "tags": 1, "totalBytes": 108, "uniqueBytes": 8, "sharedBytes": 100})
        );
        assert_eq!(usages[1]["uniqueBytes"], 17);
    }
}
