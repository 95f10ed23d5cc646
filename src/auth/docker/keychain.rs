//! The credentials of Docker or Podman as a whole: asked, kept and forgotten where they would do it.

use super::config::Config;
use super::config_file::{load, update};
use super::credential::Credential;
use super::error::Error;
use super::host::{docker_key, host_of};
use super::place::{Flavor, Places};
use super::program::Program;
use super::protocol::{Conversation, PATIENCE};
use crate::environment::Environment;
use std::path::{Path, PathBuf};

/// All places where Docker or Podman may have a credential.
#[derive(Debug, Clone)]
pub struct Keychain {
    places: Places,
    search_path: String,
}

/// Where a credential was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// In a file, readable for whoever can read the file.
    File(PathBuf),
    /// With a program, named without its prefix.
    Program(String),
}

impl Keychain {
    /// The credentials that lie at these places.
    pub fn new(environment: &Environment, places: Places) -> Self {
        // Windows names it in its own way.
        let search_path = environment.var("PATH").or(environment.var("Path"));
        Self {
            places,
            search_path: search_path.unwrap_or_default().to_owned(),
        }
    }

    /// The credential of a registry, from where Docker or Podman would take it.
    pub async fn find(&self, host: &str) -> Result<Option<Credential>, Error> {
        let key = self.key(host);
        if let Some(found) = self.in_variable(&key) {
            return Ok(Some(found));
        }
        let files = std::iter::once(&self.places.target).chain(&self.places.fallbacks);
        for path in files {
            let config = load(path)?;
            let found = match self.program_for(&config, &key) {
                Some(name) => self.talk_to(name, &key)?.get(&key).await?,
                None => config.credential(path, &key)?,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Keeps the credential of a registry where Docker or Podman will look for it.
    pub async fn store(&self, host: &str, credential: &Credential) -> Result<Stored, Error> {
        let key = self.key(host);
        let target = &self.places.target;
        let Some(name) = self.program_in(target, &key)? else {
            update(target, |config| config.put(&key, credential)).await?;
            return Ok(Stored::File(target.clone()));
        };
        self.talk_to(&name, &key)?.store(&key, credential).await?;
        self.note_absence(&key).await?;
        Ok(Stored::Program(name))
    }

    /// Forgets the credential of a registry; whether there was one.
    pub async fn erase(&self, host: &str) -> Result<bool, Error> {
        let key = self.key(host);
        let target = &self.places.target;
        let mut was_there = false;
        if let Some(name) = self.program_in(target, &key)? {
            was_there = self.talk_to(&name, &key)?.erase(&key).await?;
        }
        Ok(update(target, |config| config.remove(&key)).await? || was_there)
    }

    /// Has a program answer for a registry from now on, such as [`super::OWN_PROGRAM`]; a credential
    /// in the file goes.
    pub async fn use_program(&self, host: &str, program: &str) -> Result<(), Error> {
        let key = self.key(host);
        Program::find(&self.search_path, program, &key)?;
        let target = &self.places.target;
        update(target, |config| config.set_program_of(&key, program)).await?;
        Ok(())
    }

    /// The registries that a program answers for by name.
    pub fn hosts_of(&self, program: &str) -> Result<Vec<String>, Error> {
        let config = load(&self.places.target)?;
        Ok(config.hosts_of(program).map(str::to_owned).collect())
    }

    /// The registries that there are credentials for, each with the name of its user, as far as the
    /// program for all registries tells. Empty without such a program.
    pub async fn list_program(&self) -> Result<Vec<(String, String)>, Error> {
        let config = load(&self.places.target)?;
        match self.program_for(&config, "") {
            Some(name) => self.talk_to(name, "all registries")?.list().await,
            None => Ok(Vec::new()),
        }
    }

    fn key(&self, host: &str) -> String {
        let host = host_of(host);
        match self.places.flavor {
            Flavor::Docker => docker_key(&host).to_owned(),
            Flavor::Podman => host,
        }
    }

    /// What Docker finds in its variable. One that is broken is passed over, as Docker does.
    fn in_variable(&self, key: &str) -> Option<Credential> {
        let name = Path::new("DOCKER_AUTH_CONFIG");
        let config = Config::parse(name, self.places.variable.as_deref()?).ok()?;
        config.credential(name, key).ok()?
    }

    /// The program that a file names for a registry. Podman knows none for all registries.
    fn program_for<'a>(&self, config: &'a Config, key: &str) -> Option<&'a str> {
        let program = match config.program_of(key) {
            Some(own) => Some(own),
            None if self.places.flavor == Flavor::Docker => config.program(),
            None => None,
        };
        program.filter(|name| !name.is_empty())
    }

    fn program_in(&self, path: &Path, key: &str) -> Result<Option<String>, Error> {
        let config = load(path)?;
        Ok(self.program_for(&config, key).map(str::to_owned))
    }

    fn talk_to(&self, name: &str, key: &str) -> Result<Conversation, Error> {
        Ok(Conversation {
            program: Program::find(&self.search_path, name, key)?,
            patience: PATIENCE,
        })
    }

    /// Takes a credential out of the file that a program now has. Docker leaves a mark in its place.
    async fn note_absence(&self, key: &str) -> Result<(), Error> {
        let target = &self.places.target;
        match self.places.flavor {
            Flavor::Docker => update(target, |config| config.put_mark(key)).await?,
            Flavor::Podman => update(target, |config| config.remove(key)).await?,
        };
        Ok(())
    }
}
