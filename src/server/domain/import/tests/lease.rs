//! The lease of an import that is worked on.

use std::pin::Pin;

use futures_util::{FutureExt, future::maybe_done};

use super::{
    fixture::{World, from_host, registry},
    source::Source,
};
use crate::domain::import::{
    job::{COLLECTION, Held},
    work::{WORKING, while_held},
};

#[tokio::test]
async fn it_is_renewed_although_the_work_has_all_connections_to_the_database() {
    let (world, source) = (World::start().await, Source::start().await);
    source.image("app", Some("v1"), "x");
    source.gate.forget_permits(usize::MAX);
    let id = world
        .begin(from_host(&source.host, "app:v1", &["app:v1"]))
        .await;
    let app = &world.server.app;
    let key = format!("{}/{id}", registry(app, "target").await.registry_id);
    let stored = || async { app.meta().get(COLLECTION, &key).await.unwrap().unwrap() };
    let mut held = Held::of(&stored().await).unwrap();
    held.job.holder = "another".to_owned();
    let work = async {
        let read = |_| maybe_done(Box::pin(app.meta().get("nothing", "at all")));
        let mut reads: Vec<_> = (0..32).map(read).collect();
        for read in &mut reads {
            // Those that come to no end at once keep their connections from now on.
            let _ = read.now_or_never();
        }
        tokio::task::yield_now().await;
        for read in &mut reads {
            (&mut *read).await;
            assert_eq!(Pin::new(read).take_output(), Some(Ok(None)));
        }
    };
    assert!(while_held(app, &mut held, WORKING, work).await.is_some());
    let stored = stored().await;
    assert_eq!(Held::of(&stored).unwrap().job.holder, "another");
    assert_eq!(held.revision, stored.revision, "the renewal was not read");
}
