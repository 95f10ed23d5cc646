//! The settings of one run: the only file that reads the environment.

use super::args::GlobalArgs;
use super::context::Contexts;
use super::error::CliError;
use super::ui::Format;
use super::ui::progress::Progress;
use acr_auth::{Environment, az};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Everything a run may know of its surroundings, read once.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The variables and the folders that follow from them.
    pub environment: Environment,
    /// az's own settings.
    pub az: az::Config,
    /// The folder the command was started in.
    pub current_dir: PathBuf,
    /// The folder of whoever started it.
    pub home: PathBuf,
    /// The options every command has.
    pub global: GlobalArgs,
    /// How the answer is written.
    pub format: Format,
    /// Whether only errors go to stderr.
    pub is_quiet: bool,
    /// Whether stdout takes colours.
    pub has_colour: bool,
    /// Whether and how progress is shown.
    pub progress: Progress,
}

impl Settings {
    /// Reads the surroundings.
    pub(crate) fn load(global: GlobalArgs) -> Result<Self, CliError> {
        let environment = environment()?;
        let az = az::Config::load(&environment)?;
        let format = match global.output {
            Some(format) => format,
            None => configured_format(&az)?,
        };
        let is_quiet =
            global.only_show_errors || az.flag("core", "only_show_errors")?.unwrap_or(false);
        let is_plain =
            environment.var("NO_COLOR").is_some() || az.flag("core", "no_color")?.unwrap_or(false);
        let shows_progress = !az.flag("core", "disable_progress_bar")?.unwrap_or(false);
        Ok(Self {
            current_dir: std::env::current_dir().unwrap_or_default(),
            home: home(),
            has_colour: !is_plain && std::io::stdout().is_terminal(),
            progress: Progress::on_stderr(is_quiet || !shows_progress, !is_plain),
            environment,
            az,
            global,
            format,
            is_quiet,
        })
    }

    /// The same settings, with a folder of their own for whatever is to be kept.
    pub(crate) fn alone(&self, folder: &Path) -> Self {
        Self {
            environment: Environment::from_map(BTreeMap::new(), folder),
            ..self.clone()
        }
    }

    /// The name of the context in use: `--context`, `ACR_CONTEXT`, else the chosen one.
    pub(crate) fn context_name(&self, contexts: &Contexts) -> String {
        let named = self.global.context.as_deref();
        named
            .or_else(|| self.environment.var("ACR_CONTEXT"))
            .unwrap_or_else(|| contexts.current())
            .to_owned()
    }

    /// A default from `AZURE_DEFAULTS_…` or the `[defaults]` of az's settings.
    pub(crate) fn default_for(&self, option: &str) -> Result<Option<String>, CliError> {
        Ok(self.az.get("defaults", option)?)
    }

    /// The file of certificates to trust instead of the platform's.
    pub(crate) fn ca_bundle(&self) -> Option<PathBuf> {
        ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]
            .into_iter()
            .find_map(|name| self.environment.var(name))
            .map(PathBuf::from)
    }

    /// Whether certificates are checked; az's switch turns it off.
    pub(crate) fn verifies_tls(&self) -> bool {
        let switch = self
            .environment
            .var("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION");
        !switch.is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "0" | "false"))
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock()()
    }

    /// Tells the time.
    #[expect(
        clippy::disallowed_methods,
        reason = "the command line's clock is the machine's"
    )]
    pub(crate) fn clock(&self) -> acr_auth::Clock {
        Utc::now
    }

    /// The folder that a server keeps its data in unless told otherwise.
    pub(crate) fn data_dir(&self) -> PathBuf {
        match self.environment.var("XDG_DATA_HOME") {
            Some(folder) => Path::new(folder).join("acr"),
            None => home().join(".local/share/acr"),
        }
    }
}

fn configured_format(az: &az::Config) -> Result<Format, CliError> {
    match az.get("core", "output")? {
        Some(word) => word.parse().map_err(|_| {
            CliError::usage(format!(
                "{word:?} is no output format (AZURE_CORE_OUTPUT or core.output)"
            ))
        }),
        None => Ok(Format::Json),
    }
}

/// How the names of those variables begin that settings are taken from.
const SETTINGS: &[&str] = &[
    "ACR_",
    "AZURE_",
    "AWS_",
    "DOCKER_",
    "XDG_",
    "REGISTRY_AUTH_FILE",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
];

/// The variables as text. A setting that is none is refused: our files, which are JSON, could not even name such a
/// folder. Any other variable is no business of ours.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the file that reads the environment"
)]
pub(crate) fn variables() -> Result<BTreeMap<String, String>, CliError> {
    let mut variables = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => {
                variables.insert(name, value);
            }
            // Not what it says, which may be a secret.
            Err(_) if SETTINGS.iter().any(|start| name.starts_with(start)) => {
                return Err(CliError::usage(format!(
                    "the variable {name} is not UTF-8 text"
                )));
            }
            Err(_) => {}
        }
    }
    Ok(variables)
}

/// The variables and folders that credentials and settings are looked for in.
pub(crate) fn environment() -> Result<Environment, CliError> {
    Ok(Environment::from_map(variables()?, &home()))
}

/// The folder of whoever started the program.
pub(crate) fn home() -> PathBuf {
    std::env::home_dir().unwrap_or_default()
}
