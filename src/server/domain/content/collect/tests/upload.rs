//! Uploads that nobody goes on with.

use chrono::TimeDelta;

use super::super::testing::{World, chunk, name, sha256};
use crate::domain::content::{
    collect::Count,
    collection::UPLOAD,
    upload::{begin, find, finish, receive},
};

#[tokio::test]
async fn an_upload_that_nobody_goes_on_with_ends_after_a_week() {
    let world = World::new().await;
    let (app, registry, a) = (&world.app, &*world.registry, name("a"));
    let algorithm = sha256("").algorithm();
    let left = begin(app, registry, &a, algorithm).await.unwrap();
    let slow = begin(app, registry, &a, algorithm).await.unwrap();
    for id in [left, slow] {
        let session = find(app, registry, &a, id).await.unwrap();
        receive(app, &session, chunk("first")).await.unwrap();
    }
    // What is kept aside of an upload is an object of its own in this store.
    assert_eq!(world.files().await, 2);
    world.pass(TimeDelta::days(4));
    let session = find(app, registry, &a, slow).await.unwrap();
    receive(app, &session, chunk(" second")).await.unwrap();
    world.pass(TimeDelta::days(4));
    assert!(find(app, registry, &a, left).await.is_err());
    let report = world.collect().await;
    let (examined, removed) = (2, 1);
    assert_eq!(report.uploads, Count { examined, removed });
    assert!(report.freed_bytes >= 5);
    assert_eq!(world.documents(&[UPLOAD]).await.len(), 1);

    let session = find(app, registry, &a, slow).await.unwrap();
    let digest = sha256("first second");
    finish(app, registry, &session, chunk(""), &digest)
        .await
        .unwrap();
    assert!(world.has_blob("a", &digest).await);
    world.check().await;
}
