//! Readers and writers in every order that matters, step by step.

use std::sync::Arc;

use super::shards::{Cache, Looked};
use super::ticket::Ticket;
use super::{Closing, Kept};
use crate::Batch;
use crate::meta::document::Document;
use crate::meta::work::Work;

const MOST_BYTES: usize = 1024 * 1024;

fn cache() -> Arc<Cache> {
    Cache::with_bytes(MOST_BYTES)
}

fn document(key: &str, body: impl ToString) -> Arc<Kept> {
    Arc::new(Kept::new(
        "c",
        Document {
            key: key.to_owned(),
            body: body.to_string(),
            revision: 1,
            expires_at_ms: None,
        },
    ))
}

/// The body that is held.
fn held(cache: &Arc<Cache>, key: &str) -> Option<String> {
    match cache.look("c", key) {
        Looked::Held(kept) => Some(kept.document().body.clone()),
        Looked::Missing(_) => None,
    }
}

/// Begins to read, and is allowed to keep what it will find.
fn ticket(cache: &Arc<Cache>, key: &str) -> Ticket {
    match cache.look("c", key) {
        Looked::Missing(Some(ticket)) => ticket,
        Looked::Missing(None) => panic!("{key} is closed"),
        Looked::Held(_) => panic!("{key} is held"),
    }
}

fn is_closed(cache: &Arc<Cache>, key: &str) -> bool {
    matches!(cache.look("c", key), Looked::Missing(None))
}

fn fill(cache: &Arc<Cache>, key: &str, body: impl ToString) {
    ticket(cache, key).keep(&document(key, body));
}

fn commit(cache: &Arc<Cache>, batch: Batch) -> Closing {
    Closing::begin(cache, [Work::Batch(batch)].iter())
}

fn marks(cache: &Cache) -> usize {
    cache.every_shard().map(|shard| shard.marks()).sum()
}

fn bytes(cache: &Cache) -> usize {
    cache.every_shard().map(|shard| shard.held_bytes()).sum()
}

#[test]
fn what_was_read_is_held() {
    let cache = cache();
    fill(&cache, "k", 1);
    assert_eq!(held(&cache, "k").as_deref(), Some("1"));
    assert!(held(&cache, "other").is_none());
    assert!(matches!(cache.look("d", "k"), Looked::Missing(Some(_))));
    assert_eq!(marks(&cache), 0);
}

#[test]
fn a_body_is_parsed_once() {
    let kept = document("k", "[1,2]");
    let first = kept.parsed::<Vec<u32>>().unwrap();
    let second = kept.parsed::<Vec<u32>>().unwrap();
    assert!(std::ptr::eq(&*first, &*second));
    assert_eq!(kept.parsed::<(u8, u8)>().unwrap().1, 2);
    assert!(kept.parsed::<String>().is_err());
}

#[test]
fn every_write_closes_its_key() {
    for batch in [
        Batch::new().insert("c", "k", &2),
        Batch::new().replace("c", "k", 1, &2),
        Batch::new().put("c", "k", &2),
        Batch::new().put_until("c", "k", &2, 5),
        Batch::new().remove("c", "k"),
        Batch::new().remove_if("c", "k", 1),
        Batch::new().remove_prefix("c", "k"),
        Batch::new().remove_prefix("c", ""),
    ] {
        let cache = cache();
        fill(&cache, "k", 1);
        let what = format!("{batch:?}");
        let closing = commit(&cache, batch);
        assert!(is_closed(&cache, "k"), "{what}");
        drop(closing);
        fill(&cache, "k", 2);
        assert_eq!(held(&cache, "k").as_deref(), Some("2"), "{what}");
        assert_eq!(marks(&cache), 0, "{what}");
    }
}

#[test]
fn what_is_only_required_stays() {
    let cache = cache();
    fill(&cache, "k", 1);
    let _closing = commit(
        &cache,
        Batch::new().require("c", "k", 1).put("c", "other", &1),
    );
    assert_eq!(held(&cache, "k").as_deref(), Some("1"));
}

#[test]
fn a_reader_that_was_overtaken_keeps_nothing() {
    for batch in [
        || Batch::new().put("c", "k", &2),
        || Batch::new().remove_prefix("c", "k"),
    ] {
        let cache = cache();
        // It reads before the commit and is slow to say so.
        let slow = ticket(&cache, "k");
        let closing = commit(&cache, batch());
        drop(closing);
        slow.keep(&document("k", 1));
        assert!(held(&cache, "k").is_none());

        // The same while the commit is under way.
        let slow = ticket(&cache, "k");
        let closing = commit(&cache, batch());
        slow.keep(&document("k", 1));
        drop(closing);
        assert!(held(&cache, "k").is_none());

        // And while the next reader is on its way already.
        let slow = ticket(&cache, "k");
        drop(commit(&cache, batch()));
        let next = ticket(&cache, "k");
        slow.keep(&document("k", 1));
        assert!(held(&cache, "k").is_none());
        next.keep(&document("k", 2));
        drop(ticket(&cache, "unrelated"));
        assert_ne!(held(&cache, "k").as_deref(), Some("1"));
    }
}

#[test]
fn a_slow_reader_does_not_replace_what_a_later_one_found() {
    let cache = cache();
    let slow = ticket(&cache, "k");
    drop(commit(&cache, Batch::new().put("c", "k", &2)));
    fill(&cache, "k", 2);
    slow.keep(&document("k", 1));
    assert_eq!(held(&cache, "k").as_deref(), Some("2"));
}

#[test]
fn readers_at_the_same_time_agree() {
    let cache = cache();
    let (first, second) = (ticket(&cache, "k"), ticket(&cache, "k"));
    first.keep(&document("k", 1));
    second.keep(&document("k", 1));
    assert_eq!(held(&cache, "k").as_deref(), Some("1"));
    assert_eq!(marks(&cache), 0);
}

#[test]
fn a_key_stays_closed_until_the_last_of_its_commits_ends() {
    let cache = cache();
    let first = commit(&cache, Batch::new().put("c", "k", &1).put("c", "k", &2));
    let second = commit(&cache, Batch::new().put("c", "k", &3));
    drop(first);
    assert!(is_closed(&cache, "k"));
    drop(second);
    fill(&cache, "k", 3);
    assert_eq!(held(&cache, "k").as_deref(), Some("3"));
}

#[test]
fn a_range_takes_its_own_keys_and_every_reader_under_way() {
    let cache = cache();
    for key in ["a", "b/1", "b/2", "b0"] {
        fill(&cache, key, 1);
    }
    let inside = ticket(&cache, "b/3");
    let outside = ticket(&cache, "z");
    let closing = commit(&cache, Batch::new().remove_prefix("c", "b/"));
    for (key, stays) in [("a", true), ("b/1", false), ("b/2", false), ("b0", true)] {
        assert_eq!(held(&cache, key).is_some(), stays, "{key}");
    }
    assert!(is_closed(&cache, "b/3"));
    inside.keep(&document("b/3", 1));
    outside.keep(&document("z", 1));
    drop(closing);
    assert!(held(&cache, "b/3").is_none() && held(&cache, "z").is_none());
    drop(commit(&cache, Batch::new().remove_prefix("other", "")));
    assert!(held(&cache, "a").is_some());
}

#[test]
fn what_expires_is_not_held() {
    let cache = cache();
    let expiring = Document {
        expires_at_ms: Some(5),
        ..document("k", 1).document().clone()
    };
    ticket(&cache, "k").keep(&Arc::new(Kept::new("c", expiring)));
    assert!(held(&cache, "k").is_none());
}

#[test]
fn a_read_that_found_nothing_or_was_given_up_leaves_nothing() {
    let cache = cache();
    for number in 0..1_000 {
        drop(ticket(&cache, &number.to_string()));
    }
    assert_eq!((marks(&cache), bytes(&cache)), (0, 0));
}

#[test]
fn memory_is_bounded() {
    let cache = cache();
    for number in 0..20_000 {
        fill(&cache, &number.to_string(), "x".repeat(100));
        if number % 100 == 0 {
            assert!(bytes(&cache) <= MOST_BYTES, "{number}");
        }
    }
    assert!(bytes(&cache) > MOST_BYTES / 4, "{}", bytes(&cache));
    assert!(held(&cache, "19999").is_some() && held(&cache, "0").is_none());
    let before = bytes(&cache);
    fill(&cache, "large", "x".repeat(MOST_BYTES));
    assert!(held(&cache, "large").is_none());
    assert_eq!(bytes(&cache), before);
    drop(commit(&cache, Batch::new().remove_prefix("c", "")));
    assert_eq!(bytes(&cache), 0);
}
