//! Round after round: clients at work, a collection, a kill at a moment of chance, a restart, a look at everything.

use super::super::connection::Connection;
use super::check::{check, check_catalog};
use super::collector::Collections;
use super::model::{GRACE, Repository};
use super::worker::Worker;
use crate::process::Server;
use crate::random::Random;
use crate::registry::Registry;
use bytes::Bytes;
use futures_util::future::join_all;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

const ROUNDS: usize = 200;
const WORKERS: usize = 4;
/// A server is killed after at most so many answers.
const MOST_ANSWERS: usize = 80;
/// … and so many microseconds.
const MOST_DELAY_US: usize = 3_000;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_in_200_kills() {
    let seed = Random::seed();
    let mut random = Random::of(seed);
    let folder = tempfile::tempdir().unwrap();
    let names: Arc<Vec<String>> = Arc::new((0..WORKERS).map(|n| format!("crash/{n}")).collect());
    let shared: Arc<Vec<Bytes>> =
        Arc::new((1..=4).map(|n| layer(&mut random, n * 9_000)).collect());
    let mut collections = Collections::default();
    let mut repositories: Vec<_> = names.iter().cloned().map(Repository::new).collect();
    let mut server = start(folder.path());
    let mut registry = Registry::create(&server, folder.path(), "crash");
    for round in 0..ROUNDS {
        eprintln!("seed {seed}, round {round}");
        let answered = Arc::new(AtomicUsize::new(0));
        let workers = repositories.into_iter().map(|repository| Worker {
            registry: registry.clone(),
            repository,
            random: Random::of(random.next()),
            shared: Arc::clone(&shared),
            others: Arc::clone(&names),
            answered: Arc::clone(&answered),
        });
        let mut running: JoinSet<Repository> = workers.map(Worker::run).collect();
        let collector = tokio::spawn(collections.add(Connection::open(&server).await));
        let wanted = random.below(MOST_ANSWERS);
        while answered.load(Ordering::Relaxed) < wanted {
            if let Some(ended) = running.try_join_next() {
                panic!(
                    "a client stopped before the kill: {:?}",
                    ended.map(|left| left.name)
                );
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let delay = u64::try_from(random.below(MOST_DELAY_US)).unwrap();
        tokio::time::sleep(Duration::from_micros(delay)).await;
        server.kill();
        let left = running.join_all().await;
        collections = collector.await.unwrap();

        server = start(folder.path());
        registry = registry.on(&server);
        repositories = join_all(left.into_iter().map(|left| check(&registry, left))).await;
        check_catalog(&registry, &repositories).await;
    }
    let images: usize = repositories
        .iter()
        .map(|left| left.model.manifests.len())
        .sum();
    assert!(images > 0, "nothing was at stake");
    let is_collected = collections.begun > ROUNDS / 2 && collections.ended > 0;
    assert!(is_collected, "{collections:?}");
}

fn start(folder: &Path) -> Server {
    let grace = format!("{}s", GRACE.as_secs());
    Server::start_with(folder, &["--gc-interval", "1s", "--gc-grace", &grace])
}

fn layer(random: &mut Random, length: usize) -> Bytes {
    Bytes::from(random.bytes(length))
}
