//! `acr tag`: more names for an image, without its bytes.

use super::stage::{Stage, layer};

#[test]
fn an_image_gets_names_in_its_repository_and_in_others() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(1, 50_000)]);
    let from = layout.to_str().unwrap();
    stage.json(&["push", "app:v1", "--from", from]);
    let told = stage.json(&["tag", "app:v1", ":stable", "app:prod", "copy/of/it:v1"]);
    let names: Vec<&str> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert_eq!(one["digest"], digest);
            one["image"].as_str().unwrap()
        })
        .collect();
    let host = stage.host();
    assert_eq!(
        names,
        [
            format!("{host}/app:stable"),
            format!("{host}/app:prod"),
            format!("{host}/copy/of/it:v1")
        ]
    );
    let out = stage.path("out");
    let pulled = stage.json(&["pull", "copy/of/it:v1", "--to", out.to_str().unwrap()]);
    assert_eq!(pulled["digest"], digest);
    let by_digest = format!("app@{digest}");
    stage.json(&["tag", &by_digest, ":again"]);
}

#[test]
fn names_that_are_none_are_refused_before_anything_is_done() {
    let stage = Stage::set();
    let (layout, digest) = stage.layout("image", &[layer(2, 10)]);
    stage.json(&["push", "app:v1", "--from", layout.to_str().unwrap()]);
    let at_digest = format!("app@{digest}");
    for (words, code, said) in [
        (&["app:v1", "stable"][..], 2, ":stable"),
        (&["app:v1", ":"], 2, "\":\""),
        (&["app:v1", "app:"], 2, "no tag after it"),
        (&["app:v1", &at_digest], 2, "choose its own"),
        (
            &["app:v1", ":good", "other.example/app:v1"],
            2,
            "acr import",
        ),
        (&["app:v1"], 2, "TARGET"),
        (&["app:gone", ":new"], 1, "app:gone"),
    ] {
        let mut line = vec!["tag"];
        line.extend(words);
        let outcome = stage.client.run(&line);
        assert_eq!(outcome.code, code, "{words:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(said),
            "{words:?}: {}",
            outcome.stderr
        );
    }
    let out = stage.path("out");
    let missing = stage
        .client
        .run(&["pull", "app:good", "--to", out.to_str().unwrap()]);
    assert_eq!(missing.code, 1);
}
