//! Layout folders with several images: each keeps its name, and a name means one of them.

use super::stage::{Stage, layer};
use serde_json::Value;
use std::path::Path;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Pushes an image of its own and gives its digest.
fn put(stage: &Stage, name: &str, seed: u32) -> String {
    let (layout, digest) = stage.layout(&format!("image{seed}"), &[layer(seed, 1_000)]);
    stage.json(&["push", name, "--from", text(&layout)]);
    digest
}

/// What other tools find the images of a folder by, and the digests.
fn found_by(folder: &Path) -> Vec<(String, String)> {
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let index: Value = serde_json::from_slice(&index).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |entry: &Value| {
        let name = &entry["annotations"]["org.opencontainers.image.ref.name"];
        (text(name), text(&entry["digest"]))
    };
    let entries = index["manifests"].as_array().unwrap();
    entries.iter().map(entry).collect()
}

#[test]
fn images_of_one_tag_lie_in_one_folder_and_none_takes_the_name_of_another() {
    let stage = Stage::set();
    let (first, second) = (put(&stage, "a/x:v1", 1), put(&stage, "b/y:v1", 2));
    let both = stage.path("both");
    let to = text(&both);
    let pull = |name| stage.client.run(&["pull", name, "--to", to]);
    assert!(!pull("a/x:v1").stderr.contains("WARNING"));
    let whole = format!("{}/b/y:v1", stage.host());
    let told = pull("b/y:v1").stderr;
    let warning = format!(
        "WARNING: Another image has the tag v1 in this folder and keeps it: other tools find this one as {whole}."
    );
    assert!(told.contains(&warning), "{told}");
    let expected = [("v1".to_owned(), first), (whole.clone(), second.clone())];
    assert_eq!(found_by(&both), expected);

    // An image that has changed keeps its place.
    let newer = put(&stage, "a/x:v1", 3);
    pull("a/x:v1");
    let found = found_by(&both);
    assert!(
        found.contains(&("v1".to_owned(), newer.clone())),
        "{found:?}"
    );
    assert_eq!(found.len(), 2);

    let push = |wanted: &[&str]| {
        let line = ["push", "copy:v1", "--from", to];
        stage.client.run(&[&line[..], wanted].concat())
    };
    for (wanted, digest) in [
        ("b/y:v1", &second),
        (&whole, &second),
        (&second, &second),
        ("x:v1", &newer),
    ] {
        let outcome = push(&["--source-image", wanted]);
        assert_eq!(outcome.code, 0, "{wanted}: {}", outcome.stderr);
        assert!(outcome.stdout.contains(digest), "{}", outcome.stdout);
    }
    for wanted in [&[][..], &["--source-image", "v1"]] {
        let outcome = push(wanted);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        let listed = format!("{whole}, {}/a/x:v1", stage.host());
        assert!(outcome.stderr.contains(&listed), "{}", outcome.stderr);
        assert!(
            outcome
                .stderr
                .contains("--source-image chooses one of them")
        );
    }
}
