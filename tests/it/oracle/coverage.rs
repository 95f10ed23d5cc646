//! The lines use every option that `az` has for the commands we stand in for.

use std::collections::BTreeSet;

use super::az;
use super::driver::Driver;
use super::line::split;
use super::lines;
use crate::process::Client;

const COMMANDS: &[&str] = &[
    "acr create",
    "acr show",
    "acr list",
    "acr update",
    "acr delete",
    "acr check-name",
    "acr import",
    "acr show-usage",
    "acr show-endpoints",
    "acr credential show",
    "acr credential renew",
    "acr encryption show",
    "acr encryption rotate-key",
    "acr identity assign",
    "acr identity remove",
    "acr identity show",
    "acr config content-trust show",
    "acr config content-trust update",
    "acr config retention show",
    "acr config retention update",
    "acr config soft-delete show",
    "acr config soft-delete update",
    "acr config authentication-as-arm show",
    "acr config authentication-as-arm update",
    "acr network-rule list",
    "acr network-rule add",
    "acr network-rule remove",
    "acr scope-map create",
    "acr scope-map delete",
    "acr scope-map list",
    "acr scope-map show",
    "acr scope-map update",
    "acr token create",
    "acr token delete",
    "acr token list",
    "acr token show",
    "acr token update",
    "acr token credential delete",
    "acr token credential generate",
    "acr login",
    "acr repository list",
    "acr repository show",
    "acr repository show-tags",
    "acr repository show-manifests",
    "acr repository update",
    "acr repository untag",
    "acr repository delete",
    "acr manifest show",
    "acr manifest list",
    "acr manifest list-metadata",
    "acr manifest list-referrers",
    "acr manifest show-metadata",
    "acr manifest update-metadata",
    "acr manifest metadata list",
    "acr manifest metadata show",
    "acr manifest metadata update",
    "acr manifest delete",
    "acr repository list-deleted",
    "acr manifest list-deleted",
    "acr manifest list-deleted-tags",
    "acr manifest restore",
];

#[test]
fn every_option_of_az_is_on_some_line() {
    let Some(python) = az::python() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut driver = Driver::start(python, folder.path(), None);
    let mut unused = Vec::new();
    for command in COMMANDS {
        let given = given_options(command);
        for spellings in driver.options(command) {
            let is_internal = spellings.iter().all(|word| word.starts_with("--_"));
            if !is_internal && spellings.iter().all(|word| !given.contains(word)) {
                unused.push(format!("{command} {}", spellings.join("/")));
            }
        }
    }
    assert!(unused.is_empty(), "on no line: {unused:#?}");
    let count = lines::all().count();
    assert!(count >= 60, "{count} lines");
}

#[test]
fn every_command_of_az_is_here_or_said_to_be_missing() {
    let Some(python) = az::python() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut driver = Driver::start(python, folder.path(), None);
    let client = Client::without_context(folder.path());
    let commands = driver.commands("acr");
    assert!(commands.len() >= 140, "{} commands", commands.len());
    for command in commands {
        let words: Vec<&str> = command.split(' ').skip(1).chain(["--help"]).collect();
        let outcome = client.run(&words);
        let is_missing = outcome.code == 2 && outcome.stderr.contains("use `az acr ");
        assert!(outcome.code == 0 || is_missing, "{command}: {outcome:?}");
    }
}

/// The options that some line gives to a command.
fn given_options(command: &str) -> BTreeSet<String> {
    let command: Vec<&str> = command.split(' ').skip(1).collect();
    lines::all()
        .map(|line| split(line.text))
        .filter(|words| words.iter().zip(&command).filter(|(a, b)| a == b).count() == command.len())
        .flatten()
        .filter_map(|word| word.split('=').next().map(str::to_owned))
        .filter(|word| word.starts_with('-'))
        .collect()
}
