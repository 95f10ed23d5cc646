//! `acr token`: where it keeps from the harm that az does.

use super::stage::{REGISTRY, Stage, layer};

#[test]
fn a_disabled_token_stays_disabled_while_its_scope_map_changes() {
    let stage = Stage::set();
    let make = ["token", "create", "-n", "reader", "-r", REGISTRY];
    let more = [
        "--scope-map",
        "_repositories_pull",
        "--status",
        "disabled",
        "--no-passwords",
    ];
    let made = stage.json(&[&make[..], &more].concat());
    assert_eq!(made["status"], "disabled");
    let update = |more: &[&str]| {
        let words = ["token", "update", "-n", "reader", "-r", REGISTRY];
        stage.json(&[&words[..], more].concat())
    };
    let updated = update(&["--scope-map", "_repositories_push"]);
    let map = updated["scopeMapId"].as_str().unwrap();
    assert!(map.ends_with("/_repositories_push"), "{map}");
    assert_eq!(updated["status"], "disabled");
    assert_eq!(update(&[])["status"], "disabled");
    assert_eq!(update(&["--status", "enabled"])["status"], "enabled");
}

#[test]
fn a_right_that_a_token_lacks_is_told_with_how_to_give_it() {
    let stage = Stage::set();
    let (layout, _) = stage.layout("image", &[layer(1, 100)]);
    let layout = layout.to_str().unwrap();
    stage.client.must(&["push", "app:v1", "--from", layout]);
    let make = ["token", "create", "-n", "reader", "-r", REGISTRY];
    let rights = ["--repository", "app", "content/read", "metadata/read"];
    let made = stage.json(&[&make[..], &rights].concat());
    let password = made["credentials"]["passwords"][0]["value"]
        .as_str()
        .unwrap();
    let words = [
        "repository",
        "delete",
        "-n",
        REGISTRY,
        "--repository",
        "app",
    ];
    let login = ["-u", "reader", "-p", password, "--yes"];
    let outcome = stage.client.run(&[&words[..], &login].concat());
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    for said in [
        "delete on the repository app",
        "The password is not the reason",
        "--add-repository app content/delete",
    ] {
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
}
