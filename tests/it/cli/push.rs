//! `acr push`: from folders, archives and streams, and what it says to wrong ones.

use super::stage::{REGISTRY, Stage, blob_path, layer};
use crate::process::{Outcome, acr};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn refused(outcome: &Outcome, code: i32, words: &str) {
    assert_eq!(outcome.code, code, "{}", outcome.stderr);
    let is_error = |line: &str| line.starts_with("ERROR: ");
    assert!(outcome.stderr.lines().any(is_error), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains(words),
        "{words}: {}",
        outcome.stderr
    );
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_layout_is_pushed_once_and_found_there_the_second_time() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(1, 300_000), layer(2, 70_000)]);
    let from = text(&layout);
    let pushed = stage.json(&["push", "team/app:v1", "--from", from, "--tag", "latest"]);
    assert_eq!(pushed["digest"], digest);
    assert_eq!(pushed["registry"], stage.host());
    assert_eq!(pushed["repository"], "team/app");
    assert_eq!(pushed["tags"], serde_json::json!(["v1", "latest"]));
    assert_eq!(pushed["transferredBlobs"], 3);
    assert!(pushed["size"].as_u64().unwrap() > 370_000);

    // By the whole name, in another repository, nothing of the old one is there to the client.
    let name = format!("{}/team/app:v1", stage.host());
    let again = stage.json(&["push", &name, "--from", from]);
    assert_eq!(again["transferredBlobs"], 0);
    assert_eq!(again["size"], pushed["size"]);
    // In the path style of a server of our own.
    let port = stage.server.address.port();
    let name = format!("localhost:{port}/{REGISTRY}/team/app:v2");
    let by_path = stage.json(&["push", &name, "--from", from]);
    assert_eq!(by_path["digest"], digest);
    assert_eq!(by_path["transferredBlobs"], 0);
    let table = stage
        .client
        .must(&["push", "team/app:v1", "--from", from, "-o", "table"]);
    assert!(table.starts_with("IMAGE"), "{table}");
}

#[test]
fn what_is_not_the_digest_that_was_named_is_not_pushed() {
    let stage = Stage::set();
    let (before, digest) = stage.layout("before", &[layer(1, 1_000)]);
    let (after, other) = stage.layout("after", &[layer(2, 1_000)]);
    stage.json(&["push", "app:v1", "--from", text(&before)]);
    let image = format!("app:v1@{digest}");
    let outcome = stage.client.run(&["push", &image, "--from", text(&after)]);
    refused(&outcome, 1, &other);
    refused(&outcome, 1, "nothing was pushed");
    let shown = stage.json(&["manifest", "show-metadata", "-r", REGISTRY, "-n", "app:v1"]);
    assert_eq!(shown["digest"], digest);
    stage.json(&["push", &image, "--from", text(&before)]);
}

#[test]
fn an_archive_is_pushed_from_a_file_and_from_standard_input() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(3, 100_000)]);
    stage.json(&["push", "app:v1", "--from", text(&layout)]);
    let archive = stage.path("image.tar");
    stage.json(&["pull", "app:v1", "--to", text(&archive), "--format", "oci"]);
    let pushed = stage.json(&["push", "copy:v1", "--from", text(&archive)]);
    assert_eq!(pushed["digest"], digest);

    let bytes = std::fs::read(&archive).unwrap();
    let pipe = stage.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for from in ["-", "/dev/stdin", text(&pipe)] {
        let mut child = acr(stage.folder.path())
            .args(["push", "piped:v1", "--from", from, "--only-show-errors"])
            .env("ACR_CONFIG_DIR", stage.path("settings"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        match from == text(&pipe) {
            true => std::fs::write(&pipe, &bytes).unwrap(),
            false => stdin.write_all(&bytes).unwrap(),
        }
        drop(stdin);
        let outcome = Outcome::of(child.wait_with_output().unwrap());
        assert_eq!(outcome.code, 0, "{from}: {}", outcome.stderr);
        assert_eq!(outcome.stderr, "");
        assert!(outcome.stdout.contains(&digest), "{}", outcome.stdout);
    }

    // What `docker save` writes goes too; it has no digest of its own.
    let saved = stage.path("saved.tar");
    stage.json(&["pull", "app:v1", "--to", text(&saved)]);
    let pushed = stage.json(&["push", "saved:v1", "--from", text(&saved)]);
    assert_eq!(pushed["blobs"], 2);
}

#[test]
fn wrong_sources_are_named_and_nothing_is_pushed() {
    let stage = Stage::set();
    let push = |name: &str, from: &Path| stage.client.run(&["push", name, "--from", text(from)]);
    let nowhere = stage.path("nowhere");
    refused(&push("app:v1", &nowhere), 1, "nowhere");
    let empty = stage.path("empty");
    std::fs::create_dir(&empty).unwrap();
    refused(&push("app:v1", &empty), 1, "no OCI layout");

    let (damaged, _) = stage.layout("damaged", &[layer(4, 200_000)]);
    let largest = super::stage::sha256(&layer(4, 200_000));
    std::fs::write(blob_path(&damaged, &largest), layer(5, 200_000)).unwrap();
    refused(&push("app:v1", &damaged), 1, &largest[7..]);
    std::fs::write(blob_path(&damaged, &largest), "short").unwrap();
    refused(&push("app:v1", &damaged), 1, "200000");
    std::fs::remove_file(blob_path(&damaged, &largest)).unwrap();
    refused(
        &push("app:v1", &damaged),
        1,
        "it is missing; pull or copy the image",
    );

    let (layout, _) = stage.layout("image", &[layer(6, 100_000)]);
    stage.json(&["push", "other:v1", "--from", text(&layout)]);
    let archive = stage.path("image.tar");
    stage.json(&["pull", "other:v1", "--to", text(&archive)]);
    let bytes = std::fs::read(&archive).unwrap();
    std::fs::write(&archive, &bytes[..bytes.len() / 2]).unwrap();
    refused(&push("app:v1", &archive), 1, "image.tar");
    std::fs::write(&archive, "no archive at all").unwrap();
    refused(&push("app:v1", &archive), 1, "image.tar");
    // Nothing of a file that is none reaches the terminal.
    std::fs::write(&archive, b"\x1b[2J\x07".repeat(300)).unwrap();
    let outcome = push("app:v1", &archive);
    let reason = "neither an OCI layout, a docker-save archive nor a gzip of one";
    refused(&outcome, 1, reason);
    assert!(!outcome.stderr.contains(['\x1b', '\x07']));
    let shown = stage
        .client
        .run(&["pull", "app:v1", "--to", text(&stage.path("out"))]);
    refused(&shown, 1, "app:v1");
}

#[test]
fn wrong_names_are_mistakes_of_the_command_line() {
    let stage = Stage::set();
    let (layout, _) = stage.layout("image", &[layer(7, 10)]);
    let push = |words: &[&str]| {
        let mut line = vec!["push", "--from", text(&layout)];
        line.extend(words);
        stage.client.run(&line)
    };
    refused(&push(&["app:"]), 2, "no tag after it");
    refused(&push(&["app@"]), 2, "no digest after it");
    refused(&push(&["App:v1"]), 2, "\"App:v1\"");
    refused(&push(&["app:v1", "--tag", "a b"]), 2, "--tag");
    refused(&push(&["app:v1", "--platform", "linux"]), 2, "linux/amd64");
    let other = format!("other{}/app:v1", &stage.host()[REGISTRY.len()..]);
    refused(&push(&[&other, "-n", REGISTRY]), 2, "--name/-n");
    refused(
        &push(&["app:v1", "-n", "nosuchregistry"]),
        1,
        "nosuchregistry",
    );
    refused(
        &push(&["app:v1", "-u", "me", "-p", "wrong"]),
        1,
        "CONNECTIVITY_ACCESS_TOKEN_ERROR",
    );
    let (name, password) = stage.admin();
    assert_eq!(push(&["app:v1", "-u", &name, "-p", &password]).code, 0);
    refused(&push(&["app:v1", "-p", &password]), 1, "username");
}

#[test]
fn a_registry_that_is_not_there_is_given_up() {
    let stage = Stage::set();
    let (layout, _) = stage.layout("image", &[layer(8, 10)]);
    let free = crate::process::free_address();
    let name = format!("127.0.0.1:{}/app:v1", free.port());
    let outcome = stage.client.run(&["push", &name, "--from", text(&layout)]);
    refused(&outcome, 1, &free.port().to_string());
    // No engine is asked for an image in this environment.
    let variables = [("DOCKER_HOST", "unix:///nowhere/engine.sock")];
    let outcome = stage.client.run_with(&["push", "app:v1"], &variables);
    refused(&outcome, 1, "/nowhere/engine.sock");
}
