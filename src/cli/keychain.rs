//! Where logins of Docker and Podman are kept on this machine.

use super::config::Settings;
use acr_auth::docker::{Keychain, Places};
use clap::ValueEnum;
use std::path::Path;

/// Whose logins, or whose images. The two words say it all: what they mean to a command is told by its option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Docker,
    Podman,
}

impl Engine {
    /// Whose logins are meant if nobody says so: Docker's, unless `DOCKER_COMMAND` is Podman, as az
    /// reads it.
    pub(crate) fn usual(settings: &Settings) -> Self {
        let command = settings.environment.var("DOCKER_COMMAND").map(Path::new);
        match command
            .and_then(Path::file_stem)
            .and_then(|name| name.to_str())
        {
            Some("podman") => Self::Podman,
            _ => Self::Docker,
        }
    }
}

/// The logins of one of the two.
pub(crate) fn keychain(settings: &Settings, engine: Engine) -> Keychain {
    let (environment, home) = (&settings.environment, &settings.home);
    let places = match engine {
        Engine::Docker => Places::docker(environment, home),
        Engine::Podman => Places::podman(environment, home),
    };
    Keychain::new(environment, places)
}
