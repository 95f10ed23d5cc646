//! `admin.json`: what a script needs to work as the administrator of the server in this folder.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::data_dir::{self, DataDir, OWNER_ONLY};
use crate::Error;

/// Who the administrator is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The built-in tenant.
    pub tenant_id: String,
    /// The built-in subscription.
    pub subscription_id: String,
    /// The administrator's application id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

/// The file's content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Admin {
    /// Base address of the control plane.
    pub endpoint: String,
    /// The built-in tenant.
    pub tenant_id: String,
    /// The built-in subscription.
    pub subscription_id: String,
    /// The administrator's application id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The end of every login server, with its leading dot, such as `.localhost:5480`.
    pub login_server_suffix: String,
    /// Certificate to trust; none where the server has one of its own that the machine trusts.
    pub ca_file: Option<PathBuf>,
}

impl Admin {
    /// The file as the last server in this folder left it; `None` if none ever ran.
    pub fn read(data_dir: &DataDir) -> Result<Option<Self>, Error> {
        let path = data_dir.admin_file();
        let Some(text) = data_dir::read_if_present(&path)? else {
            return Ok(None);
        };
        match serde_json::from_str(&text) {
            Ok(admin) => Ok(Some(admin)),
            Err(error) => Err(Error::content(
                path,
                format!("not understood ({error}); restart the server to have it written again"),
            )),
        }
    }

    pub(super) fn write(&self, data_dir: &DataDir) -> Result<(), Error> {
        let path = data_dir.admin_file();
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::content(&path, error.to_string()))?;
        data_dir::write_whole(&path, &bytes, OWNER_ONLY)
    }
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
