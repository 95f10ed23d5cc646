//! This program as `docker-credential-acr`: fresh tokens for Docker and Podman whenever they ask.

use super::args::GlobalArgs;
use super::config::Settings;
use super::data_plane;
use super::error::CliError;
use super::target::Backend;
use acr_auth::docker::{Keychain, OWN_PROGRAM, Places, TokenSource, answer};
use acr_http::Secret;
use chrono::TimeDelta;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

/// A long push must not outlive its token.
const LEAST_LEFT: TimeDelta = TimeDelta::hours(1);
/// A host, or a password with its host and user, is shorter.
const LONGEST_INPUT_BYTES: u64 = 64 * 1024;

/// Whether the program was started under the helper's name.
pub(crate) fn is_called(program: Option<&OsStr>) -> bool {
    let name = program.map(Path::new).and_then(Path::file_stem);
    name.and_then(OsStr::to_str) == Some("docker-credential-acr")
}

/// Answers one question, as the protocol wants it: on standard output, failures too.
pub(crate) fn main(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> ExitCode {
    let action = arguments.next().unwrap_or_default();
    let answer = match run(&action.to_string_lossy()) {
        Ok(answer) => answer,
        Err(error) => acr_auth::docker::Answer {
            stdout: format!("{}\n", error.message()),
            code: 1,
        },
    };
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(answer.stdout.as_bytes());
    match written.and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::from(answer.code),
        Err(_) => ExitCode::FAILURE,
    }
}

fn run(action: &str) -> Result<acr_auth::docker::Answer, CliError> {
    let settings = Settings::load(GlobalArgs::default())?;
    let mut input = String::new();
    if matches!(action, "get" | "store" | "erase") {
        let mut stdin = std::io::stdin().lock().take(LONGEST_INPUT_BYTES);
        stdin.read_to_string(&mut input)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(answer(action, &input, &Tokens { settings })))
}

/// Tokens of whichever context a registry belongs to, so that several can be worked with side by side.
struct Tokens {
    settings: Settings,
}

impl TokenSource for Tokens {
    type Error = String;

    fn knows(&self, host: &str) -> bool {
        Backend::of_host(&self.settings, host).is_some()
    }

    fn hosts(&self) -> Vec<String> {
        let environment = &self.settings.environment;
        let home = &self.settings.home;
        let mut hosts: Vec<String> = [
            Places::docker(environment, home),
            Places::podman(environment, home),
        ]
        .into_iter()
        .filter_map(|places| {
            Keychain::new(environment, places)
                .hosts_of(OWN_PROGRAM)
                .ok()
        })
        .flatten()
        .collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts
    }

    async fn refresh_token(&self, host: &str) -> Result<Secret, String> {
        let said = |error: CliError| error.lines().join(" ");
        let backend = Backend::of_host(&self.settings, host)
            .ok_or_else(|| format!("{host} belongs to no context"))?;
        let tokens = data_plane::azure(&self.settings, &backend, host).map_err(said)?;
        let token = tokens.refresh_token(LEAST_LEFT).await;
        Ok(token.map_err(|error| said(error.into()))?.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::is_called;
    use std::ffi::OsStr;

    #[test]
    fn the_name_decides_and_not_the_folder() {
        for name in [
            "docker-credential-acr",
            "/usr/local/bin/docker-credential-acr",
            "docker-credential-acr.exe",
        ] {
            assert!(is_called(Some(OsStr::new(name))), "{name}");
        }
        for name in [
            "acr",
            "/docker-credential-acr/acr",
            "docker-credential-acrs",
            "",
        ] {
            assert!(!is_called(Some(OsStr::new(name))), "{name}");
        }
        assert!(!is_called(None));
    }
}
