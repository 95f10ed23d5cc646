//! The protocol, byte for byte, with programs that keep to it and programs that do not.

use crate::docker::program::Program;
use crate::docker::protocol::{Conversation, NOT_FOUND, PATIENCE};
use crate::docker::testing::Programs;
use crate::docker::{Credential, Error};
use acr_http::Secret;
use std::time::Duration;

fn talk_to(programs: &Programs, name: &str) -> Conversation {
    Conversation {
        program: Program::find(programs.search_path(), name, "h").unwrap(),
        patience: PATIENCE,
    }
}

/// What `get` gives where the program runs this script.
async fn get(script: &str) -> Result<Option<Credential>, Error> {
    let programs = Programs::new();
    programs.add("fake", script);
    talk_to(&programs, "fake").get("contoso.azurecr.io").await
}

fn password(username: &str, password: &str) -> Credential {
    Credential::Password {
        username: username.to_owned(),
        password: Secret::new(password),
    }
}

#[tokio::test]
async fn the_bytes_on_the_wire_are_docker_s() {
    let programs = Programs::new();
    let heard = programs.path("heard");
    let script = format!("{{ printf '%s|' \"$@\"; cat; }} >> '{}'", heard.display());
    programs.add("fake", &script);
    let fake = talk_to(&programs, "fake");
    let key = "contoso.azurecr.io";
    fake.store(key, &password("me", "a\"b\u{e9}"))
        .await
        .unwrap();
    let token = Credential::IdentityToken(Secret::new("ey"));
    fake.store(key, &token).await.unwrap();
    assert!(fake.erase(key).await.unwrap());
    let expected = "store|{\"ServerURL\":\"contoso.azurecr.io\",\"Username\":\"me\",\"Secret\":\"a\\\"b\u{e9}\"}\n\
        store|{\"ServerURL\":\"contoso.azurecr.io\",\"Username\":\"<token>\",\"Secret\":\"ey\"}\n\
        erase|contoso.azurecr.io";
    assert_eq!(std::fs::read_to_string(heard).unwrap(), expected);
}

#[tokio::test]
async fn answers_of_every_kind_are_understood() {
    let echo = |json: &str| format!("cat > /dev/null; printf '%s' '{json}'");
    let plain = echo(r#"{"ServerURL":"x","Username":"me","Secret":"hunter2"}"#);
    assert_eq!(get(&plain).await.unwrap(), Some(password("me", "hunter2")));
    // Go escapes the brackets of `<token>`.
    let token = echo(r#"{"username":"\\u003ctoken\\u003e","secret":"ey"}"#).replace(r"\\u", r"\u");
    let expected = Credential::IdentityToken(Secret::new("ey"));
    assert_eq!(get(&token).await.unwrap(), Some(expected));
    let empty = echo(r#"{"ServerURL":"","Username":"","Secret":""}"#);
    assert_eq!(get(&empty).await.unwrap(), None);
    let unknown = format!("echo '{NOT_FOUND}'; exit 1");
    assert_eq!(get(&unknown).await.unwrap(), None);
}

#[tokio::test]
async fn failures_are_told_without_what_could_be_secret() {
    for (script, words) in [
        (
            "echo 'gpg: no secret key'; echo more; exit 1",
            "it says: gpg: no secret key",
        ),
        ("exit 3", "without a word"),
        ("echo '{\"Secret\":\"hunter2\"}'; exit 1", "without a word"),
        (
            "printf '{\\n\"Secret\":\"hunter2\"\\n'; exit 1",
            "without a word",
        ),
        ("echo 'hunter2'", "no JSON"),
        ("echo '[\"hunter2\"]'", "no JSON object"),
        ("echo '{\"Secret\":\"hunter2\",}'", "line 1 column"),
        ("echo '{\"Username\":\"me\"}'", "\"Secret\""),
        ("echo '{\"Username\":\"me\",\"Secret\":5}'", "\"Secret\""),
        ("printf '\\377hunter2'", "not UTF-8"),
        ("exec head -c 3000000 /dev/zero", "larger than 1 MiB"),
        ("exec yes hunter2", "larger than 1 MiB"),
        ("printf '\\033[31mred\\033[0m'; exit 1", "it says: [31mred"),
    ] {
        let error = get(script).await.unwrap_err().to_string();
        assert!(error.starts_with("docker-credential-fake get: "), "{error}");
        assert!(error.contains(words), "{script}: {error}");
        assert!(!error.contains("hunter2") && error.len() < 500, "{error}");
    }
}

#[tokio::test]
async fn a_program_that_repeats_the_secret_is_not_quoted() {
    let programs = Programs::new();
    programs.add("fake", "sed 's/[{}]//g'; exit 1");
    let fake = talk_to(&programs, "fake");
    let error = fake
        .store("h", &password("me", "hunter2"))
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[tokio::test]
async fn no_answer_is_an_error_in_the_end() {
    let programs = Programs::new();
    programs.add("fake", "exec sleep 3600");
    let mut fake = talk_to(&programs, "fake");
    fake.patience = Duration::from_millis(50);
    let error = fake.get("h").await.unwrap_err().to_string();
    assert!(error.contains("no answer came"), "{error}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_program_that_nobody_waits_for_any_more_is_ended() {
    let programs = Programs::new();
    let started = programs.path("pid");
    let script = format!("echo $$ > '{}'; exec sleep 3600", started.display());
    programs.add("fake", &script);
    let fake = talk_to(&programs, "fake");
    let waiting = tokio::spawn(async move { fake.get("h").await });
    let pause = || tokio::time::sleep(Duration::from_millis(5));
    let pid = loop {
        let text = std::fs::read_to_string(&started).unwrap_or_default();
        match text.strip_suffix('\n') {
            Some(pid) => break pid.to_owned(),
            None => pause().await,
        }
    };
    waiting.abort();
    // What is left of an ended process, until it is collected, has no command line.
    let command = format!("/proc/{pid}/cmdline");
    while std::fs::read_to_string(&command).is_ok_and(|text| text.contains("sleep")) {
        pause().await;
    }
}

#[tokio::test]
async fn a_program_that_does_not_listen_is_no_trouble() {
    let programs = Programs::new();
    programs.add("fake", "exit 0");
    let long = password("me", &"x".repeat(1_000_000));
    talk_to(&programs, "fake").store("h", &long).await.unwrap();
}

#[tokio::test]
async fn lists_are_read_and_nothing_is_an_empty_one() {
    let programs = Programs::new();
    programs.add("fake", "echo '{\"https://a\":\"me\",\"b\":\"you\"}'");
    programs.add("none", "echo null");
    programs.add("bad", "echo no; exit 1");
    let listed = talk_to(&programs, "fake").list().await.unwrap();
    let expected = [("https://a", "me"), ("b", "you")];
    assert_eq!(listed, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(talk_to(&programs, "none").list().await.unwrap().is_empty());
    assert!(talk_to(&programs, "bad").list().await.is_err());
    programs.add("gone", &format!("echo '{NOT_FOUND}'; exit 1"));
    assert!(!talk_to(&programs, "gone").erase("h").await.unwrap());
}

#[tokio::test]
async fn what_windows_cannot_keep_is_not_given_to_it() {
    let programs = Programs::new();
    programs.add("wincred", "exit 0");
    programs.add("wincred.exe", "exit 0");
    for name in ["wincred", "wincred.exe"] {
        let wincred = talk_to(&programs, name);
        wincred
            .store("h", &password("me", &"x".repeat(2560)))
            .await
            .unwrap();
        let long = password("me", &"x".repeat(2561));
        let error = wincred.store("h", &long).await.unwrap_err();
        assert!(error.to_string().contains("2561"), "{error}");
        assert!(error.hint().contains("docker-credential-acr"));
    }
}
