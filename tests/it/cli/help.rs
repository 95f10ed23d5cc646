//! Words that are no command, and the ways to the help of those that are.

use crate::process::{Client, Outcome, acr};
use std::path::Path;

fn run(words: &[&str]) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    Client::without_context(home.path()).run(words)
}

#[test]
fn help_is_a_command_too() {
    for words in [&[][..], &["repository"], &["repository", "show"], &["tag"]] {
        let asked = run(&[&["help"], words].concat());
        assert_eq!(asked, run(&[words, &["--help"]].concat()), "{words:?}");
        assert_eq!(asked.code, 0);
    }
    assert!(run(&["help"]).stdout.contains("\n  help "));
    let nowhere = run(&["help", "repository", "shw"]);
    assert_eq!(nowhere, run(&["repository", "shw"]));
    assert_eq!(nowhere.code, 2);
}

#[test]
fn what_only_az_has_is_said_in_one_line() {
    for words in [
        &["build", "--image", "app", "."][..],
        &["task", "list", "-o", "table"],
        &["--context", "local", "replication", "list"],
        &["check-health", "--help"],
        &["help", "webhook"],
    ] {
        let outcome = run(words);
        assert_eq!(outcome.code, 2, "{words:?}");
        assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains("use `az acr "),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn nothing_hidden_is_offered() {
    let outcome = run(&["utl"]);
    assert_eq!(outcome.code, 2);
    assert!(!outcome.stderr.contains("util"), "{}", outcome.stderr);
    let outcome = run(&["crate"]);
    assert!(outcome.stderr.contains("'create'"), "{}", outcome.stderr);
}

#[test]
#[cfg(unix)]
fn an_argument_that_is_no_text_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let output = acr(Path::new("/"))
        .args(["serve", "--data-dir"])
        .arg(OsStr::from_bytes(b"caf\xe9"))
        .output();
    let outcome = Outcome::of(output.unwrap());
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains(r"caf\xE9"), "{}", outcome.stderr);
}

#[test]
fn half_a_certificate_is_a_mistake_in_the_command_line() {
    let outcome = run(&["serve", "--tls-cert", "/x.pem"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("--tls-key"), "{}", outcome.stderr);
}
