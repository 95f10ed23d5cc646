//! az's settings: the file `config` in its folder, and the variables that beat it.

use super::ini::{Ini, IniError};
use crate::environment::Environment;
use crate::error::Error;
use crate::file;
use std::path::{Path, PathBuf};

/// Far more than any settings file.
const LARGEST_CONFIG_BYTES: u64 = 1024 * 1024;
/// What a registry's token service accepts tokens for.
const REGISTRY_AUDIENCE: &str = "containerregistry";

/// az's settings, read once.
#[derive(Debug, Clone)]
pub struct Config {
    environment: Environment,
    path: PathBuf,
    ini: Ini,
}

impl Config {
    /// Reads the settings; a file that is not there holds none.
    pub fn load(environment: &Environment) -> Result<Self, Error> {
        let path = environment.azure_folder().join("config");
        Ok(Self {
            ini: load_ini(&path)?,
            environment: environment.clone(),
            path,
        })
    }

    /// An option: the variable `AZURE_<SECTION>_<OPTION>`, else the file. Empty means not set.
    pub fn get(&self, section: &str, option: &str) -> Result<Option<String>, Error> {
        let variable = format!("AZURE_{section}_{option}").to_uppercase();
        let value = match self.environment.raw(&variable) {
            Some(value) => Some(value.to_owned()),
            None => self
                .ini
                .get(section, option)
                .map_err(|error| self.broken(&error))?,
        };
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// An option that is on or off, in any of az's spellings.
    pub fn flag(&self, section: &str, option: &str) -> Result<Option<bool>, Error> {
        let Some(value) = self.get(section, option)? else {
            return Ok(None);
        };
        match value.to_lowercase().as_str() {
            "1" | "yes" | "true" | "on" => Ok(Some(true)),
            "0" | "no" | "false" | "off" => Ok(Some(false)),
            _ => Err(Error::settings(format!(
                "the setting {section}.{option} is neither true nor false: {value:?}"
            ))),
        }
    }

    /// The resource that a token for a registry's own interface is asked for (`acr.audience_resource`).
    pub fn registry_audience(&self) -> Result<String, Error> {
        let configured = self.get("acr", "audience_resource")?;
        Ok(match configured {
            Some(url) if url.starts_with("https://") => url,
            Some(name) => format!("https://{name}.azure.net"),
            None => format!("https://{REGISTRY_AUDIENCE}.azure.net"),
        })
    }

    /// Whether az keeps its tokens encrypted here, as it does on Windows unless told otherwise.
    pub(crate) fn encrypts_tokens(&self) -> Result<bool, Error> {
        let flag = self.flag("core", "encrypt_token_cache")?;
        Ok(flag.unwrap_or(cfg!(windows)))
    }

    fn broken(&self, error: &IniError) -> Error {
        Error::settings(format!("{}: {error}", self.path.display()))
    }
}

/// Reads one of az's INI files; a file that is not there is empty.
pub(crate) fn load_ini(path: &Path) -> Result<Ini, Error> {
    let broken =
        |error: &dyn std::fmt::Display| Error::settings(format!("{}: {error}", path.display()));
    let text = file::read_text(path, LARGEST_CONFIG_BYTES).map_err(|error| broken(&error))?;
    Ini::parse(&text.unwrap_or_default()).map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Home;

    #[test]
    fn a_variable_beats_the_file() {
        let home = Home::new();
        home.write_azure(
            "config",
            "[defaults]\nacr = filed\ngroup = g\n[core]\nno_color = yes\n",
        );
        let config = Config::load(&home.environment(&[("AZURE_DEFAULTS_ACR", "named")])).unwrap();
        assert_eq!(config.get("defaults", "acr").unwrap().unwrap(), "named");
        assert_eq!(config.get("defaults", "group").unwrap().unwrap(), "g");
        assert_eq!(config.flag("core", "no_color").unwrap(), Some(true));
        assert_eq!(config.flag("core", "other").unwrap(), None);
    }

    #[test]
    fn an_empty_variable_hides_the_file() {
        let home = Home::new();
        home.write_azure("config", "[defaults]\nacr = filed\n");
        let config = Config::load(&home.environment(&[("AZURE_DEFAULTS_ACR", "")])).unwrap();
        assert_eq!(config.get("defaults", "acr").unwrap(), None);
    }

    #[test]
    fn the_audience_of_registries_can_be_named_short_or_whole() {
        let home = Home::new();
        let audience = |value: &str| {
            let variables = [("AZURE_ACR_AUDIENCE_RESOURCE", value)];
            let config = Config::load(&home.environment(&variables)).unwrap();
            config.registry_audience().unwrap()
        };
        assert_eq!(audience(""), "https://containerregistry.azure.net");
        assert_eq!(audience("myidp"), "https://myidp.azure.net");
        assert_eq!(audience("https://acr.local/"), "https://acr.local/");
    }

    #[test]
    fn a_broken_file_is_named_with_its_line() {
        let home = Home::new();
        home.write_azure("config", "acr = 1\n");
        let error = Config::load(&home.environment(&[]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("config: line 1"), "{error}");
        home.write_azure("config", &"#".repeat(2 * 1024 * 1024));
        let error = Config::load(&home.environment(&[]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("larger than"), "{error}");
    }
}
