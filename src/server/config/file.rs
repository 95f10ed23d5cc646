//! The settings file: a TOML table whose keys are the settings, and the issuers that are trusted.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use super::{
    setting::{Origin, Setting},
    trusted_issuers,
};
use crate::{Error, app::TrustedIssuer};

/// The settings a file gives, with the line of each.
#[derive(Debug, Default)]
pub(super) struct File {
    path: PathBuf,
    values: BTreeMap<Setting, (String, usize)>,
    trusted_issuers: Vec<TrustedIssuer>,
}

impl File {
    /// Reads a file that has to be there.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::file("read the settings file", path, source))?;
        Self::parse(path, &text)
    }

    /// Reads a file that may be missing.
    pub(super) fn read_if_present(path: &Path) -> Result<Self, Error> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::file("read the settings file", path, source)),
        }
    }

    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let line_of = |offset: usize| {
            let before = text.get(..offset).unwrap_or(text);
            before.matches('\n').count() + 1
        };
        let table = DeTable::parse(text).map_err(|error| {
            let line = line_of(error.span().map_or(0, |span| span.start));
            Error::Settings(format!("{}:{line}: {}", path.display(), error.message()))
        })?;
        let mut file = Self {
            path: path.to_path_buf(),
            ..Self::default()
        };
        for (key, value) in table.get_ref() {
            let name = key.get_ref().as_ref();
            let line = line_of(key.span().start);
            let fault = |line, reason| Error::Setting {
                origin: Origin::File {
                    path: path.to_path_buf(),
                    line,
                    key: name.to_owned(),
                },
                reason,
            };
            if name == trusted_issuers::KEY {
                file.trusted_issuers = trusted_issuers::read(value)
                    .map_err(|(offset, reason)| fault(line_of(offset), reason))?;
                continue;
            }
            let setting = Setting::from_key(name).ok_or_else(|| fault(line, unknown(name)))?;
            let value = scalar(value.get_ref()).ok_or_else(|| {
                let reason = "must be a string, a whole number, true or false";
                fault(line, reason.to_owned())
            })?;
            file.values.insert(setting, (value, line));
        }
        Ok(file)
    }

    pub(super) fn trusted_issuers(&self) -> &[TrustedIssuer] {
        &self.trusted_issuers
    }

    pub(super) fn get(&self, setting: Setting) -> Option<(&str, Origin)> {
        let (value, line) = self.values.get(&setting)?;
        let origin = Origin::File {
            path: self.path.clone(),
            line: *line,
            key: setting.key().to_owned(),
        };
        Some((value, origin))
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(fact) => Some(fact.to_string()),
        _ => None,
    }
}

fn unknown(key: &str) -> String {
    let spelled = key.replace('-', "_").to_ascii_lowercase();
    match Setting::from_key(&spelled) {
        Some(setting) => format!("unknown key; did you mean `{}`?", setting.key()),
        None => {
            let known: Vec<_> = Setting::ALL.iter().map(|setting| setting.key()).collect();
            format!(
                "unknown key; known are {}, {}",
                known.join(", "),
                trusted_issuers::KEY
            )
        }
    }
}
