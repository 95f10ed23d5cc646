//! What the chain may know of the machine it runs on: a snapshot of variables, and three folders.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The variables and folders that credentials are looked for in. This crate never reads them itself.
#[derive(Clone)]
pub struct Environment {
    variables: Arc<BTreeMap<String, String>>,
    azure_folder: PathBuf,
    config_folder: PathBuf,
}

impl Environment {
    /// A snapshot. The folders follow from `AZURE_CONFIG_DIR`, `ACR_CONFIG_DIR`, `XDG_CONFIG_HOME` and `home`.
    pub fn from_map(variables: BTreeMap<String, String>, home: &Path) -> Self {
        let var = |name: &str| variables.get(name).filter(|value| !value.is_empty());
        let azure_folder = match var("AZURE_CONFIG_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => home.join(".azure"),
        };
        let config_folder = match (var("ACR_CONFIG_DIR"), var("XDG_CONFIG_HOME")) {
            (Some(folder), _) => PathBuf::from(folder),
            (None, Some(folder)) => Path::new(folder).join("acr"),
            (None, None) => home.join(".config").join("acr"),
        };
        Self {
            variables: Arc::new(variables),
            azure_folder,
            config_folder,
        }
    }

    /// A variable, unless it is unset or empty.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// A variable, even if it is empty.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Where az keeps its profile and settings.
    pub fn azure_folder(&self) -> &Path {
        &self.azure_folder
    }

    /// Where this program keeps its own.
    pub fn config_folder(&self) -> &Path {
        &self.config_folder
    }
}

impl fmt::Debug for Environment {
    /// Shows the names of the variables only: many of their values are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("azure_folder", &self.azure_folder)
            .field("config_folder", &self.config_folder)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Environment::from_map(variables, Path::new("/home/me"))
    }

    #[test]
    fn folders_follow_the_variables() {
        let plain = environment(&[("AZURE_CONFIG_DIR", "")]);
        assert_eq!(plain.azure_folder(), Path::new("/home/me/.azure"));
        assert_eq!(plain.config_folder(), Path::new("/home/me/.config/acr"));
        let set = environment(&[("AZURE_CONFIG_DIR", "/az"), ("XDG_CONFIG_HOME", "/x")]);
        assert_eq!(set.azure_folder(), Path::new("/az"));
        assert_eq!(set.config_folder(), Path::new("/x/acr"));
        let own = environment(&[("ACR_CONFIG_DIR", "/own"), ("XDG_CONFIG_HOME", "/x")]);
        assert_eq!(own.config_folder(), Path::new("/own"));
    }

    #[test]
    fn values_stay_out_of_debug_output() {
        let shown = format!("{:?}", environment(&[("AZURE_CLIENT_SECRET", "hunter2")]));
        assert!(shown.contains("AZURE_CLIENT_SECRET") && !shown.contains("hunter2"));
    }
}
