//! What was acknowledged outlives a writer that is killed: the test runs itself again as the writer.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use bytes::Bytes;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::blob::{Blobs, Error, Hashes, Key, State, Target};

use super::fixture::{MIB, content, read, sha256};

const FOLDER: &str = "ACR_TEST_CRASH_BLOBS";
const FINISHED: &str = "finished ";
const SUSPENDED: &str = "suspended ";

/// Acknowledgements to wait for before the kill.
const ENOUGH: usize = 40;

/// What the writer puts under a key, so that every blob it left can be judged.
fn content_of(key: &Key) -> Bytes {
    let seed = u64::from_str_radix(&key.as_str()[..8], 16).unwrap();
    content(seed, seed as usize % (4 * MIB))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_half() {
    let folder = TempDir::new().unwrap();
    for round in 0..3 {
        let (finished, suspended) = run_and_kill(folder.path());
        let blobs = Blobs::open(&Target::Local(folder.path().to_owned()))
            .await
            .unwrap();
        for key in &finished {
            let read = read(&blobs, key).await.unwrap();
            assert!(read == content_of(key), "round {round}: {key}");
        }
        for (key, state) in suspended {
            goes_on(&blobs, &key, &state).await;
        }
        let entries = blobs.list(None, usize::MAX).await.unwrap();
        assert!(entries.len() >= finished.len());
        for entry in entries {
            match read(&blobs, &entry.key).await {
                Ok(read) => assert!(entry.is_finished && read == content_of(&entry.key)),
                Err(error) => {
                    assert!(!entry.is_finished, "round {round}: {entry:?}");
                    assert!(matches!(error, Error::NotFound { .. }));
                }
            }
            blobs.remove(&entry.key).await.unwrap();
        }
        assert_eq!(blobs.list(None, 1).await, Ok(vec![]));
    }
}

async fn goes_on(blobs: &Blobs, key: &Key, state: &State) {
    let whole = content_of(key);
    let mut upload = match blobs.resume(key, state).await {
        // The kill came after the end of the upload and before its acknowledgement was read.
        Err(Error::NotFound { .. }) => return,
        resumed => resumed.unwrap(),
    };
    upload
        .append(whole.slice(state.size() as usize..))
        .await
        .unwrap();
    let finished = upload.finish().await.unwrap();
    assert_eq!(finished.sha256, sha256(&whole), "{key}");
}

/// Runs the writer, kills it amid its work and answers what it said it had finished and put aside.
fn run_and_kill(folder: &Path) -> (Vec<Key>, HashMap<Key, State>) {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .env(FOLDER, folder)
        .args(["--exact", "blob::tests::crash::writer", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut finished, mut suspended) = (Vec::new(), HashMap::new());
    for line in BufReader::new(writer.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some(key) = line.strip_prefix(FINISHED) {
            let key: Key = key.parse().unwrap();
            suspended.remove(&key);
            finished.push(key);
        } else if let Some(upload) = line.strip_prefix(SUSPENDED) {
            let (key, state) = upload.split_once(' ').unwrap();
            suspended.insert(key.parse().unwrap(), serde_json::from_str(state).unwrap());
        }
        if finished.len() == ENOUGH {
            writer.kill().unwrap();
        }
    }
    writer.wait().unwrap();
    assert!(finished.len() >= ENOUGH);
    (finished, suspended)
}

/// Does nothing unless it was started by [`run_and_kill`].
#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings but the environment"
)]
async fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let blobs = Blobs::open(&Target::Local(folder.into())).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let blobs = blobs.clone();
        tasks.spawn(async move {
            loop {
                write_in_two_halves(&blobs).await;
            }
        });
    }
    tasks.join_all().await;
}

async fn write_in_two_halves(blobs: &Blobs) {
    let key = Key::random();
    let whole = content_of(&key);
    let half = whole.len() / 2;
    let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
    upload.append(whole.slice(..half)).await.unwrap();
    let state = upload.suspend().await.unwrap();
    let stored = serde_json::to_string(&state).unwrap();
    say(&format!("{SUSPENDED}{key} {stored}"));
    drop(upload);
    let mut upload = blobs.resume(&key, &state).await.unwrap();
    upload.append(whole.slice(half..)).await.unwrap();
    upload.finish().await.unwrap();
    say(&format!("{FINISHED}{key}"));
}

fn say(line: &str) {
    writeln!(io::stdout().lock(), "{line}").unwrap();
}
