//! Registries that were made are there after a kill.

use super::super::connection::Connection;
use crate::process::Server;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const CREATES: usize = 1_000;
/// The server is killed when this many are answered, the others being under way.
const ANSWERED_BEFORE_KILL: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn every_create_that_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    let answered = Arc::new(AtomicUsize::new(0));
    let creates: Vec<_> = (0..CREATES)
        .map(|number| {
            let connection = connection.clone();
            let answered = answered.clone();
            tokio::spawn(async move {
                let name = format!("crash{number:04}");
                let answer = connection.create(&name).await.ok()?;
                let is_made = answer.status.is_success();
                answered.fetch_add(1, Ordering::SeqCst);
                is_made.then_some(name)
            })
        })
        .collect();
    while answered.load(Ordering::SeqCst) < ANSWERED_BEFORE_KILL {
        tokio::task::yield_now().await;
    }
    server.kill();
    let mut made = BTreeSet::new();
    for create in creates {
        made.extend(create.await.unwrap());
    }
    assert!(
        made.len() >= ANSWERED_BEFORE_KILL,
        "{} answered",
        made.len()
    );
    assert!(
        made.len() < CREATES,
        "the kill came too late to prove anything"
    );

    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    let found: BTreeSet<String> = connection.names().await.into_iter().collect();
    let lost: Vec<_> = made.difference(&found).collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
    // What was not answered may be there, but then it is whole.
    for name in found.difference(&made) {
        let registry = connection.get(&connection.registry(name)).await;
        assert_eq!(
            registry["properties"]["provisioningState"], "Succeeded",
            "{name}"
        );
    }
}
