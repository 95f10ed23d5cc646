//! Tab, as the shells ask for it.

use crate::process::{Client, Server, acr};
use std::path::Path;

/// What bash would be offered for the last word.
fn candidates(home: &Path, words: &[&str]) -> Vec<String> {
    let index = (words.len() - 1).to_string();
    let output = acr(home)
        .arg("--")
        .args(words)
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", index)
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true")
        .env("_CLAP_IFS", "\n")
        .env("ACR_CONFIG_DIR", home.join("settings"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// What is offered once the server answers in time: on a busy machine one Tab offers nothing rather
/// than to keep somebody waiting.
fn offered(home: &Path, words: &[&str]) -> Vec<String> {
    let mut tries = (0..100).map(|_| candidates(home, words));
    tries
        .find(|offered| !offered.is_empty())
        .expect("nothing is ever offered")
}

#[test]
fn commands_options_and_values_are_offered() {
    let home = tempfile::tempdir().unwrap();
    let offered = candidates(home.path(), &["acr", "cre"]);
    assert_eq!(offered, ["create", "credential"]);
    let offered = candidates(home.path(), &["acr", "create", "--sku", ""]);
    assert_eq!(offered, ["Basic", "Standard", "Premium"]);
    let offered = candidates(
        home.path(),
        &["acr", "config", "retention", "update", "--st"],
    );
    assert_eq!(offered, ["--status"]);
}

#[test]
fn registries_and_contexts_are_offered_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "alpha", "--sku", "basic"]);
    client.must(&["create", "-n", "alphabet", "--sku", "basic"]);
    let registries = offered(folder.path(), &["acr", "show", "-n", "al"]);
    assert_eq!(registries, ["alpha", "alphabet"]);
    let contexts = candidates(folder.path(), &["acr", "context", "use", ""]);
    assert_eq!(contexts[..2], ["azure", "under-test"]);
    drop(server);
    // The names were kept; a server that is away takes no time.
    let registries = candidates(folder.path(), &["acr", "update", "--name", "alphab"]);
    assert_eq!(registries, ["alphabet"]);
}

#[test]
fn registries_are_those_of_the_context_that_the_line_names() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "alpha", "--sku", "basic"]);
    client.must(&["context", "use", "azure"]);
    let words = ["acr", "--context", "under-test", "show", "-n", ""];
    assert_eq!(offered(folder.path(), &words), ["alpha"]);
    let words = ["acr", "show", "--context=under-test", "--name", "al"];
    assert_eq!(offered(folder.path(), &words), ["alpha"]);
    let words = ["acr", "show", "-n", ""];
    assert!(!candidates(folder.path(), &words).contains(&"alpha".to_owned()));
}

#[test]
fn every_shell_gets_its_lines() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(
            client.must(&["completion", shell]).contains("acr"),
            "{shell}"
        );
    }
    assert_eq!(client.run(&["completion", "tcsh"]).code, 2);
}
