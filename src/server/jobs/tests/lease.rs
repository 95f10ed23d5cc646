//! One lease, several servers.

use chrono::TimeDelta;

use crate::{
    app::App,
    jobs::lease::{Lease, Taken, end_all},
    testing::Server,
};

const JOB: &str = "test";

async fn take(app: &App, interval: Option<TimeDelta>) -> Option<Lease<'_>> {
    match Lease::take(app, JOB, interval).await.unwrap() {
        Taken::Here(lease) => Some(lease),
        Taken::Elsewhere | Taken::TooSoon => None,
    }
}

#[tokio::test]
async fn one_server_at_a_time_has_it() {
    let server = Server::start().await;
    let other = server.app.clone();
    let lease = take(&server.app, None).await.unwrap();
    assert!(take(&other, None).await.is_none());
    assert!(take(&server.app, None).await.is_none(), "not even itself");
    lease.release().await.unwrap();
    assert!(take(&other, None).await.is_some());
}

#[tokio::test]
async fn of_many_that_reach_for_it_one_gets_it() {
    let server = Server::start().await;
    let other = server.app.clone();
    let attempts = (0..8).map(|number| {
        let app = if number % 2 == 0 { &server.app } else { &other };
        take(app, None)
    });
    let taken = futures_util::future::join_all(attempts).await;
    assert_eq!(taken.iter().flatten().count(), 1);
}

#[tokio::test]
async fn a_lease_that_is_not_renewed_ends() {
    let server = Server::start().await;
    let other = server.app.clone();
    let lost = take(&server.app, None).await.unwrap();
    server.advance(TimeDelta::seconds(29));
    assert!(take(&other, None).await.is_none());
    assert!(lost.renew().await.unwrap(), "it is renewed in time");
    server.advance(TimeDelta::seconds(29));
    assert!(take(&other, None).await.is_none());
    server.advance(TimeDelta::seconds(1));
    let lease = take(&other, None).await.unwrap();
    assert!(!lost.renew().await.unwrap(), "it is another's by now");
    lost.release().await.unwrap();
    assert!(lease.renew().await.unwrap(), "which is nothing to it");
}

#[tokio::test]
async fn what_was_begun_a_moment_ago_is_not_due() {
    let server = Server::start().await;
    let other = server.app.clone();
    let hour = Some(TimeDelta::hours(1));
    let lease = take(&server.app, hour).await.unwrap();
    lease.release().await.unwrap();
    server.advance(TimeDelta::minutes(59));
    assert!(take(&other, hour).await.is_none());
    assert!(take(&server.app, hour).await.is_none());
    server.advance(TimeDelta::minutes(1));
    assert!(take(&other, hour).await.is_some());
}

#[tokio::test]
async fn a_clock_that_was_set_back_puts_nothing_off() {
    let server = Server::start().await;
    let lease = take(&server.app, None).await.unwrap();
    lease.release().await.unwrap();
    server.advance(-TimeDelta::days(300));
    assert!(take(&server.app, Some(TimeDelta::hours(1))).await.is_some());
}

#[tokio::test]
async fn a_server_alone_ends_those_of_the_one_before() {
    let server = Server::start().await;
    let killed = take(&server.app, None).await.unwrap();
    end_all(&server.app).await.unwrap();
    let lease = take(&server.app, None).await.unwrap();
    killed.release().await.unwrap();
    assert!(
        take(&server.app, None).await.is_none(),
        "it is another's now"
    );
    lease.release().await.unwrap();
}
