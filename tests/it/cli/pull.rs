//! `acr pull`: into folders, archives and streams, whole or not at all.

use super::stage::{REGISTRY, Stage, blob_path, layer, sha256};
use std::path::Path;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn an_image_comes_back_byte_for_byte() {
    let stage = Stage::set();
    let layers = [layer(1, 400_000), layer(2, 3)];
    let (layout, digest) = stage.layout("image", &layers);
    stage.json(&["push", "app:v1", "--from", text(&layout)]);
    let back = stage.path("back");
    let pulled = stage.json(&["pull", "app:v1", "--to", text(&back)]);
    assert_eq!(pulled["digest"], digest);
    for layer in &layers {
        let bytes = std::fs::read(blob_path(&back, &sha256(layer))).unwrap();
        assert!(bytes == *layer);
    }
    let name = format!("{}/app@{digest}", stage.host());
    let again = stage.json(&["pull", &name, "--to", text(&back)]);
    assert_eq!(again["transferredBlobs"], 0);

    let archive = stage.client.run(&["pull", "app", "--to", "-", "-q"]);
    assert_eq!(archive.code, 2, "there is no -q");
    let missing = stage.client.run(&["pull", "app", "--to", "-"]);
    assert_eq!(missing.code, 1, "{}", missing.stderr);
    assert!(missing.stderr.contains("app:latest"), "{}", missing.stderr);
    let archive = stage.client.run(&["pull", "app:v1", "--to", "-"]);
    assert_eq!(archive.code, 0, "{}", archive.stderr);
    assert!(archive.stdout.contains("manifest.json"));
    assert!(archive.stderr.contains("done"), "{}", archive.stderr);
}

#[test]
fn what_was_begun_is_taken_up_and_what_is_wrong_is_not() {
    let stage = Stage::set();
    let big = layer(3, 900_000);
    let (layout, _) = stage.layout("image", std::slice::from_ref(&big));
    stage.json(&["push", "app:v1", "--from", text(&layout)]);
    let name = sha256(&big);
    let back = stage.path("back");
    let partial = back.join(".partial").join(name.replace(':', "-"));
    let begin = |bytes: &[u8]| {
        std::fs::create_dir_all(partial.parent().unwrap()).unwrap();
        std::fs::write(&partial, bytes).unwrap();
    };
    // As a killed run leaves it.
    stage.json(&["pull", "app:v1", "--to", text(&back)]);
    std::fs::remove_file(blob_path(&back, &name)).unwrap();
    begin(&big[..500_000]);
    let pull = ["pull", "app:v1", "--to", text(&back), "--debug"];
    let outcome = stage.client.run(&pull);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(std::fs::read(blob_path(&back, &name)).unwrap() == big);
    assert!(outcome.stderr.contains("status=206"), "{}", outcome.stderr);

    std::fs::remove_file(blob_path(&back, &name)).unwrap();
    begin(&layer(4, 500_000));
    let outcome = stage.client.run(&pull);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("damaged"), "{}", outcome.stderr);
    assert!(!blob_path(&back, &name).exists());
    assert_eq!(stage.client.run(&pull).code, 0);
}

#[test]
fn wrong_wishes_are_refused() {
    let stage = Stage::set();
    let (layout, _) = stage.layout("image", &[layer(5, 10)]);
    stage.json(&["push", "app:v1", "--from", text(&layout)]);
    let out = stage.path("out");
    let (file, folder) = (stage.path("hosts"), stage.path("folder.tar"));
    std::fs::write(&file, "127.0.0.1 localhost").unwrap();
    std::fs::create_dir(&folder).unwrap();
    let pull = |words: &[&str]| {
        let mut line = vec!["pull"];
        line.extend(words);
        stage.client.run(&line)
    };
    for (words, code, said) in [
        (&["app:v2", "--to", text(&out)][..], 1, "app:v2"),
        (&["app:", "--to", text(&out)], 2, "no tag after it"),
        (
            &["app:v1", "--to", text(&out), "--format", "docker"],
            2,
            ".tar",
        ),
        (&["app:v1", "--format", "oci"], 2, "--to"),
        (&["app:v1", "--all-platforms"], 2, "--to"),
        (
            &["app:v1", "--to", text(&out), "--parallel", "0"],
            2,
            "--parallel",
        ),
        (
            &["app:v1", "--to", text(&stage.path("settings"))],
            1,
            "neither empty nor",
        ),
        (&["app:v1", "--to", text(&file)], 2, "it is a file"),
        (&["app:v1", "--to", text(&folder)], 2, "it is a folder"),
        (&["app:v1", "--to", "app.tgz"], 2, "not compressed"),
        (&["app:v1", "--to", "app.tar.gz"], 2, "not compressed"),
        (
            &["other.example:5000/app", "--to", text(&out), "-n", REGISTRY],
            2,
            "in another registry",
        ),
    ] {
        let outcome = pull(words);
        assert_eq!(outcome.code, code, "{words:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(said),
            "{words:?}: {}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn with_the_name_of_the_registry_the_rest_is_a_repository() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(6, 10)]);
    let name = "mirror.example/team/app:v1";
    let pushed = stage.json(&["push", name, "-n", REGISTRY, "--from", text(&layout)]);
    assert_eq!(pushed["repository"], "mirror.example/team/app");
    assert_eq!(pushed["registry"], stage.host());
    let whole = format!("{}/{name}", stage.host());
    for (image, out) in [(name, "one"), (&*whole, "two")] {
        let out = stage.path(out);
        let pulled = stage.json(&["pull", image, "-n", REGISTRY, "--to", text(&out)]);
        assert_eq!(pulled["digest"], digest, "{image}");
    }
}

#[test]
fn a_pull_that_got_nothing_leaves_nothing_new() {
    let stage = Stage::set();
    let new = stage.path("new");
    let missing = ["pull", "app:nope", "--to", text(&new)];
    assert_eq!(stage.client.run(&missing).code, 1);
    assert!(!new.exists());
    // An empty folder of somebody else's stays, and stays empty.
    std::fs::create_dir(&new).unwrap();
    assert_eq!(stage.client.run(&missing).code, 1);
    assert_eq!(std::fs::read_dir(&new).unwrap().count(), 0);
}

#[test]
fn a_platform_that_cannot_be_chosen_is_remarked() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(6, 10)]);
    let from = text(&layout);
    let told = |words: &[&str]| {
        let outcome = stage.client.run(words);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let pulled: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(pulled["digest"], digest);
        outcome.stderr
    };
    let warning = "WARNING: --platform chooses from a list, and this image is none: it is made for linux/amd64.";
    let push = [
        "push",
        "app:v1",
        "--from",
        from,
        "--platform",
        "linux/arm64",
    ];
    assert!(told(&push).contains(warning));
    let out = stage.path("out");
    let pull = |platform| told(&["pull", "app:v1", "--to", text(&out), "--platform", platform]);
    assert!(pull("linux/arm64").contains(warning));
    assert!(!pull("linux/amd64").contains("WARNING"));
}

#[test]
fn a_host_belongs_to_its_context_whichever_is_in_use() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(4, 100)]);
    let name = format!("{}/app:v1", stage.host());
    stage.client.must(&["context", "use", "azure"]);
    stage.json(&["push", &name, "--from", text(&layout)]);
    let pulled = stage.json(&["pull", &name, "--to", text(&stage.path("back"))]);
    assert_eq!(pulled["digest"], digest);
}
