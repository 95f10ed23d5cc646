//! The binary as `docker-credential-acr`.

use super::stage::{REGISTRY, Stage};
use crate::process::Outcome;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The binary under the helper's name, in a folder of its own.
fn install(stage: &Stage) -> PathBuf {
    let folder = stage.path("bin");
    std::fs::create_dir(&folder).unwrap();
    let helper = folder.join("docker-credential-acr");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_acr"), &helper).unwrap();
    folder
}

fn ask(stage: &Stage, action: &str, input: &str) -> Outcome {
    let mut child = Command::new(stage.path("bin/docker-credential-acr"))
        .arg(action)
        .env_clear()
        .env("HOME", stage.folder.path())
        .env("ACR_CONFIG_DIR", stage.path("settings"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    Outcome::of(child.wait_with_output().unwrap())
}

#[test]
fn docker_gets_a_fresh_token_without_a_login() {
    let stage = Stage::set();
    let bin = install(&stage);
    let without = stage.client.run(&["login", "--helper"]);
    assert_eq!(without.code, 1);
    assert!(
        without.stderr.contains("ln -s") && !without.stderr.contains("credsStore"),
        "{}",
        without.stderr
    );
    let path = [("PATH", bin.to_str().unwrap())];
    let outcome = stage
        .client
        .run_with(&["login", "-n", REGISTRY, "--helper"], &path);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let file = std::fs::read(stage.path(".docker/config.json")).unwrap();
    let config: Value = serde_json::from_slice(&file).unwrap();
    assert_eq!(config["credHelpers"][stage.host()], "acr");
    // Where the helper answers, a login keeps nothing, and does not say that it did.
    let again = stage.client.run_with(&["login", "-n", REGISTRY], &path);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again.stderr.contains("No login is kept"),
        "{}",
        again.stderr
    );
    assert!(!again.stderr.contains("ends at"), "{}", again.stderr);

    // Whatever context is in use, the host tells where to go.
    stage.client.must(&["context", "use", "azure"]);
    let got = ask(&stage, "get", &stage.host());
    assert_eq!(got.code, 0, "{}", got.stdout);
    let answer: Value = serde_json::from_str(&got.stdout).unwrap();
    assert_eq!(answer["Username"], "00000000-0000-0000-0000-000000000000");
    let token = answer["Secret"].as_str().unwrap();
    let user = "00000000-0000-0000-0000-000000000000";
    stage.client.must(&["context", "use", "under-test"]);
    let words = ["repository", "list", "-u", user, "-p", token];
    let used = stage.client.run(&words);
    assert_eq!(used.code, 0, "the token opens it: {}", used.stderr);

    let list: Value = serde_json::from_str(&ask(&stage, "list", "").stdout).unwrap();
    assert!(list[stage.host()].is_string(), "{list}");
}

#[test]
fn what_is_not_known_is_said_in_docker_s_words() {
    let stage = Stage::set();
    install(&stage);
    let elsewhere = ask(&stage, "get", "https://index.docker.io/v1/");
    assert_eq!(elsewhere.code, 1);
    assert_eq!(
        elsewhere.stdout,
        "credentials not found in native keychain\n"
    );
    let nowhere = ask(&stage, "get", &stage.host().replace(REGISTRY, "nosuchone"));
    assert_eq!(nowhere.code, 1);
    assert!(
        !nowhere.stdout.contains("not found in native"),
        "{}",
        nowhere.stdout
    );
    assert_eq!(ask(&stage, "", "").code, 1);
    assert_eq!(ask(&stage, "erase", &stage.host()).code, 0);
    assert_eq!(ask(&stage, "version", "").code, 0);
}
