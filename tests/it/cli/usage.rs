//! Wrong command lines: exit code 2, a message that says what is wrong, nothing on stdout.

use crate::process::Client;

#[test]
fn wrong_command_lines_end_with_two_and_say_why() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    for (line, part) in [
        (&["nonsense"][..], "nonsense"),
        (&["shw", "-n", "x"], "show"),
        (&["list", "--nonsense"], "--nonsense"),
        (&["list", "extra"], "extra"),
        (&["list", "-o", "wrong"], "possible values: json"),
        (&["list", "--output"], "--output"),
        (&["list", "--query", "[?"], "--query"),
        (&["create", "-n", "hello"], "--sku"),
        (&["create", "-n", "hello", "--sku", "Huge"], "Basic"),
        (
            &[
                "create",
                "-n",
                "hello",
                "--sku",
                "Basic",
                "--admin-enabled",
                "yes",
            ],
            "true",
        ),
        (&["update", "-n", "hello", "--set"], "--set"),
        (&["identity", "assign", "-n", "hello"], "--identities"),
        (
            &[
                "config",
                "retention",
                "update",
                "-r",
                "hello",
                "--type",
                "UntaggedManifests",
                "--days",
                "x",
            ],
            "--days",
        ),
        (&["show"], "--name/-n"),
        (&["config", "retention", "show"], "--registry/-r"),
        (&["list", "--context", "nowhere"], "nowhere"),
        (&["serve", "--listen", "nonsense"], "--listen"),
    ] {
        let outcome = client.run(line);
        assert_eq!(outcome.code, 2, "{line:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{line:?}");
        assert!(
            outcome.stderr.starts_with("ERROR: "),
            "{line:?}: {}",
            outcome.stderr
        );
        assert!(
            outcome.stderr.contains(part),
            "{line:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_group_without_a_command_shows_its_help_and_ends_with_two() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    for line in [&[][..], &["credential"], &["config", "retention"]] {
        let outcome = client.run(line);
        assert_eq!(outcome.code, 2, "{line:?}");
        assert!(
            outcome.stderr.contains("Usage: acr"),
            "{line:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn help_is_an_answer() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    for line in [
        &["--help"][..],
        &["create", "-h"],
        &["serve", "--help"],
        &["--version"],
    ] {
        let outcome = client.run(line);
        assert_eq!(outcome.code, 0, "{line:?}");
        assert!(
            !outcome.stdout.is_empty() && outcome.stderr.is_empty(),
            "{line:?}"
        );
    }
}

#[test]
fn without_a_login_and_without_a_server_both_ways_out_are_named() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    // As on a machine of a CI service, where nobody waits for a metadata service.
    let outcome = client.run_with(&["list"], &[("CI", "true")]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("az login"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("acr serve"), "{}", outcome.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::Stdio;
    let home = tempfile::tempdir().unwrap();
    let mut child = crate::process::acr(home.path())
        .args(["completion", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}
