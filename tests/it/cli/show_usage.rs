//! `acr show-usage` of repositories that share layers.

use super::images::Images;
use crate::process::{Client, Server};
use crate::registry::Registry;
use serde_json::Value;

#[test]
fn repositories_show_what_is_theirs_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let images = Images::of(Registry::create(&server, folder.path(), "myregistry"));
    let client = Client::of(&server, folder.path());
    let first = images.image("one", Some("v1"), "shared by both");
    images.image("two", Some("v1"), "shared by both");
    let second = images.image("two", Some("v2"), "of two alone");
    images.index("two", Some("all"), &[&second]);
    let shown = client.must(&["show-usage", "-n", "myregistry", "--by-repository"]);
    let rows: Value = serde_json::from_str(&shown).unwrap();
    let shared = ("shared by both".len() + "{}".len()) as u64;
    let manifest = first["size"].as_u64().unwrap();
    let one = &rows[0];
    assert_eq!(
        (&one["repository"], &one["manifests"], &one["tags"]),
        (&"one".into(), &1.into(), &1.into())
    );
    assert_eq!(
        (&one["sharedBytes"], &one["uniqueBytes"]),
        (&shared.into(), &manifest.into())
    );
    assert_eq!(one["totalBytes"], shared + manifest);
    let two = &rows[1];
    assert_eq!(
        (&two["manifests"], &two["tags"], &two["sharedBytes"]),
        (&3.into(), &3.into(), &shared.into())
    );
    assert!(two["uniqueBytes"].as_u64().unwrap() > manifest + "of two alone".len() as u64);
    let table = client.must(&[
        "show-usage",
        "-n",
        "myregistry",
        "--repository",
        "one",
        "-o",
        "table",
    ]);
    assert!(
        table.contains("UNIQUE") && table.contains("16 B") && !table.contains("two"),
        "{table}"
    );
    let missing = client.run(&["show-usage", "-n", "myregistry", "--repository", "three"]);
    assert_eq!(missing.code, 1);
    assert!(
        missing.stderr.contains("no repository 'three'"),
        "{}",
        missing.stderr
    );
    let plain = client.must(&[
        "show-usage",
        "-n",
        "myregistry",
        "--query",
        "value[].name",
        "-o",
        "tsv",
    ]);
    assert!(plain.contains("Size") && !plain.contains("one"), "{plain}");
}
