//! Requests that end the same upload: what one of them was told stays true, whatever becomes of the others.

use acr_api::oci::Digest;
use acr_store::blob::Target;
use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};
use tokio::sync::oneshot;

use super::{Chunk, Session, begin, cancel, find, finish, receive};
use crate::{
    clock,
    domain::{
        Error,
        content::{
            blob,
            collect::testing::{World, chunk, name, sha256},
        },
    },
    testing::Server,
};

/// A registry whose blobs are objects in memory.
async fn objects() -> World {
    World::new().await
}

/// One whose blobs are files in a folder.
async fn files(folder: &tempfile::TempDir) -> World {
    let target = Target::Local(folder.path().to_owned());
    let mut server = Server::start_with(|options| options.blobs = target).await;
    server.advance(clock::now() - server.app.now());
    server.token = server.administrator_token().await;
    World::of(server, serde_json::json!({})).await
}

/// An upload that has received `text`, as each of its requests reads it.
async fn received(world: &World, text: &str) -> Session {
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    let algorithm = sha256("").algorithm();
    let id = begin(app, registry, &a, algorithm).await.unwrap();
    let session = find(app, registry, &a, id).await.unwrap();
    receive(app, &session, chunk(text)).await.unwrap();
    find(app, registry, &a, id).await.unwrap()
}

async fn end(world: &World, session: &Session, last: Chunk, digest: &Digest) -> Result<(), Error> {
    finish(&world.app, &world.registry, session, last, digest).await
}

/// A chunk that says when it is asked for and comes when it is told to.
fn held(text: &'static str) -> (Chunk, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (asked, is_asked) = oneshot::channel();
    let (go, may_go) = oneshot::channel();
    let body = stream::once(async move {
        asked.send(()).unwrap();
        may_go.await.unwrap();
        Ok(text.into())
    });
    let chunk = Chunk {
        range: None,
        length: None,
        body: body.boxed(),
    };
    (chunk, is_asked, go)
}

/// Ends an upload twice, the second time while the first is at its last bytes; gives what each was told.
async fn end_twice(world: &World, lasts: [&'static str; 2]) -> [(Digest, Result<(), Error>); 2] {
    let session = received(world, "first ").await;
    let digests = lasts.map(|last| sha256(&format!("first {last}")));
    let (slow, is_asked, go) = held(lasts[0]);
    let first = end(world, &session, slow, &digests[0]);
    let second = async {
        is_asked.await.unwrap();
        let ended = end(world, &session, chunk(lasts[1]), &digests[1]).await;
        go.send(()).unwrap();
        ended
    };
    let (first, second) = tokio::join!(first, second);
    let [one, other] = digests;
    [(one, first), (other, second)]
}

/// What was acknowledged is there, also after a collection that takes bytes which nothing names.
async fn check(world: &World, told: &[(Digest, Result<(), Error>)]) {
    world.check().await;
    let repository = world.repository("a").await;
    let acknowledged = told.iter().filter(|(_, outcome)| outcome.is_ok());
    world.pass(TimeDelta::hours(20));
    for (digest, _) in acknowledged.clone() {
        let told = blob::announce(&world.app, &repository, digest).await;
        told.unwrap();
    }
    world.pass(TimeDelta::hours(5));
    world.collect().await;
    for (digest, _) in acknowledged {
        assert!(world.has_blob("a", digest).await, "{digest}");
    }
}

#[tokio::test]
async fn of_two_that_end_an_upload_one_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    for world in [objects().await, files(&folder).await] {
        for lasts in [["last", "last"], ["last", "other"]] {
            let told = end_twice(&world, lasts).await;
            let taken = told.iter().filter(|(_, outcome)| outcome.is_ok()).count();
            assert_eq!(taken, 1, "{told:?}");
            check(&world, &told).await;
        }
    }
}

#[tokio::test]
async fn one_that_comes_after_the_end_takes_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    for world in [objects().await, files(&folder).await] {
        let session = received(&world, "first ").await;
        let digest = sha256("first last");
        let first = end(&world, &session, chunk("last"), &digest).await;
        assert!(first.is_ok());
        for (last, digest) in [
            ("last", digest),
            ("other", sha256("first other")),
            ("wrong", digest),
        ] {
            let late = end(&world, &session, chunk(last), &digest).await;
            assert!(late.is_err(), "{last}");
        }
        assert!(cancel(&world.app, &session).await.is_err());
        check(&world, &[(digest, first)]).await;
    }
}

#[tokio::test]
async fn an_upload_that_is_claimed_is_over_unless_the_claim_is_taken_back() {
    let world = objects().await;
    let session = received(&world, "first ").await;
    let (app, registry, a) = (&world.app, &world.registry, name("a"));
    session.claim(app).await.unwrap();
    assert!(session.claim(app).await.is_err());
    assert!(find(app, registry, &a, session.id).await.is_err());
    assert!(cancel(app, &session).await.is_err());
    assert!(receive(app, &session, chunk("more")).await.is_err());
    session.release(app).await.unwrap();
    let again = find(app, registry, &a, session.id).await.unwrap();
    let digest = sha256("first last");
    let ended = end(&world, &again, chunk("last"), &digest).await;
    check(&world, &[(digest, ended)]).await;
    assert!(world.has_blob("a", &digest).await);
    // Behind the end there is nothing to take back.
    again.release(app).await.unwrap();
}

#[tokio::test]
async fn no_blob_is_larger_than_a_tier_allows() {
    let world = objects().await;
    let session = received(&world, "half").await;
    let digest = sha256("half");
    let huge = || Chunk {
        length: Some(200 * 1024 * 1024 * 1024),
        ..chunk("")
    };
    let refused = receive(&world.app, &session, huge()).await;
    assert_eq!(refused.unwrap_err().code(), "SIZE_INVALID");
    let refused = end(&world, &session, huge(), &digest).await;
    assert_eq!(refused.unwrap_err().code(), "SIZE_INVALID");
    end(&world, &session, chunk(""), &digest).await.unwrap();
}

/// Of a body whose length is not said before.
#[tokio::test]
async fn a_body_is_cut_off_where_a_blob_ends() {
    let world = objects().await;
    let session = received(&world, "half").await;
    let (_, mut upload) = session.open(&world.app).await.unwrap();
    let refused = chunk(" more").append_to(&mut upload, 8).await;
    let refused = refused.err().map(|error| error.code().to_owned());
    assert_eq!(refused.as_deref(), Some("SIZE_INVALID"));
    assert!(chunk("more").append_to(&mut upload, 8).await.is_ok());
}
