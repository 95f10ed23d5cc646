//! `acr purge` on repositories with indexes, signatures and locks.

use super::images::{Images, digest};
use crate::process::{Client, Outcome, Server};
use crate::registry::Registry;
use serde_json::Value;

struct World {
    client: Client,
    images: Images,
    _server: Server,
    _folder: tempfile::TempDir,
}

impl World {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        Self {
            images: Images::of(Registry::create(&server, folder.path(), "myregistry")),
            client: Client::of(&server, folder.path()),
            _server: server,
            _folder: folder,
        }
    }

    fn purge(&self, words: &[&str]) -> Outcome {
        self.client
            .run(&[&["purge", "-r", "myregistry"][..], words].concat())
    }

    /// Purges, and gives the rows.
    fn rows(&self, words: &[&str]) -> Vec<Value> {
        let outcome = self.purge(words);
        assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.stderr);
        serde_json::from_str(&outcome.stdout).unwrap()
    }
}

fn with<'a>(rows: &'a [Value], action: &str) -> Vec<&'a str> {
    let rows = rows.iter().filter(|row| row["action"] == action);
    rows.map(|row| row["tag"].as_str().or(row["digest"].as_str()).unwrap())
        .collect()
}

#[test]
fn what_a_tag_needs_survives() {
    let world = World::start();
    let images = &world.images;
    let part = images.image("app", None, "amd64");
    let inner = images.index("app", None, &[&part]);
    let kept = images.index("app", Some("v1"), &[&inner]);
    let signature = images.referrer("app", &kept, "signature");
    let old_part = images.image("app", None, "old amd64");
    let old = images.index("app", Some("dev-1"), &[&old_part, &part]);
    let old_signature = images.referrer("app", &old, "old signature");
    let dangling = images.image("app", None, "dangling");
    let words = ["--filter", "app:^dev-", "--ago", "0d", "--untagged"];
    let plan = world.rows(&[&words[..], &["--dry-run"]].concat());
    let mut planned = with(&plan, "delete");
    assert_eq!(planned.remove(0), "dev-1");
    assert_eq!(
        planned[0],
        digest(&old),
        "an index goes before what it lists"
    );
    let mut doomed = [&old, &old_part, &old_signature, &dangling].map(digest);
    doomed.sort_unstable();
    planned.sort_unstable();
    assert_eq!(planned, doomed);
    assert!(images.has("app", "dev-1"), "a dry run deletes nothing");
    let outcome = world.purge(&words);
    assert_eq!(outcome.code, 1, "nobody can be asked: {}", outcome.stderr);
    assert!(
        outcome.stderr.contains("--yes") && images.has("app", "dev-1"),
        "{}",
        outcome.stderr
    );
    let rows = world.rows(&[&words[..], &["--yes"]].concat());
    assert_eq!(with(&rows, "deleted").len(), 5, "{rows:?}");
    for gone in doomed {
        assert!(!images.has("app", gone));
    }
    for stays in [&part, &inner, &kept, &signature].map(digest) {
        assert!(images.has("app", stays));
    }
    assert!(with(&world.rows(&[&words[..], &["--yes"]].concat()), "deleted").is_empty());
}

#[test]
fn age_number_and_locks_spare_tags() {
    let world = World::start();
    for tag in ["a", "b", "c", "locked"] {
        world.images.image("app", Some(tag), tag);
    }
    world.images.image("other/app", Some("a"), "a");
    let lock = [
        "repository",
        "update",
        "-n",
        "myregistry",
        "--image",
        "app:locked",
        "--write-enabled",
        "false",
    ];
    world.client.must(&lock);
    assert!(
        world
            .rows(&["--filter", ".*:.*", "--ago", "1h", "--yes"])
            .is_empty()
    );
    let rows = world.rows(&["--filter", "app:.*", "--ago", "0d", "--keep", "2", "--yes"]);
    assert_eq!(
        (with(&rows, "deleted"), with(&rows, "keep").len()),
        (vec!["a"], 3)
    );
    assert!(
        world.images.has("other/app", "a"),
        "a repository is matched whole"
    );
    let rows = world.rows(&[
        "--filter",
        "app:.*",
        "--ago",
        "0d",
        "--include-locked",
        "--untagged",
        "-y",
    ]);
    assert!(with(&rows, "deleted").contains(&"locked"), "{rows:?}");
    assert!(!world.images.has("app", "locked"));
    let rows = world.rows(&["--untagged-only", "--yes"]);
    assert!(with(&rows, "deleted").is_empty(), "{rows:?}");
}

#[test]
fn a_table_shows_what_goes_and_why() {
    let world = World::start();
    world.images.image("app", Some("dev"), "x");
    let table = world.purge(&[
        "--filter",
        "a.*:dev",
        "--ago",
        "0d",
        "--dry-run",
        "-o",
        "table",
    ]);
    let head = table.stdout.lines().next().unwrap_or_default();
    let titles: Vec<&str> = head.split_whitespace().collect();
    assert_eq!(titles, ["REPOSITORY", "TAG", "DIGEST", "ACTION", "REASON"]);
    assert!(table.stdout.contains("delete"), "{}", table.stdout);
    assert!(
        table.stderr.contains("1 tag would be deleted"),
        "{}",
        table.stderr
    );
}

#[test]
fn a_command_line_that_makes_no_sense_deletes_nothing() {
    let world = World::start();
    world.images.image("app", Some("v1"), "x");
    for (words, code, why) in [
        (&[][..], 2, "--filter"),
        (&["--filter", "app:.*"], 2, "--ago"),
        (&["--filter", "app", "--ago", "1d"], 2, "no colon"),
        (
            &["--filter", "app:", "--ago", "1d"],
            2,
            "no expression for tags",
        ),
        (
            &["--filter", "app:^(?!v)", "--ago", "1d"],
            2,
            "cannot look around",
        ),
        (&["--filter", "app:.*", "--ago=-1d"], 2, "--ago"),
        (&["--filter", "app:.*", "--ago", "1"], 2, "no duration"),
        (
            &["--filter", "app:.*", "--ago", "0d", "--concurrency", "33"],
            2,
            "33",
        ),
        (&["--untagged-only", "--keep", "1"], 2, "--keep"),
    ] {
        let outcome = world.purge(&[words, &["--yes"]].concat());
        assert_eq!(outcome.code, code, "{words:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(why),
            "{words:?}: {}",
            outcome.stderr
        );
    }
    let outcome = world.purge(&["--filter", "nosuch:.*", "--ago", "0d", "--yes"]);
    assert_eq!((outcome.code, outcome.stdout.trim()), (0, "[]"));
    assert!(
        outcome.stderr.contains("no repository 'nosuch'"),
        "{}",
        outcome.stderr
    );
    assert!(world.images.has("app", "v1"));
}

impl World {
    /// Locks an image against deletion, or a whole repository.
    fn lock(&self, option: &str, name: &str) {
        let words = ["repository", "update", "-n", "myregistry", option, name];
        self.client
            .must(&[&words[..], &["--delete-enabled", "false"]].concat());
    }

    fn is_locked(&self, image: &str) -> bool {
        let words = ["repository", "show", "-n", "myregistry", "--image", image];
        let shown = self.client.must(&words);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        shown["changeableAttributes"]["deleteEnabled"] == false
    }
}

#[test]
fn a_locked_repository_keeps_its_tags_and_their_locks() {
    let world = World::start();
    for tag in ["v1", "v2"] {
        world.images.image("app", Some(tag), tag);
    }
    world.images.image("app", None, "dangling");
    world.lock("--image", "app:v2");
    world.lock("--repository", "app");
    for how in ["--dry-run", "--yes"] {
        let words = ["--filter", "app:.*", "--ago", "0d", "--untagged"];
        let outcome = world.purge(&[&words[..], &["--include-locked", how]].concat());
        assert_eq!(outcome.code, 0, "{how}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("There is nothing to delete."),
            "{how}: {}",
            outcome.stderr
        );
        let rows: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(with(&rows, "keep").len(), rows.len(), "{how}: {rows:?}");
        assert!(
            rows.iter()
                .all(|row| row["reason"] == "its repository is locked"),
            "{rows:?}"
        );
        assert!(world.is_locked("app:v2"), "{how}");
    }
}

#[test]
fn what_was_unlocked_and_cannot_be_deleted_is_locked_again() {
    let world = World::start();
    world.images.image("app", Some("v1"), "x");
    world.lock("--image", "app:v1");
    let rights = ["content/read", "metadata/read", "metadata/write"];
    let words = [
        "token",
        "create",
        "-n",
        "helper",
        "-r",
        "myregistry",
        "--repository",
        "app",
    ];
    let made = world.client.must(&[&words[..], &rights].concat());
    let made: Value = serde_json::from_str(&made).unwrap();
    let password = made["credentials"]["passwords"][0]["value"]
        .as_str()
        .unwrap();
    let words = [
        "--filter",
        "app:.*",
        "--ago",
        "0d",
        "--include-locked",
        "--yes",
    ];
    let outcome = world.purge(&[&words[..], &["-u", "helper", "-p", password]].concat());
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let rows: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(with(&rows, "failed"), ["v1"], "{rows:?}");
    assert!(world.is_locked("app:v1"));
}
