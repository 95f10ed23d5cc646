//! A run of a job: its outcome, its figures, its end before time.

use std::{
    future::{pending, ready},
    time::Duration,
};

use chrono::TimeDelta;
use prometheus_client::{encoding::text::encode, registry::Registry};

use crate::{
    app::App,
    domain::Error,
    jobs::{
        job::Job,
        schedule::{Outcome, attempt, run_now, start},
    },
    testing::Server,
};

/// What the test job does.
enum Test {
    Ends,
    Fails,
    Panics,
    Waits,
}

impl Job for Test {
    const NAME: &'static str = "test";
    type Report = &'static str;

    fn interval(&self, _app: &App) -> Option<Duration> {
        None
    }

    async fn run(&self, _app: &App) -> Result<&'static str, Error> {
        match self {
            Self::Ends => Ok("ended"),
            Self::Fails => Err(Error::internal("it is broken")),
            Self::Panics => panic!("on purpose"),
            Self::Waits => pending().await,
        }
    }
}

fn figures(app: &App) -> String {
    let mut registry = Registry::default();
    app.job_figures().register(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    text
}

#[tokio::test]
async fn a_run_is_counted_whatever_comes_of_it() {
    let server = Server::start().await;
    let app = &server.app;
    let done = run_now(app, &Test::Ends).await.unwrap();
    assert!(matches!(done, Outcome::Done("ended")));
    assert!(run_now(app, &Test::Fails).await.is_err());
    assert!(run_now(app, &Test::Panics).await.is_err());
    let text = figures(app);
    assert!(
        text.contains("acr_job_runs_total{job=\"test\"} 3"),
        "{text}"
    );
    assert!(
        text.contains("acr_job_failures_total{job=\"test\"} 2"),
        "{text}"
    );
    assert!(text.contains("acr_job_last_duration_seconds{job=\"test\"} "));
    assert!(text.contains("acr_jobs_running{job=\"test\"} 0"), "{text}");
    // None of them has kept the lease.
    assert!(matches!(
        run_now(app, &Test::Ends).await,
        Ok(Outcome::Done(_))
    ));
}

#[tokio::test]
async fn a_server_that_stops_breaks_a_run_off_and_leaves_the_job_to_others() {
    let server = Server::start().await;
    let other = server.app.clone();
    let broken = attempt(&server.app, &Test::Waits, None, ready(())).await;
    assert!(matches!(broken, Ok(Outcome::Dropped)), "{broken:?}");
    assert!(figures(&server.app).contains("acr_jobs_running{job=\"test\"} 0"));
    let done = run_now(&other, &Test::Ends).await;
    assert!(matches!(done, Ok(Outcome::Done(_))));
}

#[tokio::test]
async fn a_run_elsewhere_is_waited_for() {
    let server = Server::start().await;
    let other = server.app.clone();
    let running = attempt(&server.app, &Test::Waits, None, async {
        let meanwhile = run_now(&other, &Test::Ends).await;
        assert!(matches!(meanwhile, Ok(Outcome::Elsewhere)), "{meanwhile:?}");
    });
    running.await.unwrap();
    let again = attempt(&other, &Test::Ends, Some(TimeDelta::hours(1)), pending()).await;
    assert!(
        matches!(again, Ok(Outcome::Elsewhere)),
        "it has just been begun"
    );
}

#[tokio::test]
async fn jobs_end_when_they_are_told_to() {
    let server = Server::start_with(|options| {
        options.gc_interval = Some(Duration::from_secs(3600));
    })
    .await;
    start(&server.app).stop().await;
    assert!(matches!(
        run_now(&server.app, &Test::Ends).await,
        Ok(Outcome::Done(_))
    ));
}
