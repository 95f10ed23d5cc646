//! Answers: stdout is data only, in the format that was asked for.

use crate::process::{Client, Server};
use serde_json::Value;

#[test]
fn answers_come_in_the_format_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&[
        "create", "-n", "hello", "--sku", "standard", "--tags", "a=b",
    ]);

    let shown: Value = serde_json::from_str(&client.must(&["show", "-n", "hello"])).unwrap();
    assert_eq!(shown["resourceGroup"], "default");
    assert_eq!(shown["sku"]["name"], "Standard");
    assert_eq!(shown["identity"], Value::Null);
    let table = client.must(&["list", "-o", "table"]);
    assert!(
        table.starts_with("NAME    RESOURCE GROUP    LOCATION    SKU       LOGIN SERVER"),
        "{table}"
    );
    assert_eq!(
        client.must(&[
            "show",
            "-n",
            "hello",
            "--query",
            "[name,tags.a]",
            "-o",
            "tsv"
        ]),
        "hello\nb\n"
    );
    assert_eq!(client.must(&["list", "-o", "none"]), "");
    // Without a terminal the coloured formats are plain.
    assert_eq!(
        client.must(&["show", "-n", "hello", "-o", "jsonc"]),
        client.must(&["show", "-n", "hello"])
    );
    let outcome = client.run_with(&["list"], &[("AZURE_CORE_OUTPUT", "tsv")]);
    assert!(outcome.stdout.starts_with("False\t"), "{}", outcome.stdout);
}

#[test]
fn warnings_stay_off_stdout_and_can_be_turned_off() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "hello", "--sku", "premium"]);
    let host = client.must(&["show", "-n", "hello", "--query", "loginServer", "-o", "tsv"]);
    let line = ["show", "-n", host.trim()];
    let outcome = client.run(&line);
    assert!(
        outcome.stderr.starts_with("WARNING: "),
        "{}",
        outcome.stderr
    );
    assert!(serde_json::from_str::<Value>(&outcome.stdout).is_ok());
    let quiet = client.run(&[&line[..], &["--only-show-errors"]].concat());
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    let quiet = client.run_with(&line, &[("AZURE_CORE_ONLY_SHOW_ERRORS", "yes")]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn an_argument_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "hello", "--sku", "basic"]);
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        format!("@{}", path.display())
    };
    let (tag, query) = (file("tag", "a=b\n"), file("query", "tags.a\n"));
    client.must(&["update", "-n", "hello", "--tags", &tag]);
    let shown = client.must(&[
        "show",
        "-n",
        "hello",
        "-o",
        "tsv",
        &format!("--query={query}"),
    ]);
    assert_eq!(shown, "b\n");
    let words = ["show", "-n", "@-", "-o", "tsv", "--query", "name"];
    assert_eq!(client.run_with_input(&words, "hello\n").stdout, "hello\n");
    let nothing = client.run(&["show", "-n", "hello", "--query", "@"]);
    assert_eq!(nothing.code, 0, "{}", nothing.stderr);
}

#[test]
fn a_server_of_our_own_names_no_storage_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "hello", "--sku", "premium"]);
    let outcome = client.run(&["show-endpoints", "-n", "hello"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let shown: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let host = &shown["loginServer"];
    assert!(host.as_str().unwrap().starts_with("hello.localhost:"));
    let expected = serde_json::json!([{"region": "local", "endpoint": host}]);
    assert_eq!(shown["dataEndpoints"], expected);
}

#[test]
fn debugging_shows_requests_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "hello", "--sku", "basic", "--admin-enabled"]);
    let outcome = client.run(&["credential", "show", "-n", "hello", "--debug"]);
    assert!(
        outcome.stderr.contains("listCredentials"),
        "{}",
        outcome.stderr
    );
    let shown: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let password = shown["passwords"][0]["value"].as_str().unwrap();
    for secret in [password, server.admin("clientSecret"), "Bearer ey"] {
        assert!(
            !outcome.stderr.contains(secret),
            "{secret} is in the debug output"
        );
    }
}

#[test]
fn what_is_missing_or_refused_ends_with_azs_codes() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "hello", "--sku", "basic"]);
    for (line, code, part) in [
        (&["show", "-n", "nosuchreg"][..], 1, "could not be found"),
        (
            &["show", "-n", "nosuchreg", "-g", "default"],
            3,
            "(ResourceNotFound)",
        ),
        (&["list", "-g", "nosuchgroup"], 3, "(ResourceGroupNotFound)"),
        (&["delete", "-n", "hello"], 1, "--yes"),
        (&["credential", "show", "-n", "hello"], 1, "--admin-enabled"),
        (
            &["config", "retention", "show", "-r", "hello"],
            1,
            "Premium",
        ),
        (
            &["update", "-n", "hello", "--default-action", "deny"],
            1,
            "Premium",
        ),
        (
            &["update", "-n", "hello", "--set", "nonsense=1"],
            1,
            "nonsense",
        ),
        (&["list", "--query", "nofunc(@)"], 1, "nofunc"),
    ] {
        let outcome = client.run(line);
        assert_eq!(outcome.code, code, "{line:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(part),
            "{line:?}: {}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "", "{line:?}");
    }
}
