//! Where the master key comes from: a file, a variable, or a program that prints it.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use acr_http::Secret;
use tokio::process::Command;

use super::Setting;
use crate::{Error, domain::sealing::MasterKeys};

/// More than any set of keys takes.
const MOST_BYTES: usize = 64 * 1024;
/// A program that asks a key service may wait for it, but not for ever.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// Where the master key comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum MasterKeySource {
    /// A file.
    File(PathBuf),
    /// A variable of the environment, already read.
    Variable(Secret),
    /// A program and its arguments; it prints the key.
    Program(Vec<String>),
}

impl fmt::Debug for MasterKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Variable(_) => f.write_str("Variable(***)"),
            Self::Program(words) => f.debug_tuple("Program").field(&words.first()).finish(),
        }
    }
}

/// Reads `FILE`, `env:NAME` or `command:PROGRAM ARGUMENT…`.
pub(super) fn source(
    text: &str,
    variables: &BTreeMap<String, String>,
) -> Result<MasterKeySource, String> {
    if let Some(name) = text.strip_prefix("env:") {
        let value = variables.get(name).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| format!("the variable {name} is not set"))?;
        return Ok(MasterKeySource::Variable(Secret::new(value.as_str())));
    }
    if let Some(line) = text.strip_prefix("command:") {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        return match words.is_empty() {
            true => Err("`command:` names no program".to_owned()),
            false => Ok(MasterKeySource::Program(words)),
        };
    }
    super::value::path(text).map(MasterKeySource::File)
}

impl MasterKeySource {
    /// Reads the keys. What goes wrong is told without what was read.
    pub(crate) async fn load(&self) -> Result<MasterKeys, Error> {
        let text = match self {
            Self::File(path) => file(path).await?,
            Self::Variable(value) => value.clone(),
            Self::Program(words) => program(words).await.map_err(refuse)?,
        };
        MasterKeys::parse(text.expose()).map_err(|error| match self {
            Self::File(path) => Error::content(path, error.to_string()),
            _ => refuse(error.to_string()),
        })
    }
}

fn refuse(reason: String) -> Error {
    Error::Settings(format!("{}: {reason}", Setting::MasterKey.flag()))
}

async fn file(path: &Path) -> Result<Secret, Error> {
    use tokio::io::AsyncReadExt;

    let failed = |source| Error::file("read the master key", path, source);
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    warn_if_shared(path, &file.metadata().await.map_err(failed)?);
    let mut text = String::new();
    let mut start = file.take(MOST_BYTES as u64);
    start.read_to_string(&mut text).await.map_err(failed)?;
    Ok(Secret::new(text))
}

#[cfg(unix)]
fn warn_if_shared(path: &Path, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::PermissionsExt;

    if metadata.permissions().mode() & 0o077 != 0 {
        let path = path.display();
        tracing::warn!(%path, "others can read the master key; `chmod 600` keeps it for its owner");
    }
}

#[cfg(not(unix))]
fn warn_if_shared(_: &Path, _: &std::fs::Metadata) {}

async fn program(words: &[String]) -> Result<Secret, String> {
    let (name, arguments) = words.split_first().ok_or("no program is named")?;
    let run = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let output = match tokio::time::timeout(PROGRAM_TIMEOUT, run).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(format!("{name} cannot be run: {error}")),
        Err(_) => return Err(format!("{name} did not end within a minute")),
    };
    if !output.status.success() {
        return Err(format!("{name} failed: {}", output.status));
    }
    match String::from_utf8(output.stdout) {
        Ok(text) if text.len() <= MOST_BYTES => Ok(Secret::new(text)),
        _ => Err(format!("{name} printed no key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn read(text: &str) -> Result<MasterKeySource, String> {
        source(text, &BTreeMap::from([("KEY".into(), KEY.into())]))
    }

    #[tokio::test]
    async fn a_key_comes_from_a_file_a_variable_or_a_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        std::fs::write(&path, format!("# ours\n{KEY}\n")).unwrap();
        let from_file = read(path.to_str().unwrap()).unwrap().load().await.unwrap();
        let from_variable = read("env:KEY").unwrap().load().await.unwrap();
        assert_eq!(from_file.current(), from_variable.current());
        let printed = read(&format!("command:cat {}", path.display())).unwrap();
        assert_eq!(printed.load().await.unwrap().current(), from_file.current());
    }

    #[tokio::test]
    async fn what_gives_no_key_is_named_without_what_it_gave() {
        assert_eq!(
            read("env:NONE").unwrap_err(),
            "the variable NONE is not set"
        );
        assert!(read("command: ").is_err());
        for (source, said) in [
            ("command:false", "--master-key: false failed: "),
            ("command:/nowhere/program", "cannot be run"),
            ("command:echo a-secret", "line 1 is not 32 bytes"),
            ("/nowhere/master.key", "cannot read the master key"),
        ] {
            let error = read(source).unwrap().load().await.unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
            assert!(!error.contains("a-secret"), "{error}");
        }
        assert!(!format!("{:?}", read("env:KEY").unwrap()).contains(KEY));
    }
}
