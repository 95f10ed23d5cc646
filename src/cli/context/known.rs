//! The contexts of a person, kept in `contexts.json` of our settings folder.

use super::name::AZURE;
use super::server::Server;
use crate::cli::error::CliError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The contexts of this person, and the one in use.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "an object with current, servers and registries"
)]
pub(crate) struct Contexts {
    /// The context in use; Azure if none was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// The servers that are known by name.
    #[serde(default)]
    pub servers: BTreeMap<String, Server>,
    /// The registry to use where none is named, by context.
    #[serde(default)]
    pub registries: BTreeMap<String, String>,
}

impl Contexts {
    /// Reads the file of a settings folder; a file that is not there knows no server.
    pub(crate) fn load(folder: &Path) -> Result<Self, CliError> {
        let path = file(folder);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                CliError::failed(format!("{} is damaged: {error}", path.display())).hint(
                    "Mend it, or delete it and name your servers again with `acr context add`.",
                )
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(CliError::failed(format!(
                "{} cannot be read: {error}",
                path.display()
            ))),
        }
    }

    /// Changes the file: no other command line reads it to change it meanwhile. If `change` fails, or leaves all as it
    /// was, nothing is written.
    pub(crate) fn change<T>(
        folder: &Path,
        change: impl FnOnce(&mut Self) -> Result<T, CliError>,
    ) -> Result<T, CliError> {
        let _lock = lock(folder).map_err(|error| not_written(folder, &error))?;
        let before = Self::load(folder)?;
        let mut contexts = before.clone();
        let done = change(&mut contexts)?;
        if contexts != before {
            let written = contexts.save(folder);
            written.map_err(|error| not_written(folder, &error))?;
        }
        Ok(done)
    }

    /// Writes the file, whole or not at all.
    fn save(&self, folder: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        let mut draft = tempfile::NamedTempFile::new_in(folder)?;
        draft.write_all(&text)?;
        draft.as_file().sync_all()?;
        draft.persist(file(folder)).map_err(|error| error.error)?;
        Ok(())
    }

    /// The context in use, Azure if none was chosen.
    pub(crate) fn current(&self) -> &str {
        self.current.as_deref().unwrap_or(AZURE)
    }

    /// The server of a name, `None` for Azure itself.
    pub(crate) fn server(&self, name: &str) -> Result<Option<&Server>, CliError> {
        if name == AZURE {
            return Ok(None);
        }
        match self.servers.get(name) {
            Some(server) => Ok(Some(server)),
            None => Err(
                CliError::usage(format!("there is no context named {name:?}"))
                    .hint("`acr context list` shows those that are known."),
            ),
        }
    }

    /// Remembers a server; it comes into use if nothing was chosen before, and that is told. What was usual on another
    /// server of this name is forgotten.
    pub(crate) fn register(&mut self, name: &str, server: Server) -> bool {
        if self.servers.get(name) != Some(&server) {
            self.registries.remove(name);
            self.servers.insert(name.to_owned(), server);
        }
        let comes_into_use = self.current.is_none();
        if comes_into_use {
            self.current = Some(name.to_owned());
        }
        comes_into_use
    }

    /// Forgets a server and what was usual there. Which context is in use stays as it is.
    pub(crate) fn forget(&mut self, name: &str) -> Option<Server> {
        self.registries.remove(name);
        self.servers.remove(name)
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("contexts.json")
}

/// Waits for whoever changes the file now. The lock is a file of its own, since every change replaces the other one; it
/// stays, and the system lets go of it when its holder ends, however that ends.
fn lock(folder: &Path) -> io::Result<File> {
    std::fs::create_dir_all(folder)?;
    let lock = File::create(folder.join(".contexts.lock"))?;
    lock.lock()?;
    Ok(lock)
}

fn not_written(folder: &Path, error: &io::Error) -> CliError {
    let path = file(folder);
    CliError::failed(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{AZURE, Contexts, Server};
    use crate::cli::error::CliError;

    fn server() -> Server {
        Server {
            admin_file: "/x/admin.json".into(),
        }
    }

    #[test]
    fn the_first_server_comes_into_use_and_the_next_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let contexts = Contexts::load(folder.path()).unwrap();
        assert_eq!(contexts.current(), AZURE);
        let register = |name| {
            Contexts::change(folder.path(), |contexts| {
                Ok(contexts.register(name, server()))
            })
        };
        assert!(register("local").unwrap());
        assert!(!register("other").unwrap());
        let contexts = Contexts::load(folder.path()).unwrap();
        assert_eq!(contexts.current(), "local");
        assert_eq!(contexts.server("other").unwrap(), Some(&server()));
        assert_eq!(contexts.server(AZURE).unwrap(), None);
        assert!(contexts.server("nowhere").is_err());
    }

    #[test]
    fn changes_at_the_same_time_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let path = folder.path();
                scope.spawn(move || {
                    for turn in 0..4 {
                        let name = format!("{number}-{turn}");
                        Contexts::change(path, |contexts| Ok(contexts.register(&name, server())))
                            .unwrap();
                    }
                });
            }
        });
        assert_eq!(Contexts::load(folder.path()).unwrap().servers.len(), 32);
    }

    #[test]
    fn a_change_that_fails_or_changes_nothing_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let refused = Contexts::change(folder.path(), |contexts| {
            contexts.register("local", server());
            Err::<(), _>(CliError::failed("no"))
        });
        assert!(refused.is_err());
        Contexts::change(folder.path(), |_| Ok(())).unwrap();
        assert!(!folder.path().join("contexts.json").exists());
    }

    #[test]
    fn a_person_who_chose_azure_keeps_it() {
        let mut contexts = Contexts {
            current: Some(AZURE.to_owned()),
            ..Contexts::default()
        };
        assert!(!contexts.register("local", server()));
        assert_eq!(contexts.current(), AZURE);
    }

    #[test]
    fn what_was_usual_on_a_server_goes_with_it() {
        let mut contexts = Contexts::default();
        contexts.register("x", server());
        let usual = |contexts: &mut Contexts| {
            contexts
                .registries
                .insert("x".to_owned(), "hello".to_owned())
        };
        usual(&mut contexts);
        contexts.register("x", server());
        assert!(contexts.registries.contains_key("x"));
        let admin_file = "/y/admin.json".into();
        contexts.register("x", Server { admin_file });
        assert!(contexts.registries.is_empty());
        usual(&mut contexts);
        assert!(contexts.forget("x").is_some() && contexts.registries.is_empty());
    }

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for content in ["{", "5", r#"{"servers":{"x":5}}"#] {
            std::fs::write(folder.path().join("contexts.json"), content).unwrap();
            let error = Contexts::load(folder.path()).unwrap_err();
            let line = &error.lines()[0];
            assert!(line.contains("contexts.json is damaged"), "{line}");
            assert!(!line.contains("struct"), "{line}");
        }
    }
}
