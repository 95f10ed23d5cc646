//! Contexts: where commands go, and that they never go elsewhere by themselves.

use crate::process::{Client, Server};
use serde_json::{Value, json as object};
use std::path::Path;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_server_that_starts_is_known_and_comes_into_use() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::start(folder.path());
    let settings = folder.path().join("server-settings/contexts.json");
    let contexts = json(&std::fs::read_to_string(settings).unwrap());
    assert_eq!(contexts["current"], "local");
}

#[test]
fn contexts_are_added_shown_chosen_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    let shown = json(&client.must(&["context", "show"]));
    assert_eq!(shown["name"], "under-test");
    assert_eq!(shown["endpoint"], server.admin("endpoint"));
    assert!(!shown.to_string().contains(server.admin("clientSecret")));

    let names = client.must(&["context", "list", "--query", "[].name", "-o", "tsv"]);
    assert_eq!(names, "azure\nunder-test\n");
    client.must(&["context", "use", "azure"]);
    assert_eq!(json(&client.must(&["context", "show"]))["name"], "azure");
    // The choice of Azure holds: nothing falls back to the server.
    let outcome = client.run_with(&["list"], &[("CI", "true")]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    // One command goes elsewhere when told to.
    client.must(&["list", "--context", "under-test"]);
    let outcome = client.run_with(&["list"], &[("ACR_CONTEXT", "under-test")]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);

    client.must(&["context", "remove", "under-test"]);
    assert_eq!(client.run(&["context", "use", "under-test"]).code, 2);
    assert_eq!(client.run(&["context", "remove", "azure"]).code, 1);
}

#[test]
fn a_server_elsewhere_is_named_by_its_endpoint_and_a_secret_from_a_pipe() {
    use std::io::Write as _;
    use std::process::Stdio;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let settings = folder.path().join("settings");
    let mut child = crate::process::acr(folder.path())
        .args([
            "context",
            "add",
            "elsewhere",
            "--endpoint",
            server.admin("endpoint"),
        ])
        .args(["--tenant-id", server.admin("tenantId")])
        .args(["--subscription-id", server.admin("subscriptionId")])
        .args(["--client-id", server.admin("clientId")])
        .args(["--ca-file", server.admin("caFile")])
        .env("ACR_CONFIG_DIR", &settings)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{}", server.admin("clientSecret")).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
    let client = Client::without_context(folder.path());
    assert_eq!(client.must(&["list"]).trim(), "[]");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = settings.join("servers/elsewhere.json");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_server_that_is_gone_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    let told = format!("{}: could not connect", server.admin("endpoint"));
    drop(server);
    let outcome = client.run(&["list"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains(&told), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("acr context show"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn command_lines_at_the_same_time_lose_no_context() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::without_context(folder.path());
    let names: Vec<String> = (10..34).map(|number| format!("s{number}")).collect();
    let at_once: Vec<_> = names
        .iter()
        .map(|name| {
            let file = admin_file(folder.path(), name);
            crate::process::acr(folder.path())
                .args(["context", "add", name, "--admin-file", &file])
                .env("ACR_CONFIG_DIR", folder.path().join("settings"))
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in at_once {
        assert!(child.wait().unwrap().success());
    }
    let listed = client.must(&["context", "list", "--query", "[].name", "-o", "tsv"]);
    assert_eq!(listed, format!("azure\n{}\n", names.join("\n")));
}

/// The file of a server that is nowhere, at an endpoint of its own.
fn admin_file(folder: &Path, name: &str) -> String {
    let file = folder.join(format!("{name}.admin.json"));
    let admin = object!({
        "endpoint": format!("https://{name}.example"), "tenantId": "t", "subscriptionId": "s",
        "clientId": "c", "clientSecret": "hunter2",
    });
    std::fs::write(&file, admin.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn another_server_takes_a_name_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::without_context(folder.path());
    let (first, second) = (
        admin_file(folder.path(), "one"),
        admin_file(folder.path(), "two"),
    );
    let add = |file: &str, more: &[&str]| {
        let words = ["context", "add", "x", "--admin-file", file];
        client.run(&[&words[..], more].concat())
    };
    let outcome = add(&first, &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("go to 'x'"), "{}", outcome.stderr);
    let again = add(&first, &[]);
    assert_eq!((again.code, &*again.stderr), (0, ""), "the same server");

    let outcome = add(&second, &[]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    for said in ["another server", "--force", "context remove"] {
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    let endpoint = || client.must(&["context", "show", "--query", "endpoint", "-o", "tsv"]);
    assert_eq!(endpoint(), "https://one.example\n");
    assert_eq!(add(&second, &["--force"]).code, 0);
    assert_eq!(endpoint(), "https://two.example\n");
}

#[test]
fn a_name_is_fit_for_a_table_and_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::without_context(folder.path());
    let file = admin_file(folder.path(), "one");
    let long = "x".repeat(65);
    for name in [
        "a\nb", "a b", "", "Azure", "azure", "../x", ".x", "é", &long,
    ] {
        let outcome = client.run(&["context", "add", name, "--admin-file", &file]);
        assert_eq!(outcome.code, 2, "{name:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("cannot name"), "{}", outcome.stderr);
    }
    client.must(&[
        "context",
        "add",
        "my-server_1.example",
        "--admin-file",
        &file,
    ]);
}

#[test]
fn what_is_no_server_file_is_told_in_words_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::without_context(folder.path());
    let file = folder.path().join("hosts");
    for content in ["127.0.0.1 localhost", "[]", "\"x\"", "{}"] {
        std::fs::write(&file, content).unwrap();
        let outcome = client.run(&[
            "context",
            "add",
            "x",
            "--admin-file",
            file.to_str().unwrap(),
        ]);
        assert_eq!(outcome.code, 1, "{content}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("hosts"), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("struct"), "{}", outcome.stderr);
    }
}

#[test]
fn a_server_that_is_forgotten_leaves_no_secret_and_the_next_says_that_it_comes_into_use() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::without_context(folder.path());
    let add = [
        "context",
        "add",
        "elsewhere",
        "--endpoint",
        "https://x.example",
        "--tenant-id",
        "t",
    ];
    let add = [&add[..], &["--subscription-id", "s", "--client-id", "c"]].concat();
    let empty = client.run(&add);
    assert_eq!(empty.code, 1);
    assert!(
        empty.stderr.contains("held no client secret"),
        "{}",
        empty.stderr
    );
    let outcome = client.run_with_input(&add, "hunter2\n");
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let kept = folder.path().join("settings/servers/elsewhere.json");
    assert!(kept.exists());

    let outcome = client.run(&["context", "remove", "elsewhere"]);
    assert!(outcome.stderr.contains("until"), "{}", outcome.stderr);
    assert!(!kept.exists());
    let file = admin_file(folder.path(), "one");
    let outcome = client.run(&["context", "add", "x", "--admin-file", &file]);
    assert!(outcome.stderr.contains("go to 'x'"), "{}", outcome.stderr);
}

#[test]
fn an_endpoint_that_cannot_keep_a_secret_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::without_context(folder.path());
    let add = |more: &[&str]| {
        let words = [
            "context",
            "add",
            "far",
            "--tenant-id",
            "t",
            "--subscription-id",
            "s",
        ];
        let words = [&words[..], &["--client-id", "c"], more].concat();
        client.run_with_input(&words, "hunter2\n")
    };
    for endpoint in [
        "localhost:5480",
        "not a url",
        "http://203.0.113.7",
        "https://",
    ] {
        let outcome = add(&["--endpoint", endpoint]);
        assert_eq!(outcome.code, 2, "{endpoint}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("--endpoint"), "{}", outcome.stderr);
    }
    let no_authority = folder.path().join("empty.pem");
    std::fs::write(&no_authority, "").unwrap();
    for file in ["/nope", no_authority.to_str().unwrap()] {
        let outcome = add(&["--endpoint", "https://x.example", "--ca-file", file]);
        assert_eq!(outcome.code, 2, "{file}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("--ca-file"), "{}", outcome.stderr);
    }
    assert!(!folder.path().join("settings").exists());
}
