//! The protocol of `docker-credential-NAME`: one word as argument, text or JSON in, text or JSON out.

use super::credential::Credential;
use super::error::Error;
use super::program::Program;
use acr_http::Secret;
use serde_json::{Map, Value, json};
use std::io;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// What a program says when it has nothing for a registry; Docker compares the words.
pub(super) const NOT_FOUND: &str = "credentials not found in native keychain";
/// The name under which a secret is an identity token.
const TOKEN: &str = "<token>";
/// Time enough for a person to unlock what has to be unlocked.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
const LARGEST_ANSWER_BYTES: u64 = 1024 * 1024;
const LONGEST_MESSAGE: usize = 300;
/// The Windows Credential Manager keeps no more in one entry.
const WINDOWS: (&str, usize) = ("wincred", 2560);

/// A program that is asked, for so long.
#[derive(Debug, Clone)]
pub(super) struct Conversation {
    pub(super) program: Program,
    pub(super) patience: Duration,
}

struct Said {
    is_done: bool,
    text: String,
}

impl Conversation {
    /// What the program has for a registry.
    pub(super) async fn get(&self, key: &str) -> Result<Option<Credential>, Error> {
        let said = self.ask("get", key).await?;
        if !said.is_done {
            return match said.text.trim() == NOT_FOUND {
                true => Ok(None),
                false => Err(self.complaint("get", &said.text, None)),
            };
        }
        let members = self.members("get", &said.text)?;
        let (Some(username), Some(secret)) = (text(&members, "Username"), text(&members, "Secret"))
        else {
            return Err(self.failed("get", "its answer has no \"Username\" or no \"Secret\""));
        };
        Ok(match (username, Secret::new(secret)) {
            (_, secret) if secret.expose().is_empty() => None,
            (TOKEN, secret) => Some(Credential::IdentityToken(secret)),
            (username, password) => Some(Credential::Password {
                username: username.to_owned(),
                password,
            }),
        })
    }

    /// Has the program keep a credential.
    pub(super) async fn store(&self, key: &str, credential: &Credential) -> Result<(), Error> {
        let secret = credential.secret();
        let bytes = secret.expose().len();
        let (name, most) = WINDOWS;
        if self.program.name.trim_end_matches(".exe") == name && bytes > most {
            let host = key.to_owned();
            return Err(Error::TooLong { host, bytes, most });
        }
        let username = match credential {
            Credential::Password { username, .. } => username,
            Credential::IdentityToken(_) => TOKEN,
        };
        let input = json!({"ServerURL": key, "Username": username, "Secret": secret.expose()});
        let said = self.ask("store", &format!("{input}\n")).await?;
        match said.is_done {
            true => Ok(()),
            false => Err(self.complaint("store", &said.text, Some(secret))),
        }
    }

    /// Has the program forget a credential; whether it had one.
    pub(super) async fn erase(&self, key: &str) -> Result<bool, Error> {
        let said = self.ask("erase", key).await?;
        match said.is_done {
            true => Ok(true),
            false if said.text.trim() == NOT_FOUND => Ok(false),
            false => Err(self.complaint("erase", &said.text, None)),
        }
    }

    /// The registries that the program has credentials for, with the name of each user.
    pub(super) async fn list(&self) -> Result<Vec<(String, String)>, Error> {
        let said = self.ask("list", "").await?;
        if !said.is_done {
            return Err(self.complaint("list", &said.text, None));
        }
        if said.text.trim() == "null" {
            return Ok(Vec::new());
        }
        let members = self.members("list", &said.text)?;
        let pair = |(key, name): (String, Value)| Some((key, name.as_str()?.to_owned()));
        Ok(members.into_iter().filter_map(pair).collect())
    }

    fn members(&self, action: &'static str, text: &str) -> Result<Map<String, Value>, Error> {
        // The reader's own words tell the place and not the content.
        match serde_json::from_str(text) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(_) => Err(self.failed(action, "its answer is no JSON object")),
            Err(error) => Err(self.failed(action, format!("its answer is no JSON: {error}"))),
        }
    }

    async fn ask(&self, action: &'static str, input: &str) -> Result<Said, Error> {
        match tokio::time::timeout(self.patience, self.talk(action, input)).await {
            Ok(Ok(said)) => Ok(said),
            Ok(Err(error)) => Err(self.failed(action, error.to_string())),
            Err(_) => {
                let seconds = self.patience.as_secs();
                Err(self.failed(action, format!("no answer came within {seconds} seconds")))
            }
        }
    }

    /// Runs the program, which ends with this future at the latest. Its complaints for people go
    /// nowhere: they could hold anything.
    async fn talk(&self, action: &str, input: &str) -> io::Result<Said> {
        let mut child = Command::new(&self.program.path)
            .arg(action)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let write = async {
            if let Some(mut stdin) = stdin {
                // A program may end without listening; what it says then counts.
                let _ = stdin.write_all(input.as_bytes()).await;
            }
        };
        let mut bytes = Vec::new();
        let read = async {
            match stdout {
                Some(stdout) => {
                    let mut limited = stdout.take(LARGEST_ANSWER_BYTES + 1);
                    limited.read_to_end(&mut bytes).await
                }
                None => Ok(0),
            }
        };
        let ((), length) = tokio::join!(write, read);
        if length? as u64 > LARGEST_ANSWER_BYTES {
            return Err(io::Error::other("its answer is larger than 1 MiB"));
        }
        let status = child.wait().await?;
        let text = String::from_utf8(bytes);
        Ok(Said {
            is_done: status.success(),
            text: text.map_err(|_| io::Error::other("its answer is not UTF-8 text"))?,
        })
    }

    fn failed(&self, action: &'static str, why: impl Into<String>) -> Error {
        Error::Program {
            name: self.program.name.clone(),
            action,
            why: why.into(),
        }
    }

    /// What a program says of its failure, unless it looks like the answer itself.
    fn complaint(&self, action: &'static str, text: &str, secret: Option<&Secret>) -> Error {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty());
        let is_safe = |line: &str| {
            !text.contains(['{', '}'])
                && secret.is_none_or(|secret| !line.contains(secret.expose()))
        };
        let shown: Option<String> = line.filter(|line| is_safe(line)).map(|line| {
            let shown = line.chars().filter(|c| !c.is_control());
            shown.take(LONGEST_MESSAGE).collect()
        });
        match shown {
            Some(shown) => self.failed(action, format!("it says: {shown}")),
            None => self.failed(action, "it failed without a word that can be shown"),
        }
    }
}

/// A member as Go finds it, in which most of these programs are written: whatever its case.
fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let exact = members.get(name);
    let any = || {
        members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    exact.or_else(|| any().map(|(_, value)| value))?.as_str()
}
