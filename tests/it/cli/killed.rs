//! Transfers that are killed in the middle, and the runs after them.

use super::gate::{Gate, PATIENCE, Way};
use super::stage::{REGISTRY, Stage, blob_path, layer, sha256};
use crate::process::acr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

/// What passes for everything but layers: handshakes, tokens, manifests.
const AROUND: u64 = 200_000;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A stage whose registry is behind a gate.
fn gated() -> (Stage, Gate) {
    let stage = Stage::set();
    let gate = Gate::before(&stage.server);
    let file = gate.admin_file(&stage.server, stage.folder.path());
    for words in [
        &["context", "add", "gate", "--admin-file", text(&file)][..],
        &["context", "use", "gate"],
    ] {
        stage.client.must(words);
    }
    (stage, gate)
}

fn image(gate: &Gate) -> String {
    format!("{REGISTRY}.localhost:{}/app:v1", gate.address.port())
}

fn start(stage: &Stage, words: &[&str]) -> Child {
    acr(stage.folder.path())
        .args(words)
        .env("ACR_CONFIG_DIR", stage.path("settings"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "it was still at work");
}

#[test]
fn a_killed_pull_goes_on_where_it_was() {
    let (stage, gate) = gated();
    let big = layer(2, 6_000_000);
    let layers = [layer(1, 500_000), big.clone()];
    let (layout, digest) = stage.layout("image", &layers);
    let image = image(&gate);
    stage.json(&["push", &image, "--from", text(&layout)]);
    let back = stage.path("back");
    let pull = ["pull", &image, "--to", text(&back), "--parallel", "1"];
    gate.shut_after(Way::Down, 3_000_000);
    let child = start(&stage, &pull);
    gate.wait_until_shut();
    // What has passed the gate need not have reached the disk yet.
    let partial = back.join(".partial").join(sha256(&big).replace(':', "-"));
    let kept = || partial.metadata().map_or(0, |found| found.len());
    let start = Instant::now();
    while kept() < 2_000_000 {
        assert!(start.elapsed() < PATIENCE, "only {} bytes came", kept());
        std::thread::yield_now();
    }
    kill(child);
    let kept = kept();
    assert!(kept < big.len() as u64, "{kept}");

    gate.open();
    let before = gate.passed(Way::Down);
    let pulled = stage.json(&pull);
    let missing = big.len() as u64 - kept;
    assert_eq!(pulled["digest"], digest);
    assert_eq!(pulled["transferredBlobs"], 1, "{pulled}");
    assert_eq!(pulled["transferredBytes"], missing, "{pulled}");
    assert!(gate.passed(Way::Down) - before < missing + AROUND);
    for layer in &layers {
        let bytes = std::fs::read(blob_path(&back, &sha256(layer))).unwrap();
        assert!(bytes == *layer);
    }
    assert!(!back.join(".partial").exists());
}

#[test]
fn a_terminated_pull_leaves_no_half_archive() {
    let (stage, gate) = gated();
    let (layout, _) = stage.layout("image", &[layer(5, 3_000_000)]);
    let image = image(&gate);
    stage.json(&["push", &image, "--from", text(&layout)]);
    let folder = stage.path("archives");
    std::fs::create_dir(&folder).unwrap();
    gate.shut_after(Way::Down, 1_000_000);
    let to = folder.join("app.tar");
    let mut child = start(&stage, &["pull", &image, "--to", text(&to)]);
    gate.wait_until_shut();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let id = child.id().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(told.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_killed_push_sends_nothing_again_that_had_arrived() {
    let (stage, gate) = gated();
    let layers = [layer(3, 3_000_000), layer(4, 2_000_000)];
    let (layout, digest) = stage.layout("image", &layers);
    let image = image(&gate);
    let push = ["push", &image, "--from", text(&layout), "--parallel", "1"];
    gate.shut_after(Way::Up, 4_000_000);
    let child = start(&stage, &push);
    // One after the other: as the second is on its way, the first has arrived.
    gate.wait_until_shut();
    kill(child);

    gate.open();
    let before = gate.passed(Way::Up);
    let pushed = stage.json(&push);
    assert_eq!(pushed["digest"], digest);
    assert_eq!(pushed["transferredBlobs"], 1, "{pushed}");
    assert_eq!(pushed["transferredBytes"], 2_000_000, "{pushed}");
    assert!(gate.passed(Way::Up) - before < 2_000_000 + AROUND);
    let back = stage.path("back");
    let pulled = stage.json(&["pull", &image, "--to", text(&back)]);
    assert_eq!(pulled["digest"], digest);
    for layer in &layers {
        let bytes = std::fs::read(blob_path(&back, &sha256(layer))).unwrap();
        assert!(bytes == *layer);
    }
}

#[test]
fn a_push_killed_within_a_large_blob_goes_on_within_it() {
    let (stage, gate) = gated();
    let big = layer(6, 20_000_000);
    let (layout, digest) = stage.layout("image", std::slice::from_ref(&big));
    let image = image(&gate);
    let push = ["push", &image, "--from", text(&layout), "--parallel", "1"];
    let notes = stage.path("settings").join("unfinished");
    let notes_left = || std::fs::read_dir(&notes).map_or(0, Iterator::count);
    gate.shut_after(Way::Up, 12_000_000);
    let child = start(&stage, &push);
    gate.wait_until_shut();
    kill(child);
    assert_eq!(notes_left(), 1);
    gate.open();
    // The server keeps what has come as it finds the connection cut.
    let start = Instant::now();
    while !has_upload_broken_off(&stage) {
        assert!(start.elapsed() < PATIENCE, "{}", stage.server.log());
        std::thread::yield_now();
    }
    let before = gate.passed(Way::Up);
    let pushed = stage.json(&push);
    assert_eq!(pushed["digest"], digest);
    let sent = pushed["transferredBytes"].as_u64().unwrap();
    assert!((8_000_000..9_000_000).contains(&sent), "{pushed}");
    assert!(gate.passed(Way::Up) - before < sent + AROUND);
    assert_eq!(notes_left(), 0);
    let back = stage.path("back");
    stage.json(&["pull", &image, "--to", text(&back)]);
    assert!(std::fs::read(blob_path(&back, &sha256(&big))).unwrap() == big);
}

/// Whether the server has seen to a blob whose content broke off.
fn has_upload_broken_off(stage: &Stage) -> bool {
    let log = stage.server.log();
    let mut uploads = log
        .lines()
        .filter(|line| line.contains(r#""method":"PUT""#) && line.contains("/blobs/uploads/"));
    uploads.any(|line| line.contains(r#""status":400"#))
}
