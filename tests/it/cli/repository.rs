//! `acr repository`: what no comparison with az shows, above all that nothing is deleted by mistake.

use crate::process::{Client, Server};
use crate::registry::{Registry, sha256};
use acr_http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A registry with one small artifact under two tags, and somebody at work on it.
pub(super) struct Stocked {
    pub(super) client: Client,
    pub(super) server: Server,
    pub(super) digest: String,
    _folder: TempDir,
}

impl Stocked {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        let registry = Registry::create(&server, folder.path(), "stocked");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let digest = runtime.block_on(push(&registry));
        Self {
            client: Client::of(&server, folder.path()),
            server,
            digest,
            _folder: folder,
        }
    }

    /// The host that images of the registry are named with.
    pub(super) fn login_server(&self) -> String {
        format!("stocked.localhost:{}", self.server.address.port())
    }

    fn tags(&self) -> String {
        let words = [
            "repository",
            "show-tags",
            "-n",
            "stocked",
            "--repository",
            "team/app",
        ];
        self.client.must(&[&words[..], &["-o", "tsv"]].concat())
    }
}

/// Pushes `team/app` with the tags `v1` and `v2`, and gives its digest.
async fn push(registry: &Registry) -> String {
    let empty = sha256(b"{}");
    let part =
        json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": empty, "size": 2 });
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": kind,
        "artifactType": "application/vnd.example",
        "config": part,
        "layers": [part],
    })
    .to_string();
    let upload = format!("/v2/team/app/blobs/uploads/?digest={empty}");
    for (method, path, kind, body) in [
        (Method::POST, &*upload, "application/octet-stream", "{}"),
        (Method::PUT, "/v2/team/app/manifests/v1", kind, &manifest),
        (Method::PUT, "/v2/team/app/manifests/v2", kind, &manifest),
    ] {
        let request = registry.request(method, path).header("content-type", kind);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        assert_eq!(answer.status.as_u16(), 201, "{path}");
    }
    sha256(manifest.as_bytes())
}

#[test]
fn an_empty_tag_or_digest_never_means_the_whole_repository() {
    let stocked = Stocked::start();
    let (digest, host) = (&stocked.digest, stocked.login_server());
    for image in ["team/app:", "team/app@", &*format!("{host}/team/app:")] {
        for words in [
            &[
                "repository",
                "delete",
                "-y",
                "-n",
                "stocked",
                "--image",
                image,
            ][..],
            &["repository", "untag", "-n", "stocked", "--image", image],
            &[
                "repository",
                "update",
                "-n",
                "stocked",
                "--write-enabled",
                "false",
                "-t",
                image,
            ],
            &["manifest", "delete", "-y", "-r", "stocked", "-n", image],
        ] {
            let outcome = stocked.client.run(words);
            assert_eq!(outcome.code, 1, "{words:?}: {}", outcome.stderr);
            assert!(outcome.stderr.contains("is empty"), "{}", outcome.stderr);
        }
    }
    let words = [
        "repository",
        "delete",
        "-y",
        "-n",
        "stocked",
        "--repository",
    ];
    let outcome = stocked.client.run(&[&words[..], &[""]].concat());
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert_eq!(stocked.tags(), "v1\nv2\n");

    // With a tag and a digest, the digest says which image is meant.
    let both = format!("team/app:v1@{digest}");
    let shown = stocked
        .client
        .must(&["repository", "show", "-n", "stocked", "-t", &both]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["digest"], **digest);
    assert_eq!(shown["tags"], json!(["v1", "v2"]));
}

#[test]
fn an_image_may_be_named_with_its_login_server_and_no_other() {
    let stocked = Stocked::start();
    let show = |image: &str| {
        let words = [
            "repository",
            "show",
            "-n",
            "stocked",
            "--query",
            "name",
            "-o",
            "tsv",
            "-t",
        ];
        stocked.client.run(&[&words[..], &[image]].concat())
    };
    let outcome = show(&format!("{}/team/app:v1", stocked.login_server()));
    assert_eq!(outcome.stdout, "v1\n", "{}", outcome.stderr);
    let outcome = show("other.localhost:5000/team/app:v1");
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("other.localhost:5000"),
        "{}",
        outcome.stderr
    );
    // Without a port it is the beginning of a name.
    let outcome = show("docker.io/team/app:v1");
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
}

#[test]
fn who_cannot_be_asked_has_to_say_yes() {
    let stocked = Stocked::start();
    for words in [
        &[
            "repository",
            "delete",
            "-n",
            "stocked",
            "--repository",
            "team/app",
        ][..],
        &[
            "repository",
            "delete",
            "-n",
            "stocked",
            "--image",
            "team/app:v1",
        ],
        &["manifest", "delete", "-r", "stocked", "-n", "team/app:v1"],
    ] {
        let outcome = stocked.client.run(words);
        assert_eq!(outcome.code, 1, "{words:?}");
        assert!(outcome.stderr.contains("--yes"), "{}", outcome.stderr);
    }
    assert_eq!(stocked.tags(), "v1\nv2\n");
    // It says what goes although it does not ask.
    let words = [
        "repository",
        "delete",
        "-n",
        "stocked",
        "--image",
        "team/app:v1",
        "-y",
    ];
    let outcome = stocked.client.run(&words);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    for tag in ["'team/app:v1'", "'team/app:v2'"] {
        assert!(outcome.stderr.contains(tag), "{}", outcome.stderr);
    }
    let outcome = stocked.client.run(&words);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
}

#[test]
fn a_number_of_entries_is_refused_by_whoever_cannot_use_it() {
    let stocked = Stocked::start();
    let lists = [
        &["repository", "list", "-n", "stocked"][..],
        &[
            "repository",
            "show-tags",
            "-n",
            "stocked",
            "--repository",
            "team/app",
        ],
        &[
            "repository",
            "show-manifests",
            "-n",
            "stocked",
            "--repository",
            "team/app",
        ],
        &["manifest", "list", "-r", "stocked", "-n", "team/app"],
        &[
            "manifest",
            "list-metadata",
            "-r",
            "stocked",
            "-n",
            "team/app",
        ],
    ];
    for list in lists {
        for (top, code, said) in [
            ("0", 0, ""),
            ("-1", 1, "-1"),
            ("abc", 2, "--top"),
            ("1001", 0, ""),
            ("99999999999", 0, ""),
        ] {
            let outcome = stocked.client.run(&[list, &["--top", top]].concat());
            assert_eq!(outcome.code, code, "{list:?} {top}: {}", outcome.stderr);
            assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
            if top == "0" {
                assert_eq!(outcome.stdout.trim(), "[]", "{list:?}");
            }
        }
    }
}

#[test]
fn a_lock_is_told_with_what_it_locks_and_how_to_see_it() {
    let stocked = Stocked::start();
    let of = |option: &'static str, name: &'static str| ["-n", "stocked", option, name];
    let run = |verb: &str, about: [&str; 4], more: &[&str]| {
        let words = [&["repository", verb][..], &about, more].concat();
        stocked.client.run(&words)
    };
    let locked = ["--delete-enabled", "false"];
    let (tag, all) = (of("--image", "team/app:v1"), of("--repository", "team/app"));
    assert_eq!(run("update", tag, &locked).code, 0);
    for (verb, about, named) in [
        ("untag", tag, "delete the tag team/app:v1"),
        ("delete", tag, "delete the manifest team/app@sha256:"),
        ("delete", all, "delete the repository team/app"),
    ] {
        let more: &[&str] = if verb == "delete" { &["--yes"] } else { &[] };
        let outcome = run(verb, about, more);
        assert_eq!(outcome.code, 1, "{verb}: {}", outcome.stdout);
        for said in [
            named,
            "A lock forbids it",
            "acr repository show",
            "acr repository update",
        ] {
            assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        }
        assert!(!outcome.stderr.contains("/acr/v1"), "{}", outcome.stderr);
    }
}
