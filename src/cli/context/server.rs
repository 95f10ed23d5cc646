//! A server of our own: the file that says how to reach it, and who we are there.

use crate::cli::error::CliError;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The resource group and region of a server of our own, where none is named.
pub(crate) const SERVER_GROUP: &str = "default";
/// What `acr serve` calls the file in its data folder.
const ADMIN_FILE: &str = "admin.json";
/// The folder among our settings for the files of servers that are not of this machine.
const ELSEWHERE: &str = "servers";

/// A server and the file that says how to reach it and who we are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "a server with adminFile"
)]
pub(crate) struct Server {
    /// A file such as `acr serve` keeps in its data folder.
    pub admin_file: PathBuf,
}

/// What a server's `admin.json` says.
#[derive(Clone, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    expecting = "an object with endpoint, tenantId, subscriptionId, clientId and clientSecret"
)]
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

impl Admin {
    /// Reads the file of a server.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        let bytes = std::fs::read(path).map_err(|error| {
            CliError::failed(format!("{} cannot be read: {error}", path.display())).hint(format!(
                "`acr serve` keeps {ADMIN_FILE} in its data folder once it has been started there."
            ))
        })?;
        Self::parse(path, &bytes)
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, CliError> {
        serde_json::from_slice(bytes).map_err(|error| {
            CliError::failed(format!(
                "{} is not the {ADMIN_FILE} of a server: {error}",
                path.display()
            ))
            .hint(format!(
                "`acr serve` keeps {ADMIN_FILE} in its data folder."
            ))
        })
    }

    /// Whether both lead to the same server, with whatever credential.
    fn is_same_server(&self, other: &Self) -> bool {
        self.endpoint == other.endpoint
            && self.tenant_id == other.tenant_id
            && self.subscription_id == other.subscription_id
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

    /// Deletes the file if it is our own copy: it holds a secret that nothing uses any more.
    pub(crate) fn discard(&self, settings_folder: &Path) -> Result<(), CliError> {
        if !self.is_own_copy(settings_folder) {
            return Ok(());
        }
        match std::fs::remove_file(&self.admin_file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The folder that the server keeps its data in, if it is one of this machine: its file lies there, while that
    /// of a server elsewhere lies among our settings.
    pub(crate) fn data_folder(&self, settings_folder: &Path) -> Option<&Path> {
        let folder = self.admin_file.parent()?;
        let is_named = self
            .admin_file
            .file_name()
            .is_some_and(|name| name == ADMIN_FILE);
        (is_named && !self.is_own_copy(settings_folder)).then_some(folder)
    }

    fn is_own_copy(&self, settings_folder: &Path) -> bool {
        self.admin_file.parent() == Some(&settings_folder.join(ELSEWHERE))
    }

    /// Reads how to reach the server of a context.
    pub(crate) fn admin(&self, name: &str) -> Result<Admin, CliError> {
        let path = &self.admin_file;
        let bytes = std::fs::read(path).map_err(|error| {
            CliError::failed(format!(
                "the context {name:?} points to {}, which cannot be read: {error}",
                path.display()
            ))
            .hint("Start the server with `acr serve --detach`, or choose another context with `acr context use`.")
        })?;
        Admin::parse(path, &bytes)
    }

    /// Whether it is the one that `admin` leads to. One that cannot be read may be any.
    pub(crate) fn is_at(&self, name: &str, admin: &Admin) -> bool {
        self.admin(name)
            .is_ok_and(|known| known.is_same_server(admin))
    }
}

#[cfg(test)]
mod tests {
    use super::Server;
    use std::path::Path;

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
    fn only_our_own_copy_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("settings");
        std::fs::create_dir_all(settings.join("servers")).unwrap();
        let (own, other) = (
            settings.join("servers/x.json"),
            folder.path().join("x.json"),
        );
        for (file, stays) in [(own, false), (other, true)] {
            std::fs::write(&file, "{}").unwrap();
            let server = Server {
                admin_file: file.clone(),
            };
            server.discard(&settings).unwrap();
            assert_eq!(file.exists(), stays, "{}", file.display());
            assert!(server.discard(&settings).is_ok(), "once more");
        }
    }
}
