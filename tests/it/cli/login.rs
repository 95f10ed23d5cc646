//! `acr login`: Docker's and Podman's files, without either of them.

use super::stage::{REGISTRY, Stage};
use serde_json::Value;
use std::path::Path;

fn config(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_login_is_written_where_docker_and_podman_look() {
    let stage = Stage::set();
    let outcome = stage.client.run(&["login", "-n", REGISTRY]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "Login Succeeded\n");
    assert!(
        outcome.stderr.contains(".docker/config.json"),
        "{}",
        outcome.stderr
    );
    let docker = config(&stage.path(".docker/config.json"));
    assert!(
        docker["auths"][stage.host()]["auth"].is_string(),
        "{docker}"
    );

    let words = ["login", "-n", "PICTURES", "--path-style"];
    let outcome = stage
        .client
        .run_with(&words, &[("DOCKER_COMMAND", "/usr/bin/podman")]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("upper-case"), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("takes its place"),
        "{}",
        outcome.stderr
    );
    let podman = config(&stage.path(".config/containers/auth.json"));
    let own = format!("localhost:{}", stage.server.address.port());
    for host in [&stage.host(), &own] {
        assert!(podman["auths"][host]["auth"].is_string(), "{podman}");
    }
}

#[test]
fn passwords_are_tried_before_they_are_kept() {
    let stage = Stage::set();
    let (name, password) = stage.admin();
    let login = |password: &str| stage.client.run(&["login", "-u", &name, "-p", password]);
    let wrong = login("wrong");
    assert_eq!(wrong.code, 1);
    assert!(wrong.stderr.contains("password"), "{}", wrong.stderr);
    assert!(!stage.path(".docker/config.json").exists());
    assert_eq!(login(&password).stdout, "Login Succeeded\n");
    let alone = stage.client.run(&["login", "-u", &name]);
    assert_eq!(alone.code, 1);
    assert!(alone.stderr.contains("non-interactive"), "{}", alone.stderr);
}

#[test]
fn a_token_is_shown_only_for_the_identity() {
    let stage = Stage::set();
    let shown = stage.json(&["login", "--expose-token", "--only-show-errors"]);
    assert_eq!(shown["loginServer"], stage.host());
    assert_eq!(shown["username"], "00000000-0000-0000-0000-000000000000");
    assert_eq!(shown["accessToken"], shown["refreshToken"]);
    assert!(!stage.path(".docker").exists());
    for (words, said) in [
        (&["-u", "me"][..], "`--username`"),
        (&["-p", "secret"], "`--username`"),
        (&["--endpoint", "local"], "`--endpoint`"),
    ] {
        let mut line = vec!["login", "-t"];
        line.extend(words);
        let outcome = stage.client.run(&line);
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    let outcome = stage.client.run(&["login", "--endpoint", "mars"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("'mars' not found"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_broken_store_is_named_and_nothing_is_lost() {
    let stage = Stage::set();
    let file = stage.path(".docker/config.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    for (content, said) in [
        (r#"{"credsStore":"nosuch"}"#, "docker-credential-nosuch"),
        (r#"{"auths":[]}"#, "auths"),
        ("{broken", "no JSON"),
    ] {
        std::fs::write(&file, content).unwrap();
        let outcome = stage.client.run(&["login"]);
        assert_eq!(outcome.code, 1, "{content}");
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn a_registry_is_found_however_its_name_is_written() {
    let stage = Stage::set();
    let words = [
        "create",
        "-n",
        "scoped",
        "--sku",
        "basic",
        "--dnl-scope",
        "TenantReuse",
    ];
    let created = stage.json(&words);
    let scoped = created["loginServer"].as_str().unwrap().to_owned();
    assert!(scoped.starts_with("scoped-"), "{scoped}");
    let (own, shouted) = (stage.host(), scoped.to_uppercase());
    let spellings = [
        (REGISTRY.to_uppercase(), &own, Some("upper-case")),
        (own.clone(), &own, Some("automatically omitted")),
        (own.to_uppercase(), &own, Some("upper-case")),
        ("scoped".to_owned(), &scoped, None),
        (scoped.clone(), &scoped, Some("automatically omitted")),
        (shouted, &scoped, Some("upper-case")),
    ];
    for (name, host, remark) in &spellings {
        let outcome = stage.client.run(&["login", "-n", name]);
        assert_eq!(outcome.code, 0, "{name}: {}", outcome.stderr);
        match remark {
            Some(remark) => assert!(
                outcome.stderr.contains(remark),
                "{name}: {}",
                outcome.stderr
            ),
            None => assert!(
                !outcome.stderr.contains("WARNING"),
                "{name}: {}",
                outcome.stderr
            ),
        }
        let path = stage.path(".docker/config.json");
        let docker = config(&path);
        assert_eq!(docker["auths"].as_object().unwrap().len(), 1, "{docker}");
        assert!(
            docker["auths"][host]["auth"].is_string(),
            "{name}: {docker}"
        );
        std::fs::remove_file(path).unwrap();
        let list = stage.client.must(&["repository", "list", "-n", name]);
        assert_eq!(list.trim(), "[]", "{name}");
    }
    // The suffix is left out, as az leaves it out: the name alone says which registry is meant.
    let other = own.replacen(REGISTRY, &format!("{REGISTRY}-abcdefghijklmnop"), 1);
    let outcome = stage.client.run(&["login", "-n", &other]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let docker = config(&stage.path(".docker/config.json"));
    assert!(docker["auths"][&own].is_object(), "{docker}");
    let elsewhere = stage.client.run(&["login", "-n", "pictures.azurecr.io"]);
    assert_eq!(elsewhere.code, 1);
    assert!(elsewhere.stderr.contains("suffix"), "{}", elsewhere.stderr);
}

#[test]
fn the_audience_of_tokens_is_the_one_that_az_is_set_to() {
    let stage = Stage::set();
    let settings = stage.path(".azure/config");
    std::fs::create_dir(settings.parent().unwrap()).unwrap();
    let login = |audience: &str| {
        let text = format!("[acr]\naudience_resource = {audience}\n");
        std::fs::write(&settings, text).unwrap();
        stage.client.run(&["login", "--expose-token"])
    };
    let endpoint = stage.server.admin("endpoint");
    for known in [
        "containerregistry",
        "https://containerregistry.azure.net",
        endpoint,
    ] {
        let outcome = login(known);
        assert_eq!(outcome.code, 0, "{known}: {}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("AAD"),
            "{known}: {}",
            outcome.stderr
        );
    }
    // A token for another audience is of no use to this registry.
    for unknown in ["myidp", "https://acr.disconnected.example"] {
        let outcome = login(unknown);
        assert!(
            outcome
                .stderr
                .contains("at the token exchange (status 401)"),
            "{unknown}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn an_empty_pipe_is_no_password() {
    let stage = Stage::set();
    let words = ["login", "-u", REGISTRY, "--password-stdin"];
    for input in ["", "\n"] {
        let outcome = stage.client.run_with_input(&words, input);
        assert_eq!(outcome.code, 1, "{}", outcome.stdout);
        assert!(
            outcome.stderr.contains("Standard input held no password."),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_registry_that_has_closed_its_network_since_is_not_logged_in_to() {
    let stage = Stage::set();
    let closed = stage.json(&["create", "-n", "closed", "--sku", "premium"]);
    assert_eq!(closed["name"], "closed");
    let login = || stage.client.run(&["login", "-n", "closed"]);
    assert_eq!(login().code, 0, "which keeps a token");
    stage
        .client
        .must(&["update", "-n", "closed", "--default-action", "Deny"]);
    let words = ["repository", "list", "-n", "closed"];
    for outcome in [login(), stage.client.run(&words)] {
        assert_eq!(outcome.code, 1, "{}", outcome.stdout);
        for said in ["client with IP", "acr network-rule add"] {
            assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        }
    }
    let exposed = stage.client.run(&["login", "-n", "closed", "-t"]);
    assert_eq!((exposed.code, &*exposed.stdout), (1, ""));
}
