//! Command lines by which people have lost more than they meant to, or were told less than they needed.

use super::images::{Images, digest};
use crate::process::{Client, Outcome, Server};
use crate::registry::Registry;
use serde_json::{Value, json};

const REGISTRY: &str = "myregistry";

struct World {
    client: Client,
    images: Images,
    server: Server,
    _folder: tempfile::TempDir,
}

impl World {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        Self {
            images: Images::of(Registry::create(&server, folder.path(), REGISTRY)),
            client: Client::of(&server, folder.path()),
            server,
            _folder: folder,
        }
    }

    /// Runs a command line on the registry.
    fn run(&self, words: &[&str]) -> Outcome {
        self.client.run(&[words, &["-n", REGISTRY]].concat())
    }

    fn must(&self, words: &[&str]) -> Value {
        let outcome = self.run(words);
        assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.stderr);
        serde_json::from_str(&outcome.stdout).unwrap_or_default()
    }

    /// That a command line fails without a trace of the program's insides; gives what it says.
    #[track_caller]
    fn refused(&self, words: &[&str]) -> String {
        let outcome = self.client.run(words);
        assert_ne!(outcome.code, 0, "{words:?}: {}", outcome.stdout);
        assert!(outcome.stderr.contains("ERROR: "), "{}", outcome.stderr);
        for inside in ["panicked", "Traceback", "src/"] {
            assert!(!outcome.stderr.contains(inside), "{}", outcome.stderr);
        }
        outcome.stderr
    }

    fn repository(&self, name: &str) -> Value {
        self.must(&["repository", "show", "--repository", name])
    }
}

#[test]
fn an_empty_variable_never_means_the_whole_repository() {
    let world = World::start();
    world.images.image("app", Some("v1"), "one");
    let before = world.repository("app");
    let on = ["-n", REGISTRY];
    for image in ["app:", "app@", ""] {
        for words in [
            &["repository", "delete", "-y", "--image", image][..],
            &["repository", "untag", "--image", image],
            &[
                "repository",
                "update",
                "--write-enabled",
                "false",
                "--image",
                image,
            ],
            &["repository", "show", "--image", image],
        ] {
            world.refused(&[words, &on].concat());
        }
        for words in [
            &["manifest", "delete", "-y", "-r", REGISTRY, "-n", image][..],
            &[
                "manifest",
                "update-metadata",
                "--write-enabled",
                "false",
                "-r",
                REGISTRY,
                "-n",
                image,
            ],
        ] {
            world.refused(words);
        }
    }
    world.refused(&[&["repository", "delete", "-y", "--repository", ""][..], &on].concat());
    world.refused(
        &[
            &["repository", "delete", "-y", "--repository", "app:v1"][..],
            &on,
        ]
        .concat(),
    );
    assert_eq!(world.repository("app"), before);
    assert!(world.images.has("app", "v1"));
}

#[test]
fn an_image_is_named_as_docker_names_it() {
    let world = World::start();
    let first = world.images.image("app", Some("v1"), "one");
    world.images.image("app", Some("v1"), "two");
    // With a tag and a digest, the digest says which content: the tag has moved on.
    let pinned = format!("app:v1@{}", digest(&first));
    let shown = world.must(&["repository", "show", "--image", &pinned]);
    assert_eq!(shown["digest"], first["digest"]);
    let host = format!("{REGISTRY}.localhost:{}", world.server.address.port());
    for name in [
        format!("{host}/app:v1"),
        format!("{}/app:v1", host.to_uppercase()),
    ] {
        let shown = world.must(&["repository", "show", "--image", &name]);
        assert_eq!(shown["name"], "v1", "{name}");
    }
    world.must(&["repository", "delete", "-y", "--image", &pinned]);
    assert!(!world.images.has("app", digest(&first)));
    assert!(world.images.has("app", "v1"));
}

#[test]
fn deleting_an_image_says_what_goes_with_it_and_untagging_takes_the_tag_alone() {
    let world = World::start();
    let image = world.images.image("app", Some("v1"), "one");
    world.images.image("app", Some("v2"), "one");
    let asked = world.refused(&["repository", "delete", "--image", "app:v1", "-n", REGISTRY]);
    assert!(asked.contains("--yes"), "{asked}");
    assert!(world.images.has("app", "v1") && world.images.has("app", "v2"));
    world.must(&["repository", "untag", "--image", "app:v1"]);
    assert!(!world.images.has("app", "v1") && world.images.has("app", digest(&image)));
    world.images.image("app", Some("v1"), "one");
    let deleted = world.run(&["repository", "delete", "-y", "--image", "app:v1"]);
    assert_eq!(deleted.code, 0, "{}", deleted.stderr);
    for tag in ["app:v1", "app:v2"] {
        assert!(deleted.stderr.contains(tag), "{}", deleted.stderr);
    }
    assert!(!world.images.has("app", "v2"));
    let help = world.client.must(&["repository", "delete", "--help"]);
    assert!(help.contains("untag"), "{help}");
}

#[test]
fn lists_agree_on_the_tags_of_an_image_however_many_there_are() {
    let world = World::start();
    let mut tags: Vec<String> = (0..105).map(|n| format!("v{n}")).collect();
    for tag in &tags {
        world.images.image("deep/app", Some(tag), "one");
    }
    tags.sort();
    let shown = world.must(&["repository", "show-tags", "--repository", "deep/app"]);
    assert_eq!(shown, json!(tags));
    let few = world.must(&[
        "repository",
        "show-tags",
        "--repository",
        "deep/app",
        "--top",
        "3",
    ]);
    assert_eq!(few, json!(tags[..3]));
    let listed = world.client.must(&[
        "manifest",
        "list-metadata",
        "-r",
        REGISTRY,
        "-n",
        "deep/app",
    ]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let mut of_manifest: Vec<String> = serde_json::from_value(listed[0]["tags"].clone()).unwrap();
    of_manifest.sort();
    assert_eq!(of_manifest, tags);
    let attributes = world.repository("deep/app");
    assert_eq!(
        (&attributes["tagCount"], &attributes["manifestCount"]),
        (&json!(105), &json!(1))
    );
}

#[test]
fn a_repository_without_images_can_be_deleted() {
    let world = World::start();
    let image = world.images.image("app", Some("v1"), "one");
    let by_digest = format!("app@{}", digest(&image));
    world.must(&["repository", "delete", "-y", "--image", &by_digest]);
    world.run(&["repository", "delete", "-y", "--repository", "app"]);
    let names = world.must(&["repository", "list"]);
    assert_eq!(names, json!([]));
}

#[test]
fn a_manifest_that_is_named_in_the_wrong_way_is_explained() {
    let world = World::start();
    world.images.image("app", Some("v1"), "one");
    for words in [
        &["manifest", "show", "app:v1"][..],
        &["manifest", "show", "-r", REGISTRY],
        &["manifest", "show", "-r", REGISTRY, "-n", "app:v1:v2"],
        &["manifest", "show", "-r", REGISTRY, "-n", "app@v1"],
        &["manifest", "show", "-r", REGISTRY, "-n", "app@sha256:abc"],
        &["manifest", "list-metadata", "-r", REGISTRY, "-n", "app:v1"],
    ] {
        world.refused(words);
    }
    let told = world.refused(&["manifest", "show", "app:v1"]);
    assert!(
        told.contains("-r") || told.contains("login server"),
        "{told}"
    );
}
