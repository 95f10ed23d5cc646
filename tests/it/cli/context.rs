//! Contexts: where commands go, and that they never go elsewhere by themselves.

use crate::process::{Client, Server};
use serde_json::Value;

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
    drop(server);
    let outcome = client.run(&["list"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("could not connect"),
        "{}",
        outcome.stderr
    );
}
