//! What goes and what stays, over repositories made by hand.

use super::choose::{Rules, choose};
use super::filter::Filters;
use super::graph::Graph;
use super::row::{Action, Item};
use super::survey::Survey;
use acr_api::acr::{ChangeableAttributes, ManifestAttributes, TagAttributes};
use acr_api::oci::{Algorithm, Digest, media_type};

const OLD: &str = "2026-01-01T00:00:00.0000000Z";
const NEW: &str = "2026-06-01T00:00:00.0000000Z";

fn digest(byte: u8) -> Digest {
    Digest::from_bytes(Algorithm::Sha256, &[byte; 32]).unwrap()
}

/// A repository under construction. Manifests are named by a byte.
struct Hand(Survey);

impl Hand {
    fn new() -> Self {
        Self(Survey {
            repository: "app".parse().unwrap(),
            is_locked: false,
            tags: Vec::new(),
            manifests: Vec::new(),
            graph: Graph::default(),
        })
    }

    fn manifest(mut self, byte: u8, time: &str, tags: &[&str]) -> Self {
        self.0.manifests.push(ManifestAttributes {
            digest: digest(byte),
            image_size: 0,
            created_time: time.to_owned(),
            last_update_time: time.to_owned(),
            last_pull_time: None,
            architecture: None,
            os: None,
            media_type: Some(media_type::IMAGE_MANIFEST.to_owned()),
            config_media_type: None,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            changeable_attributes: ChangeableAttributes::unlocked(),
            references: Vec::new(),
        });
        for tag in tags {
            self.0.tags.push(TagAttributes {
                name: (*tag).to_owned(),
                digest: digest(byte),
                created_time: time.to_owned(),
                last_update_time: time.to_owned(),
                last_pull_time: None,
                signed: false,
                changeable_attributes: ChangeableAttributes::unlocked(),
            });
        }
        self
    }

    fn index(mut self, byte: u8, parts: &[u8]) -> Self {
        for manifest in &mut self.0.manifests {
            if manifest.digest == digest(byte) {
                manifest.media_type = Some(media_type::IMAGE_INDEX.to_owned());
            }
        }
        for part in parts {
            self.0.graph.add_part(digest(byte), digest(*part));
        }
        self
    }

    fn refers(mut self, referrer: u8, subject: u8) -> Self {
        self.0.graph.add_referrer(digest(subject), digest(referrer));
        self
    }

    fn lock(mut self, tag: &str) -> Self {
        let mut tags = self.0.tags.iter_mut();
        let found = tags.find(|known| known.name == tag).unwrap();
        found.changeable_attributes.write_enabled = Some(false);
        self
    }

    fn lock_all(mut self) -> Self {
        self.0.is_locked = true;
        self
    }

    fn lock_manifest(mut self, byte: u8) -> Self {
        let mut manifests = self.0.manifests.iter_mut();
        let found = manifests
            .find(|known| known.digest == digest(byte))
            .unwrap();
        found.changeable_attributes.delete_enabled = Some(false);
        self
    }

    /// The tags and the manifests that go, in order.
    fn gone(&self, filter: &str, change: impl FnOnce(&mut Rules)) -> (Vec<String>, Vec<u8>) {
        let mut rules = Rules {
            cutoff: "2026-03-01T00:00:00Z".parse().unwrap(),
            keep: 0,
            has_tags: true,
            has_manifests: true,
            includes_locked: false,
        };
        change(&mut rules);
        let filters = Filters::read(&[filter.to_owned()]).unwrap();
        let rows = choose(&self.0, &filters.of("app").unwrap(), &rules);
        let (mut tags, mut manifests) = (Vec::new(), Vec::new());
        for row in rows.iter().filter(|row| row.action == Action::Delete) {
            match &row.item {
                Item::Tag(tag) => tags.push(tag.to_string()),
                Item::Manifest(_) => {
                    let byte = (0..=255).find(|byte| digest(*byte) == row.digest);
                    manifests.push(byte.unwrap());
                }
            }
        }
        (tags, manifests)
    }
}

fn usual(_: &mut Rules) {}

#[test]
fn old_tags_that_match_go_and_their_manifests_with_the_last_of_them() {
    let hand = Hand::new()
        .manifest(1, OLD, &["dev-1", "v1"])
        .manifest(2, OLD, &["dev-2"])
        .manifest(3, NEW, &["dev-3"])
        .manifest(4, OLD, &[])
        .manifest(5, NEW, &[]);
    let (tags, manifests) = hand.gone("app:^dev", usual);
    assert_eq!(tags, ["dev-1", "dev-2"]);
    assert_eq!(manifests, [2, 4]);
    let (_, manifests) = hand.gone("app:^dev", |rules| rules.has_manifests = false);
    assert!(manifests.is_empty());
    let (tags, manifests) = hand.gone("app:.*", |rules| rules.has_tags = false);
    assert!(tags.is_empty() && manifests == [4]);
}

#[test]
fn the_newest_of_those_that_would_go_are_kept() {
    let hand = Hand::new()
        .manifest(3, OLD, &["c"])
        .manifest(2, OLD, &["b"])
        .manifest(1, OLD, &["a"]);
    let (tags, manifests) = hand.gone("app:.*", |rules| rules.keep = 2);
    assert_eq!((tags, manifests), (vec!["a".to_owned()], vec![1]));
}

#[test]
fn what_an_index_lists_stays_with_it_at_any_depth() {
    let hand = Hand::new()
        .manifest(1, OLD, &["v1"])
        .manifest(2, OLD, &[])
        .manifest(3, OLD, &[])
        .manifest(4, OLD, &[])
        .index(1, &[2])
        .index(2, &[3]);
    assert_eq!(hand.gone("app:^dev", usual).1, [4]);
}

#[test]
fn an_index_goes_before_what_it_lists() {
    let hand = Hand::new()
        .manifest(1, OLD, &[])
        .manifest(2, OLD, &[])
        .manifest(3, OLD, &["dev"])
        .index(2, &[1])
        .index(3, &[2, 1]);
    assert_eq!(hand.gone("app:^dev", usual).1, [3, 2, 1]);
}

#[test]
fn what_refers_to_something_that_stays_stays() {
    let hand = Hand::new()
        .manifest(1, OLD, &["v1"])
        .manifest(2, OLD, &[])
        .manifest(3, OLD, &[])
        .manifest(4, OLD, &["dev"])
        .manifest(5, OLD, &[])
        .refers(2, 1)
        .refers(3, 2)
        .refers(5, 4);
    assert_eq!(hand.gone("app:^dev", usual).1, [4, 5]);
}

#[test]
fn a_tagged_or_young_or_hidden_referrer_keeps_what_it_refers_to() {
    for referrer in [
        Hand::new().manifest(2, OLD, &["signature"]),
        Hand::new().manifest(2, NEW, &[]),
        Hand::new(),
    ] {
        let hand = referrer.manifest(1, OLD, &[]).refers(2, 1);
        assert!(hand.gone("app:^dev", usual).1.is_empty());
    }
}

#[test]
fn a_referrer_whose_subject_is_gone_can_go() {
    let hand = Hand::new().manifest(1, OLD, &[]).refers(1, 9);
    assert_eq!(hand.gone("app:^dev", usual).1, [1]);
}

#[test]
fn what_is_locked_stays_with_what_it_needs_unless_locks_are_opened() {
    let hand = Hand::new()
        .manifest(1, OLD, &["a"])
        .manifest(2, OLD, &["b"])
        .manifest(3, OLD, &[])
        .manifest(4, OLD, &[])
        .lock("a")
        .lock_manifest(3)
        .index(3, &[4]);
    let (tags, manifests) = hand.gone("app:.*", usual);
    assert_eq!((tags, manifests), (vec!["b".to_owned()], vec![2]));
    let (tags, mut manifests) = hand.gone("app:.*", |rules| rules.includes_locked = true);
    manifests.sort_unstable();
    assert_eq!((tags.len(), manifests), (2, vec![1, 2, 3, 4]));
}

#[test]
fn a_locked_repository_keeps_everything_even_if_locks_are_opened() {
    let hand = Hand::new()
        .manifest(1, OLD, &["a"])
        .manifest(2, OLD, &[])
        .lock("a")
        .lock_all();
    for includes_locked in [false, true] {
        let gone = hand.gone("app:.*", |rules| rules.includes_locked = includes_locked);
        assert_eq!(gone, (vec![], vec![]));
    }
}

#[test]
fn a_locked_tag_does_not_count_among_those_that_are_kept() {
    let hand = Hand::new()
        .manifest(3, OLD, &["c"])
        .manifest(2, OLD, &["b"])
        .manifest(1, OLD, &["a"])
        .lock("c");
    let (tags, _) = hand.gone("app:.*", |rules| rules.keep = 1);
    assert_eq!(tags, ["a"]);
}

#[test]
fn a_time_that_makes_no_sense_is_not_old() {
    let hand = Hand::new()
        .manifest(1, "yesterday", &["a"])
        .manifest(2, "", &[]);
    assert_eq!(hand.gone("app:.*", usual), (vec![], vec![]));
}
