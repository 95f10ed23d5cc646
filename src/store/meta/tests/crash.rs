//! Acknowledged commits outlive a writer that is killed: the test runs itself again as the writer.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{Batch, Meta, Target};

const SQLITE_FILE: &str = "ACR_TEST_CRASH_SQLITE";
const POSTGRES_URL: &str = "ACR_TEST_CRASH_POSTGRES";
const MARK: &str = "acknowledged ";

/// Acknowledgements to wait for before the kill.
const ENOUGH: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    let folder = TempDir::new().unwrap();
    acknowledged_commits_outlive(&Target::Sqlite(folder.path().join("meta.db"))).await;
}

pub(super) async fn acknowledged_commits_outlive(target: &Target) {
    for round in 0..3 {
        let acknowledged = run_and_kill(target);
        assert!(acknowledged.len() >= ENOUGH);
        let meta = Meta::open(target).await.unwrap();
        for key in &acknowledged {
            assert!(
                meta.get("first", key).await.unwrap().is_some(),
                "round {round}: {key} is lost"
            );
        }
        let (first, second) = (
            meta.count("first", "").await,
            meta.count("second", "").await,
        );
        assert_eq!(first, second, "round {round}: half a batch is there");
        meta.close().await;
    }
}

/// Runs the writer, kills it amid its work and answers what it said it had committed.
fn run_and_kill(target: &Target) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    match target {
        Target::Sqlite(path) => command.env(SQLITE_FILE, path),
        Target::Postgres(url) => command.env(POSTGRES_URL, url),
    };
    let mut writer = command
        .args(["--exact", "meta::tests::crash::writer", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(writer.stdout.take().unwrap()).lines() {
        if let Some(key) = line.unwrap().strip_prefix(MARK) {
            acknowledged.push(key.to_owned());
        }
        if acknowledged.len() == ENOUGH {
            writer.kill().unwrap();
        }
    }
    writer.wait().unwrap();
    acknowledged
}

/// Does nothing unless it was started by [`run_and_kill`].
#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings but the environment"
)]
async fn writer() {
    let target = match (std::env::var_os(SQLITE_FILE), std::env::var(POSTGRES_URL)) {
        (Some(path), _) => Target::Sqlite(path.into()),
        (None, Ok(url)) => Target::Postgres(url),
        (None, Err(_)) => return,
    };
    let meta = Meta::open(&target).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let meta = meta.clone();
        tasks.spawn(async move {
            loop {
                let key = uuid::Uuid::new_v4().to_string();
                meta.commit(
                    Batch::new()
                        .insert("first", &key, &key)
                        .insert("second", &key, &key),
                )
                .await
                .unwrap();
                let mut output = io::stdout().lock();
                writeln!(output, "{MARK}{key}").unwrap();
            }
        });
    }
    tasks.join_all().await;
}
