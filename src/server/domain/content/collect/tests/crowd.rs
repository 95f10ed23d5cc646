//! Pushes, mounts, deletions and collections at the same time, on one server and on two that share their stores.

use std::sync::Arc;

use acr_store::{Target, blob, testing::Postgres};
use chrono::TimeDelta;
use futures_util::future::join_all;

use super::super::{
    collect,
    testing::{CONFIG, World, image, index, name, sha256},
};
use crate::{
    app::Options,
    domain::{
        ErrorKind,
        content::{blob as blobs, manifest, repository, retention, verify},
    },
    testing::Server,
};

const ROUNDS: usize = 12;
const WORKERS: usize = 4;

/// One request of many; a refusal is right where another request was faster, a fault is not.
async fn step(world: &World, number: usize) {
    let layer = format!("layer {}", number % 3);
    let (here, there) = (format!("r{}", number % 2), format!("r{}", (number + 1) % 2));
    let (app, registry) = (&world.app, &*world.registry);
    let outcome = match number % 8 {
        0 | 1 => {
            world.push_blob(&here, CONFIG).await;
            world.push_blob(&here, &layer).await;
            world.push(&here, "v1", &image(&layer)).await.map(drop)
        }
        2 => manifest::delete(app, registry, &name(&here), &sha256(&image(&layer))).await,
        3 => {
            let (to, from) = (name(&here), name(&there));
            let mounted = blobs::mount(app, registry, &to, &from, &sha256(&layer)).await;
            mounted.map(drop)
        }
        4 => blobs::delete(app, registry, &name(&here), &sha256(&layer)).await,
        5 => {
            let child = sha256(&image(&layer));
            world.push(&here, "all", &index(&[&child])).await.map(drop)
        }
        6 if number.is_multiple_of(5) => {
            let deleted = repository::delete(app, registry, &name(&here)).await;
            deleted.map(drop)
        }
        6 => retention::expire(app).await.map(drop),
        _ => collect(app, false).await.map(drop),
    };
    if let Err(error) = outcome {
        let is_fault = matches!(error.kind(), ErrorKind::Internal | ErrorKind::Unavailable);
        assert!(!is_fault, "step {number}: {error}");
    }
}

async fn crowd(worlds: Vec<World>) {
    let worlds: Vec<Arc<World>> = worlds.into_iter().map(Arc::new).collect();
    let workers = (0..WORKERS).map(|worker| {
        let world = Arc::clone(&worlds[worker % worlds.len()]);
        tokio::spawn(async move {
            for round in 0..ROUNDS {
                step(&world, worker * 7 + round * 3).await;
            }
        })
    });
    for worker in join_all(workers).await {
        worker.unwrap();
    }
    for world in &worlds {
        assert_eq!(verify(&world.app).await.unwrap(), [""; 0]);
    }
}

fn impatient(options: &mut Options) {
    options.gc_grace = TimeDelta::zero();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_named_is_missing_after_all() {
    let server = Server::start_with(impatient).await;
    let policy =
        serde_json::json!({"policies": {"retentionPolicy": {"status": "enabled", "days": 0}}});
    crowd(vec![World::of(server, policy).await]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_agree() {
    let Some(postgres) = Postgres::start_or_skip("two_servers_on_one_database_agree").await else {
        return;
    };
    let database = postgres.database().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let shared = |options: &mut Options| {
        impatient(options);
        options.database = Target::Postgres(database.clone());
        options.blobs = blob::Target::Local(folder.path().to_owned());
    };
    let policy =
        serde_json::json!({"policies": {"retentionPolicy": {"status": "enabled", "days": 0}}});
    let one = World::of(Server::start_with(shared).await, policy).await;
    let two = World::beside(Server::start_with(shared).await).await;
    crowd(vec![one, two]).await;
}
