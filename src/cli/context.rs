//! Contexts: the places that commands may go to, kept in `contexts.json` of our settings folder.

use super::error::CliError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The name of the context that stands for Azure itself; it is always there.
pub(crate) const AZURE: &str = "azure";
/// The name under which `acr serve` registers itself.
pub(crate) const LOCAL: &str = "local";
/// The resource group and region of a server of our own, where none is named.
pub(crate) const SERVER_GROUP: &str = "default";
/// What `acr serve` calls the file in its data folder.
const ADMIN_FILE: &str = "admin.json";
/// The folder among our settings for the files of servers that are not of this machine.
const ELSEWHERE: &str = "servers";

/// The contexts of this person, and the one in use.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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

/// A server and the file that says how to reach it and who we are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Server {
    /// A file such as `acr serve` keeps in its data folder.
    pub admin_file: PathBuf,
}

/// What a server's `admin.json` says.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Admin {
    /// The management endpoint.
    pub endpoint: String,
    /// The tenant.
    pub tenant_id: String,
    /// The subscription.
    pub subscription_id: String,
    /// Who we are.
    pub client_id: String,
    /// How we prove it.
    pub client_secret: String,
    /// The end of every login server; without it, that of the endpoint is taken for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_server_suffix: Option<String>,
    /// The certificate of the server's own authority.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
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
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(CliError::failed(format!(
                "{} cannot be read: {error}",
                path.display()
            ))),
        }
    }

    /// Writes the file, whole or not at all.
    pub(crate) fn save(&self, folder: &Path) -> Result<(), CliError> {
        let path = file(folder);
        let refuse = |error: std::io::Error| {
            CliError::failed(format!("{} cannot be written: {error}", path.display()))
        };
        std::fs::create_dir_all(folder).map_err(refuse)?;
        let mut text =
            serde_json::to_vec_pretty(self).map_err(|error| CliError::failed(error.to_string()))?;
        text.push(b'\n');
        let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(refuse)?;
        draft.write_all(&text).map_err(refuse)?;
        draft.persist(&path).map_err(|error| refuse(error.error))?;
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

    /// Remembers a server; it comes into use if nothing was chosen before. What was usual on another server of this
    /// name is forgotten.
    pub(crate) fn register(&mut self, name: &str, server: Server) {
        let before = self.servers.insert(name.to_owned(), server.clone());
        if before.is_some_and(|before| before != server) {
            self.registries.remove(name);
        }
        if self.current.is_none() {
            self.current = Some(name.to_owned());
        }
    }
}

impl Server {
    /// Keeps how to reach a server elsewhere in a file of our settings folder, for its owner alone.
    pub(crate) fn write(folder: &Path, name: &str, admin: &Admin) -> Result<Self, CliError> {
        let folder = folder.join(ELSEWHERE);
        let admin_file = folder.join(format!("{name}.json"));
        std::fs::create_dir_all(&folder)?;
        // A temporary file is its owner's alone, and keeps that when it takes its place.
        let mut draft = tempfile::NamedTempFile::new_in(&folder)?;
        serde_json::to_writer_pretty(&mut draft, admin).map_err(std::io::Error::from)?;
        draft.persist(&admin_file).map_err(|error| error.error)?;
        Ok(Self { admin_file })
    }

    /// The folder that the server keeps its data in, if it is one of this machine: its file lies there, while that
    /// of a server elsewhere lies among our settings.
    pub(crate) fn data_folder(&self, settings_folder: &Path) -> Option<&Path> {
        let folder = self.admin_file.parent()?;
        let is_own_copy = folder == settings_folder.join(ELSEWHERE);
        let is_named = self
            .admin_file
            .file_name()
            .is_some_and(|name| name == ADMIN_FILE);
        (is_named && !is_own_copy).then_some(folder)
    }

    /// Reads how to reach the server.
    pub(crate) fn admin(&self, name: &str) -> Result<Admin, CliError> {
        let path = &self.admin_file;
        let bytes = std::fs::read(path).map_err(|error| {
            CliError::failed(format!(
                "the context {name:?} points to {}, which cannot be read: {error}",
                path.display()
            ))
            .hint("Start the server with `acr serve --detach`, or choose another context with `acr context use`.")
        })?;
        serde_json::from_slice(&bytes)
            .map_err(|error| CliError::failed(format!("{} is damaged: {error}", path.display())))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("contexts.json")
}

#[cfg(test)]
mod tests {
    use super::{AZURE, Contexts, Server};
    use std::path::Path;

    fn server() -> Server {
        Server {
            admin_file: "/x/admin.json".into(),
        }
    }

    #[test]
    fn the_first_server_comes_into_use_and_the_next_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut contexts = Contexts::load(folder.path()).unwrap();
        assert_eq!(contexts.current(), AZURE);
        contexts.register("local", server());
        contexts.register("other", server());
        contexts.save(folder.path()).unwrap();
        let contexts = Contexts::load(folder.path()).unwrap();
        assert_eq!(contexts.current(), "local");
        assert_eq!(contexts.server("other").unwrap(), Some(&server()));
        assert_eq!(contexts.server(AZURE).unwrap(), None);
        assert!(contexts.server("nowhere").is_err());
    }

    #[test]
    fn only_a_server_of_this_machine_has_its_file_in_its_data_folder() {
        let settings = Path::new("/settings");
        let at = |file: &str| Server {
            admin_file: file.into(),
        };
        let local = at("/data/admin.json");
        assert_eq!(local.data_folder(settings), Some(Path::new("/data")));
        assert_eq!(
            at("/settings/servers/admin.json").data_folder(settings),
            None
        );
        assert_eq!(at("/elsewhere/prod.json").data_folder(settings), None);
    }

    #[test]
    fn a_person_who_chose_azure_keeps_it() {
        let mut contexts = Contexts {
            current: Some(AZURE.to_owned()),
            ..Contexts::default()
        };
        contexts.register("local", server());
        assert_eq!(contexts.current(), AZURE);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("contexts.json"), "{").unwrap();
        let error = Contexts::load(folder.path()).unwrap_err();
        assert!(error.lines()[0].contains("contexts.json is damaged"));
    }
}
