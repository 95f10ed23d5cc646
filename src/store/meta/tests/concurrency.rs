//! Cases: many callers at once see what they would see one after the other.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use tokio::task::JoinSet;

use crate::{Batch, Error, Meta};

pub(super) async fn increments_are_not_lost(meta: Meta) {
    meta.commit(Batch::new().insert("c", "k", &0))
        .await
        .unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let meta = meta.clone();
        tasks.spawn(async move {
            for _ in 0..10 {
                loop {
                    let seen = meta.get("c", "k").await.unwrap().unwrap();
                    let next = seen.parse::<i64>().unwrap() + 1;
                    match meta
                        .commit(Batch::new().replace("c", "k", seen.revision, &next))
                        .await
                    {
                        Err(Error::Precondition { .. }) => continue,
                        outcome => break outcome.unwrap(),
                    }
                }
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(meta.get("c", "k").await.unwrap().unwrap().body, "160");
}

pub(super) async fn one_of_two_inserts_wins(meta: Meta) {
    let mut tasks = JoinSet::new();
    for number in 0..1_000 {
        let meta = meta.clone();
        let key = format!("k{}", number / 2);
        tasks.spawn(async move {
            let batch =
                Batch::new()
                    .insert("c", &key, &number)
                    .insert("log", &format!("{number}"), &key);
            meta.commit(batch).await
        });
    }
    let outcomes = tasks.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert!(
        lost.iter()
            .all(|outcome| matches!(outcome, Err(Error::Exists { .. }))),
        "{lost:?}"
    );
    assert_eq!((won.len(), lost.len()), (500, 500));
    assert_eq!(meta.count("c", "").await, Ok(500));
    assert_eq!(meta.count("log", "").await, Ok(500));
}

pub(super) async fn opposite_orders_do_not_block_each_other(meta: Meta) {
    let mut tasks = JoinSet::new();
    for number in 0..200 {
        let meta = meta.clone();
        let mut keys = ["a", "b", "c", "d"];
        keys.rotate_left(number % 4);
        if number % 3 == 0 {
            keys.reverse();
        }
        tasks.spawn(async move {
            let batch = keys
                .iter()
                .fold(Batch::new(), |batch, key| batch.put("c", key, &number));
            meta.commit(batch).await
        });
    }
    for outcome in tasks.join_all().await {
        assert_eq!(outcome, Ok(()));
    }
    let mut bodies = Vec::new();
    for key in ["a", "b", "c", "d"] {
        bodies.push(meta.get("c", key).await.unwrap().unwrap().body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
}

/// Each round one batch removes a document while others name it: none may have named what was gone.
pub(super) async fn what_is_required_stays_until_the_commit(meta: Meta) {
    for round in 0..40 {
        let blob = format!("blob{round}");
        meta.commit(Batch::new().put("c", &blob, &1)).await.unwrap();
        let seen = meta.get("c", &blob).await.unwrap().unwrap().revision;
        let mut tasks = JoinSet::new();
        for number in 0..8 {
            let (meta, blob) = (meta.clone(), blob.clone());
            let name = format!("{blob}/{number}");
            tasks.spawn(async move {
                let batch = match number {
                    3 => Batch::new()
                        .remove_if("c", &blob, seen)
                        .remove_prefix("name", &format!("{blob}/")),
                    _ => Batch::new()
                        .require("c", &blob, seen)
                        .put("name", &name, &1),
                };
                meta.commit(batch).await
            });
        }
        for outcome in tasks.join_all().await {
            let is_expected = matches!(outcome, Ok(()) | Err(Error::Precondition { .. }));
            assert!(is_expected, "{outcome:?}");
        }
        let named = meta.count("name", &format!("{blob}/")).await;
        assert_eq!(named, Ok(0), "round {round}");
    }
}

/// A document goes around between three collections while others look for it.
pub(super) async fn what_moves_is_never_missed(meta: Meta) {
    const PLACES: [&str; 3] = ["a", "b", "c"];
    meta.commit(Batch::new().insert("c", "k", &0))
        .await
        .unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let meta = meta.clone();
        tasks.spawn(async move {
            for _ in 0..100 {
                let found = meta.get_among(PLACES, "k").await.unwrap();
                assert_eq!(found.len(), 1);
            }
        });
    }
    for round in 0..100 {
        let (from, to) = (PLACES[(round + 2) % 3], PLACES[round % 3]);
        let batch = Batch::new().remove(from, "k").insert(to, "k", &round);
        meta.commit(batch).await.unwrap();
    }
    tasks.join_all().await;
}

/// Sorts behind `p/`, so that it is written last in whatever order a batch is executed.
const LAST: &str = "~last";

/// Lets batches that write under `p/` and batches that clear it race, each also signing its name; whoever signed last
/// must have been whole.
async fn race(meta: &Meta, clear: fn(Batch) -> Batch) {
    for round in 0..40 {
        meta.commit(
            Batch::new()
                .remove_prefix("c", "p/")
                .put("c", LAST, &"clear"),
        )
        .await
        .unwrap();
        let mut tasks = JoinSet::new();
        for number in 0..8 {
            let meta = meta.clone();
            tasks.spawn(async move {
                let batch = match number % 2 {
                    0 => Batch::new()
                        .put("c", "p/1", &round)
                        .put("c", LAST, &"write"),
                    _ => clear(Batch::new()).put("c", LAST, &"clear"),
                };
                meta.commit(batch).await
            });
        }
        for outcome in tasks.join_all().await {
            assert_eq!(outcome, Ok(()));
        }
        let last = meta.get("c", LAST).await.unwrap().unwrap().body;
        let expected = u64::from(last == "\"write\"");
        assert_eq!(
            meta.count("c", "p/").await,
            Ok(expected),
            "round {round}, last was {last}"
        );
    }
}

pub(super) async fn a_removed_key_stays_removed(meta: Meta) {
    race(&meta, |batch| batch.remove("c", "p/1")).await;
}

pub(super) async fn a_removed_range_stays_removed(meta: Meta) {
    race(&meta, |batch| batch.remove_prefix("c", "p/")).await;
}

pub(super) async fn a_dropped_commit_leaves_the_store_usable(meta: Meta) {
    for number in 0..50 {
        let mut commit = pin!(
            meta.commit(
                Batch::new()
                    .put("c", "k", &number)
                    .remove_prefix("c", "other")
            )
        );
        // Polled once, so that it is under way, and then dropped.
        let _ = commit
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
    }
    meta.commit(
        Batch::new()
            .put("c", "k", &"last")
            .remove_prefix("c", "other"),
    )
    .await
    .unwrap();
    assert!(meta.get("c", "k").await.unwrap().is_some());
}
