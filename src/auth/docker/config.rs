//! What one of the files says: credentials by registry, and the programs that keep others.

use super::credential::Credential;
use super::error::Error;
use super::host::host_of;
use crate::exchange::TOKEN_USERNAME;
use acr_http::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;
use std::path::Path;

const AUTHS: &str = "auths";
const PROGRAM_BY_HOST: &str = "credHelpers";
const PROGRAM: &str = "credsStore";
/// The members of an entry that hold a credential.
const SECRETS: &[&str] = &[
    "auth",
    "username",
    "password",
    "identitytoken",
    "registrytoken",
];

/// The content of a file. Members that mean nothing here are kept, in their order.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Config {
    members: Map<String, Value>,
}

impl fmt::Debug for Config {
    /// Shows the names of the members only: many of the values are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.members.keys()).finish()
    }
}

impl Config {
    /// Reads a file's text; an empty file says nothing.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value = serde_json::from_str(text).map_err(|source| Error::Syntax {
            path: path.to_owned(),
            source,
        })?;
        let Value::Object(members) = value else {
            return Err(Error::shape(path, "it is no JSON object"));
        };
        let config = Self { members };
        config.check().map_err(|what| Error::shape(path, what))?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        for name in [AUTHS, PROGRAM_BY_HOST] {
            let member = self.members.get(name).unwrap_or(&Value::Null);
            if !member.is_null() && !member.is_object() {
                return Err(format!("{name:?} is no JSON object"));
            }
        }
        let program = self.members.get(PROGRAM).unwrap_or(&Value::Null);
        if !program.is_null() && !program.is_string() {
            return Err(format!("{PROGRAM:?} is no text"));
        }
        let mut entries = self.object(AUTHS).into_iter().flatten();
        let wrong = entries.find(|(_, entry)| !entry.is_object() && !entry.is_null());
        if let Some((key, _)) = wrong {
            return Err(format!("the entry {key:?} of {AUTHS:?} is no JSON object"));
        }
        let mut programs = self.object(PROGRAM_BY_HOST).into_iter().flatten();
        match programs.find(|(_, name)| !name.is_string()) {
            Some((key, _)) => Err(format!(
                "the entry {key:?} of {PROGRAM_BY_HOST:?} is no text"
            )),
            None => Ok(()),
        }
    }

    /// The text as Docker and Podman write it: indented by tabs.
    pub(super) fn render(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = Vec::new();
        let tabs = serde_json::ser::PrettyFormatter::with_indent(b"\t");
        let mut writer = serde_json::Serializer::with_formatter(&mut text, tabs);
        self.members.serialize(&mut writer)?;
        Ok(text)
    }

    /// The program for one registry, which may be the empty name: none then.
    pub(super) fn program_of(&self, key: &str) -> Option<&str> {
        self.object(PROGRAM_BY_HOST)?.get(key)?.as_str()
    }

    /// The registries that a program answers for.
    pub(super) fn hosts_of<'a>(&'a self, program: &'a str) -> impl Iterator<Item = &'a str> {
        let programs = self.object(PROGRAM_BY_HOST).into_iter().flatten();
        programs.filter_map(move |(host, name)| (name == program).then_some(host.as_str()))
    }

    /// The program for registries without one of their own.
    pub(super) fn program(&self) -> Option<&str> {
        let name = self.members.get(PROGRAM)?.as_str()?;
        (!name.is_empty()).then_some(name)
    }

    /// Has a program answer for a registry, and forgets what the file knew itself.
    pub(super) fn set_program_of(&mut self, key: &str, program: &str) -> bool {
        let is_news = self.program_of(key) != Some(program);
        self.change(PROGRAM_BY_HOST, |programs| {
            programs.insert(key.to_owned(), program.into());
        });
        self.remove(key) || is_news
    }

    /// The credential of a registry, under the key itself or an older form of it. What is wrong with an
    /// entry is said without its content.
    pub(super) fn credential(&self, path: &Path, key: &str) -> Result<Option<Credential>, Error> {
        let Some(entries) = self.object(AUTHS) else {
            return Ok(None);
        };
        let host = host_of(key);
        let older = || entries.iter().find(|(other, _)| host_of(other) == host);
        let Some((found, entry)) = entries.get_key_value(key).or_else(older) else {
            return Ok(None);
        };
        read(entry).map_err(|why| Error::shape(path, format!("the entry {found:?}: {why}")))
    }

    /// Stores the credential of a registry; whether that changed anything.
    pub(super) fn put(&mut self, key: &str, credential: &Credential) -> bool {
        self.put_members(key, write(credential))
    }

    /// Notes that there is a credential, which a program keeps.
    pub(super) fn put_mark(&mut self, key: &str) -> bool {
        self.put_members(key, Map::new())
    }

    fn put_members(&mut self, key: &str, secrets: Map<String, Value>) -> bool {
        self.change(AUTHS, |entries| {
            let old = entries.get(key).cloned();
            let mut entry = match &old {
                Some(Value::Object(entry)) => entry.clone(),
                _ => Map::new(),
            };
            entry.retain(|name, _| !SECRETS.contains(&name.as_str()));
            entry.extend(secrets);
            let entry = Value::Object(entry);
            let is_news = old.as_ref() != Some(&entry);
            entries.insert(key.to_owned(), entry);
            is_news
        })
    }

    /// Removes the credential of a registry under all its forms; whether there was one.
    pub(super) fn remove(&mut self, key: &str) -> bool {
        let Some(Value::Object(entries)) = self.members.get_mut(AUTHS) else {
            return false;
        };
        let before = entries.len();
        let host = host_of(key);
        entries.retain(|other, _| other != key && host_of(other) != host);
        entries.len() < before
    }

    fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.members.get(name)?.as_object()
    }

    /// Changes a member that is an object, or becomes one; it keeps its place.
    fn change<T>(&mut self, name: &str, change: impl FnOnce(&mut Map<String, Value>) -> T) -> T {
        let mut object = match self.members.get_mut(name).map(Value::take) {
            Some(Value::Object(object)) => object,
            _ => Map::new(),
        };
        let result = change(&mut object);
        self.members.insert(name.to_owned(), Value::Object(object));
        result
    }
}

/// Reads an entry. One without any credential only says that a program has it.
fn read(entry: &Value) -> Result<Option<Credential>, &'static str> {
    let text = |name: &str| match &entry[name] {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.as_str())),
        _ => Err("a member that should be text is not"),
    };
    if let Some(token) = text("identitytoken")? {
        return Ok(Some(Credential::IdentityToken(Secret::new(token))));
    }
    if let Some(pair) = text("auth")? {
        let bytes = STANDARD
            .decode(pair)
            .map_err(|_| "its \"auth\" is no base64")?;
        let pair = String::from_utf8(bytes).map_err(|_| "its \"auth\" is no text")?;
        let (username, password) = pair.split_once(':').ok_or("its \"auth\" is no pair")?;
        // Docker pads passwords with these.
        return Ok(Some(password_of(username, password.trim_matches('\0'))));
    }
    Ok(match (text("username")?, text("password")?) {
        (Some(username), Some(password)) => Some(password_of(username, password)),
        _ => None,
    })
}

fn password_of(username: &str, password: &str) -> Credential {
    Credential::Password {
        username: username.to_owned(),
        password: Secret::new(password),
    }
}

fn write(credential: &Credential) -> Map<String, Value> {
    let pair = |name: &str, password: &str| STANDARD.encode(format!("{name}:{password}"));
    let mut members = Map::new();
    match credential {
        Credential::Password { username, password } => {
            members.insert("auth".to_owned(), pair(username, password.expose()).into());
        }
        Credential::IdentityToken(token) => {
            members.insert("auth".to_owned(), pair(TOKEN_USERNAME, "").into());
            members.insert("identitytoken".to_owned(), token.expose().into());
        }
    }
    members
}
