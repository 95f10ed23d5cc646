//! `acr manifest`: the two ways to name one, and what is said when neither was meant.

use super::repository::Stocked;
use crate::registry::sha256;

#[test]
fn a_wrong_form_is_told_with_the_right_one() {
    let stocked = Stocked::start();
    let host = stocked.login_server();
    for (words, part) in [
        (
            &["show", "team/app:v1"][..],
            "Did you mean -r REGISTRY -n team/app:v1",
        ),
        (
            &["show", "-r", "stocked", "team/app:v1"],
            "Did you mean -r stocked -n team/app:v1?",
        ),
        (
            &["show", "stocked/team/app:v1"],
            "Did you mean -r stocked -n team/app:v1",
        ),
        (&["show", "stocked.azurecr.io/team/app:v1"], "--context"),
        (&["list", "team/app"], "Did you mean"),
        (
            &["list", "-r", "stocked", "-n", "team/app:v1"],
            "whole repository",
        ),
        (
            &["show", "-r", "stocked"],
            "-r myregistry -n hello-world:v1",
        ),
        (
            &[
                "list-deleted-tags",
                "-r",
                "stocked",
                "-n",
                "team/app@sha256:00",
            ],
            "'team/app@sha256:00' names no image",
        ),
        (
            &["restore", "-r", "stocked", "-n", "team/app"],
            "list-deleted-tags",
        ),
    ] {
        let outcome = stocked.client.run(&[&["manifest"], words].concat());
        assert_eq!(outcome.code, 1, "{words:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains(part),
            "{words:?}: {}",
            outcome.stderr
        );
    }
    let by_digest = format!("team/app@{}", stocked.digest);
    let words = [
        "manifest",
        "list-deleted-tags",
        "-r",
        "stocked",
        "-n",
        &by_digest,
    ];
    let outcome = stocked.client.run(&words);
    assert!(outcome.stderr.contains("only a tag"), "{}", outcome.stderr);
    let named = format!("{host}/team/app:v1");
    let other = ["manifest", "delete", "-y", "-r", "another", &named];
    assert_eq!(stocked.client.run(&other).code, 1);
    let two = ["manifest", "delete", "-y", &named, &named];
    assert_eq!(stocked.client.run(&two).code, 2);
    // Both ways lead to the same manifest, which is still there.
    let by_name = stocked
        .client
        .must(&["manifest", "show", "-r", "stocked", "-n", "team/app:v1"]);
    assert_eq!(stocked.client.must(&["manifest", "show", &named]), by_name);
    assert_eq!(
        stocked
            .client
            .must(&["manifest", "show", "-n", "team/app:v2"]),
        by_name
    );
}

#[test]
fn a_raw_manifest_has_its_digest() {
    let stocked = Stocked::start();
    let words = [
        "manifest",
        "show",
        "-r",
        "stocked",
        "-n",
        "team/app:v1",
        "--raw",
    ];
    let raw = stocked.client.must(&words);
    assert_eq!(sha256(raw.as_bytes()), stocked.digest);
}

#[test]
fn old_names_of_commands_work_and_say_what_they_are_called_now() {
    let stocked = Stocked::start();
    let target = ["-r", "stocked", "-n", "team/app:v1", "-o", "none"];
    let outcome = stocked
        .client
        .run(&[&["manifest", "metadata", "show"], &target[..]].concat());
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("show-metadata"),
        "{}",
        outcome.stderr
    );
    let help = stocked.client.must(&["manifest", "--help"]);
    assert!(!help.contains("deprecated"), "{help}");
}
