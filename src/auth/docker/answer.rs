//! The other side of the protocol: what this program says when it is run as `docker-credential-acr`.

use super::host::host_of;
use super::own_program::OWN_PROGRAM;
use super::protocol::NOT_FOUND;
use crate::exchange::TOKEN_USERNAME;
use acr_http::Secret;
use serde_json::{Map, Value, json};
use std::fmt;

/// The words that Docker knows for two more failures.
const NO_SERVER: &str = "no credentials server URL";
const NO_USERNAME: &str = "no credentials username";
const ACTIONS: &str = "store|get|erase|list|version";
const LONGEST_SHOWN: usize = 200;

/// What answers are made of.
pub trait TokenSource {
    /// Why there is no token.
    type Error: fmt::Display;

    /// Whether tokens can be had for a host, given with its port if it has one.
    fn knows(&self, host: &str) -> bool;

    /// The registries that are known by name.
    fn hosts(&self) -> Vec<String>;

    /// A refresh token for a host, with enough time left for a long push.
    fn refresh_token(&self, host: &str) -> impl Future<Output = Result<Secret, Self::Error>>;
}

/// What to print on the standard output, and the code to end with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// All of the output, the line feed at its end included.
    pub stdout: String,
    /// Zero if all went well.
    pub code: u8,
}

/// Answers one run: `action` is the only argument, `stdin` all of the input.
pub async fn answer(action: &str, stdin: &str, source: &impl TokenSource) -> Answer {
    let result = match action {
        "get" => get(stdin, source).await,
        "store" => store(stdin, source),
        "erase" => server(stdin).map(|_| String::new()),
        "list" => Ok(line(&list(source))),
        "version" => Ok(version()),
        other => Err(unknown(other)),
    };
    match result {
        Ok(stdout) => Answer { stdout, code: 0 },
        Err(message) => Answer {
            stdout: format!("{message}\n"),
            code: 1,
        },
    }
}

async fn get(stdin: &str, source: &impl TokenSource) -> Result<String, String> {
    let server = server(stdin)?;
    let host = host_of(server);
    if !source.knows(&host) {
        return Err(NOT_FOUND.to_owned());
    }
    let token = source.refresh_token(&host).await.map_err(|error| {
        let text = error.to_string();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    })?;
    let answer = json!({"ServerURL": server, "Username": TOKEN_USERNAME, "Secret": token.expose()});
    Ok(line(&answer))
}

/// Tokens are made when they are needed, so that none has to be kept; but to take somebody's password
/// for another registry and drop it would be to lose it.
fn store(stdin: &str, source: &impl TokenSource) -> Result<String, String> {
    let given: Value = serde_json::from_str(stdin)
        .map_err(|error| format!("the credential is no JSON: {error}"))?;
    let text = |name: &str| given[name].as_str().filter(|text| !text.is_empty());
    let server = text("ServerURL").ok_or(NO_SERVER)?;
    text("Username").ok_or(NO_USERNAME)?;
    let host = host_of(server);
    match source.knows(&host) {
        true => Ok(String::new()),
        false => Err(format!(
            "docker-credential-{OWN_PROGRAM} keeps no credentials, and makes none for {}; \
             name it in \"credHelpers\" for registries of Azure, and not in \"credsStore\"",
            shortened(&host)
        )),
    }
}

fn list(source: &impl TokenSource) -> Value {
    let hosts = source.hosts().into_iter();
    let users = hosts.map(|host| (host, TOKEN_USERNAME.into()));
    Value::Object(users.collect::<Map<_, _>>())
}

fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!("docker-credential-{OWN_PROGRAM} ({OWN_PROGRAM}) {version}\n")
}

fn unknown(action: &str) -> String {
    match action {
        "" => format!("Usage: docker-credential-{OWN_PROGRAM} <{ACTIONS}>"),
        other => format!("Unknown credential action `{}`", shortened(other)),
    }
}

fn server(stdin: &str) -> Result<&str, String> {
    match stdin.trim() {
        "" => Err(NO_SERVER.to_owned()),
        server => Ok(server),
    }
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}

fn shortened(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control());
    shown.take(LONGEST_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Contoso;

    impl TokenSource for Contoso {
        type Error = &'static str;

        fn knows(&self, host: &str) -> bool {
            host.ends_with(".azurecr.io")
        }

        fn hosts(&self) -> Vec<String> {
            vec!["contoso.azurecr.io".to_owned(), "b.azurecr.io".to_owned()]
        }

        async fn refresh_token(&self, host: &str) -> Result<Secret, Self::Error> {
            match host {
                "contoso.azurecr.io" => Ok(Secret::new("ey.J.x")),
                _ => Err("no Azure credential\nwas found"),
            }
        }
    }

    async fn said(action: &str, stdin: &str) -> (String, u8) {
        let answer = answer(action, stdin, &Contoso).await;
        (answer.stdout, answer.code)
    }

    #[tokio::test]
    async fn get_gives_a_token_in_docker_s_bytes() {
        let expected = |server: &str| {
            format!(
                "{{\"ServerURL\":\"{server}\",\"Username\":\"00000000-0000-0000-0000-000000000000\",\"Secret\":\"ey.J.x\"}}\n"
            )
        };
        for stdin in ["contoso.azurecr.io", "https://Contoso.azurecr.io/v1/\n"] {
            assert_eq!(said("get", stdin).await, (expected(stdin.trim()), 0));
        }
    }

    #[tokio::test]
    async fn what_is_not_known_is_not_found_in_docker_s_words() {
        let expected = ("credentials not found in native keychain\n".to_owned(), 1);
        for stdin in [
            "https://index.docker.io/v1/",
            "evil.example/contoso.azurecr.io",
            "\"{}",
        ] {
            assert_eq!(said("get", stdin).await, expected);
        }
        let failed = ("no Azure credential was found\n".to_owned(), 1);
        assert_eq!(said("get", "b.azurecr.io").await, failed);
    }

    #[tokio::test]
    async fn what_is_stored_or_erased_is_taken_quietly() {
        let quiet = (String::new(), 0);
        let given = |server: &str| {
            format!("{{\"ServerURL\":\"{server}\",\"Username\":\"me\",\"Secret\":\"hunter2\"}}\n")
        };
        assert_eq!(said("store", &given("contoso.azurecr.io")).await, quiet);
        assert_eq!(said("erase", "contoso.azurecr.io\n").await, quiet);
        assert_eq!(said("erase", "docker.io").await, quiet);
        let (text, code) = said("store", &given("https://index.docker.io/v1/")).await;
        assert_eq!(code, 1);
        assert!(
            text.contains("index.docker.io") && text.contains("credHelpers"),
            "{text}"
        );
        assert!(!text.contains("hunter2"));
    }

    #[tokio::test]
    async fn the_list_and_the_version_are_what_docker_reads() {
        let zeros = TOKEN_USERNAME;
        let list = format!("{{\"contoso.azurecr.io\":\"{zeros}\",\"b.azurecr.io\":\"{zeros}\"}}\n");
        assert_eq!(said("list", "unused").await, (list, 0));
        let (version, code) = said("version", "").await;
        assert_eq!(code, 0);
        assert!(
            version.starts_with("docker-credential-acr (acr) "),
            "{version}"
        );
    }

    #[tokio::test]
    async fn nonsense_ends_with_one() {
        for (action, stdin, words) in [
            ("get", " \n", NO_SERVER),
            ("erase", "", NO_SERVER),
            ("store", "{}", NO_SERVER),
            ("store", "{\"ServerURL\":\"a.azurecr.io\"}", NO_USERNAME),
            ("store", "{\"Secret\":\"hunter2\"", "line 1"),
            ("store", "\"hunter2\"", NO_SERVER),
            ("frob", "x", "Unknown credential action `frob`"),
            (
                "",
                "",
                "Usage: docker-credential-acr <store|get|erase|list|version>",
            ),
        ] {
            let (text, code) = said(action, stdin).await;
            assert_eq!(code, 1, "{action}");
            assert!(
                text.contains(words) && text.ends_with('\n'),
                "{action}: {text}"
            );
            assert!(
                !text.contains("hunter2") && text.lines().count() == 1,
                "{text}"
            );
        }
        let (long, _) = said(&"x".repeat(99_999), "").await;
        assert!(long.len() < 300);
    }
}
