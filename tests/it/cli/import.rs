//! `acr import` between registries of one server, and from one server into another.

use super::images::{Images, digest};
use crate::process::{Client, Server};
use crate::registry::{Registry, sha256};
use serde_json::Value;

/// A server with two registries, `source` and `target`.
struct World {
    client: Client,
    source: Images,
    target: Images,
    server: Server,
    folder: tempfile::TempDir,
}

impl World {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        let source = Images::of(Registry::create(&server, folder.path(), "source"));
        let target = Images::of(Registry::create(&server, folder.path(), "target"));
        Self {
            client: Client::of(&server, folder.path()),
            source,
            target,
            server,
            folder,
        }
    }

    fn login_server(&self, name: &str) -> String {
        format!("{name}.localhost:{}", self.server.address.port())
    }

    fn fail(&self, words: &[&str], code: i32) -> String {
        let outcome = self.client.run(words);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str()),
            (code, ""),
            "{words:?}: {}",
            outcome.stderr
        );
        outcome.stderr
    }
}

#[test]
fn an_image_comes_by_any_name_of_its_registry() {
    let world = World::start();
    let image = world.source.image("app", Some("v1"), "content");
    let from = format!("{}/app:v1", world.login_server("source"));
    let id = world
        .client
        .must(&["show", "-n", "source", "--query", "id", "-o", "tsv"]);
    let by_digest = format!("app@{}", digest(&image));
    for words in [
        vec!["--source", &from],
        vec![
            "--source", "app:v1", "-r", "source", "-t", "a:1", "-t", "b:1",
        ],
        vec!["--source", &from, "--registry", "SOURCE", "-t", "c:1"],
        vec!["--source", "app:v1", "-r", id.trim(), "-t", "d:1"],
        vec!["--source", &by_digest, "-r", "source", "--repository", "e"],
        vec![
            "--source",
            &from,
            "-u",
            "source",
            "-p",
            &world.source.registry.password,
            "-t",
            "f:1",
        ],
    ] {
        let words = [&["import", "-n", "target"][..], &words].concat();
        assert_eq!(world.client.must(&words), "", "{words:?}");
    }
    for (repository, tag) in [
        ("app", "v1"),
        ("a", "1"),
        ("b", "1"),
        ("c", "1"),
        ("d", "1"),
        ("f", "1"),
    ] {
        assert!(world.target.has(repository, tag), "{repository}:{tag}");
    }
    assert!(world.target.has("e", digest(&image)));
    let blob = world
        .target
        .get(&format!("/v2/app/blobs/{}", sha256(b"content")));
    assert_eq!(blob.unwrap(), b"content");
}

#[test]
fn what_cannot_be_imported_says_why() {
    let world = World::start();
    world.source.image("app", Some("v1"), "content");
    world.target.image("app", Some("v1"), "other");
    let into = |words: &[&'static str]| [&["import", "-n", "target"][..], words].concat();
    let taken = world.fail(&into(&["--source", "app:v1", "-r", "source"]), 1);
    assert!(
        taken.contains("(Conflict)") && taken.contains("app:v1 already exists"),
        "{taken}"
    );
    assert!(taken.contains("--force"), "{taken}");
    world
        .client
        .must(&into(&["--source", "app:v1", "-r", "source", "--force"]));
    for (words, why) in [
        (
            &["--source", "app:v2", "-r", "source", "-t", "x"][..],
            "The source registry 'source.localhost:",
        ),
        (&["--source", "app:v1"], "has no registry"),
        (
            &["--source", "nodots/app:v1"],
            "not a fully qualified domain name",
        ),
        (
            &["--source", "app:v1", "-r", "nosuch"],
            "not one of the subscription",
        ),
        (
            &["--source", "x.y/app:v1", "-u", "me"],
            "Please provide password",
        ),
        (&["--source", "App:v1", "-r", "source"], "names no image"),
    ] {
        let said = world.fail(&into(words), 1);
        assert!(said.contains(why), "{words:?}: {said}");
    }
    world.fail(&["import", "-n", "target"], 2);
    world.fail(
        &into(&["--source", "app", "-r", "source", "--all-tags", "--no-wait"]),
        2,
    );
}

#[test]
fn all_tags_come_with_what_refers_to_them() {
    let world = World::start();
    for tag in ["v1", "v2"] {
        let image = world.source.image("app", Some(tag), tag);
        world
            .source
            .referrer("app", &image, &format!("signature of {tag}"));
    }
    world.target.image("copy", Some("v2"), "other");
    let words = [
        "import",
        "-n",
        "target",
        "--source",
        "app",
        "-r",
        "source",
        "-t",
        "copy",
        "--all-tags",
        "--include-referrers",
    ];
    let outcome = world.client.run(&words);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("1 of 2 images were not imported"),
        "{}",
        outcome.stderr
    );
    assert!(
        !outcome.stderr.contains("WARNING"),
        "nobody gave a suffix: {}",
        outcome.stderr
    );
    let rows: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(
        (&rows[0]["source"], &rows[0]["status"]),
        (&"app:v1".into(), &"Succeeded".into())
    );
    assert_eq!(
        (&rows[1]["target"], &rows[1]["status"]),
        (&"copy:v2".into(), &"Failed".into())
    );
    assert!(
        rows[1]["error"]
            .as_str()
            .unwrap()
            .contains("already exists")
    );
    world.client.must(&[&words[..], &["--force"]].concat());
    let blob = world
        .target
        .get(&format!("/v2/copy/blobs/{}", sha256(b"signature of v2")));
    assert!(blob.is_some());
}

#[test]
fn another_server_is_a_source_like_any_other() {
    let (here, there) = (World::start(), World::start());
    let image = there.source.image("team/app", Some("v1"), "from afar");
    let image = there.source.index("team/app", Some("v2"), &[&image]);
    let from = format!("{}/team/app:v2", there.login_server("source"));
    let words = ["import", "-n", "target", "--source", &from, "-t", "app:v2"];
    let refused = here.fail(&words, 1);
    assert!(
        refused.contains(&format!(
            "The source registry '{}'",
            there.login_server("source")
        )),
        "{refused}"
    );
    let password = there.source.registry.password.clone();
    here.client
        .must(&[&words[..], &["-u", "source", "-p", &password]].concat());
    assert!(here.target.has("app", digest(&image)));
    let blob = here
        .target
        .get(&format!("/v2/app/blobs/{}", sha256(b"from afar")));
    assert_eq!(blob.unwrap(), b"from afar");
    let log = here.server.log();
    assert!(!log.contains(&password), "the server logs a password");
}

#[test]
fn an_image_gets_another_name_in_its_own_registry() {
    let world = World::start();
    let image = world.target.image("app", Some("v1"), "content");
    world.target.image("app", Some("latest"), "older");
    let own = format!("{}/app:v1", world.login_server("target"));
    let words = [
        "import",
        "-n",
        "target",
        "--source",
        &own,
        "-t",
        "app:latest",
    ];
    assert!(world.fail(&words, 1).contains("already exists"));
    world.client.must(&[&words[..], &["--force"]].concat());
    let of_both = ["v1", "latest"].map(|tag| {
        let name = format!("app:{tag}");
        let show = ["repository", "show", "-n", "target", "-t", &name];
        let digest = ["--query", "digest", "-o", "tsv"];
        world.client.must(&[&show[..], &digest].concat())
    });
    assert_eq!(of_both[0].trim(), digest(&image));
    assert_eq!(of_both[0], of_both[1]);
}

#[test]
fn an_import_that_is_not_awaited_goes_on() {
    let world = World::start();
    world.source.image("app", Some("v1"), "content");
    let words = [
        "import",
        "-n",
        "target",
        "--source",
        "app:v1",
        "-r",
        "source",
        "--no-wait",
    ];
    let outcome = world.client.run(&words);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    assert!(
        outcome.stderr.starts_with("WARNING: The import has begun."),
        "{}",
        outcome.stderr
    );
    // The same import, awaited, is done by the time it answers.
    world.client.must(&[
        "import", "-n", "target", "--source", "app:v1", "-r", "source", "--force",
    ]);
    assert!(world.target.has("app", "v1"));
    drop(world.folder);
}
