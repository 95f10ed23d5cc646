//! The options of a server, turned into its settings.

use crate::cli::config::{Settings, variables};
use crate::cli::context::Contexts;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_server::config::{Config, Layers, Setting};
use acr_server::lifecycle::DataDir;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a server can be told; checked and completed by the server's own rules.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ServerArgs {
    /// The address and port to listen on [default: 127.0.0.1:5480]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The domain that registries' names stand under [default: localhost]
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// The folder that holds the server's state; without it, $XDG_DATA_HOME/acr or ~/.local/share/acr.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
    /// The database for the metadata, instead of acr.db in the folder: the URL of a PostgreSQL database, or the path of
    /// a SQLite file.
    #[arg(long, value_name = "URL|FILE")]
    database: Option<String>,
    /// Where the bytes of images are kept, instead of a folder in the folder: another folder,
    /// s3://BUCKET/FOLDER or az://CONTAINER/FOLDER, with AWS_… or AZURE_… variables.
    #[arg(long, value_name = "PLACE")]
    blobs: Option<String>,
    /// A master key, so that blobs are encrypted at rest: a file, env:NAME, or command:PROGRAM with
    /// arguments. One key of 32 bytes a line, in base64, the one in use first.
    #[arg(long, value_name = "SOURCE")]
    master_key: Option<String>,
    /// A certificate chain to serve, instead of the server's own authority.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<String>,
    /// The key of that certificate.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<String>,
    /// The name of the region that this server is [default: local]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Whether tiers enforce their limits [default: on]
    #[arg(long, value_name = "ON|OFF", ignore_case = true, value_parser = on_or_off())]
    tier_limits: Option<String>,
    /// Take manifests of images whose blobs were never pushed, as partial mirrors have them; without
    /// this they are refused, as in Azure.
    #[arg(long)]
    sparse_images: bool,
    /// Answer plain HTTP on addresses beyond this machine too.
    #[arg(long)]
    allow_plain_http: bool,
    /// How long what no image needs is kept before it is cleared away, as 90s, 30m, 24h or 7d; longer than a push may
    /// take [default: 24h]
    #[arg(long, value_name = "DURATION")]
    gc_grace: Option<String>,
    /// How often what no image needs is cleared away, or off [default: 1h]
    #[arg(long, value_name = "DURATION|OFF")]
    gc_interval: Option<String>,
    /// The shape of log lines; without it, text at a terminal and else json.
    #[arg(long, value_name = "FORMAT", value_parser = ["text", "json"])]
    log_format: Option<String>,
    /// The least important level that is logged [default: info]
    #[arg(long, value_name = "LEVEL", ignore_case = true, value_parser = ["error", "warn", "info", "debug", "trace"])]
    log_level: Option<String>,
    /// How many seconds running requests may take to finish after a stop [default: 30]
    #[arg(long, value_name = "SECONDS")]
    drain_timeout: Option<String>,
    /// A TOML file of these settings; without it, serve.toml in the folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The words of a switch, as variables and files have them too.
fn on_or_off() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new([
        PossibleValue::new("on").aliases(["true", "yes", "1"]),
        PossibleValue::new("off").aliases(["false", "no", "0"]),
    ])
}

/// The folder of a server.
#[derive(Debug, clap::Args)]
pub(super) struct FolderArgs {
    /// The folder that holds the server's state; without it, that of the context in use.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
}

impl ServerArgs {
    /// The settings, each from the first place that gives it: option, variable, file, default.
    pub(super) fn config(self, settings: &Settings) -> Result<Config, CliError> {
        self.config_in(settings.data_dir())
    }

    fn config_in(self, default_data_dir: PathBuf) -> Result<Config, CliError> {
        let mut flags = BTreeMap::new();
        let given = [
            (Setting::Listen, self.listen),
            (Setting::Domain, self.domain),
            (Setting::DataDir, self.data_dir),
            (Setting::Database, self.database),
            (Setting::Blobs, self.blobs),
            (Setting::MasterKey, self.master_key),
            (Setting::TlsCert, self.tls_cert),
            (Setting::TlsKey, self.tls_key),
            (Setting::Region, self.region),
            (Setting::TierLimits, self.tier_limits),
            (Setting::GcGrace, self.gc_grace),
            (Setting::GcInterval, self.gc_interval),
            (Setting::LogFormat, self.log_format),
            (Setting::LogLevel, self.log_level),
            (Setting::DrainTimeout, self.drain_timeout),
        ];
        for (setting, value) in given {
            if let Some(value) = value {
                flags.insert(setting, value);
            }
        }
        if self.sparse_images {
            flags.insert(Setting::SparseImages, "on".to_owned());
        }
        if self.allow_plain_http {
            flags.insert(Setting::AllowPlainHttp, "on".to_owned());
        }
        let layers = Layers {
            flags,
            variables: variables()?,
            file: self.config,
            default_data_dir,
        };
        Ok(Config::resolve(&layers)?)
    }
}

impl FolderArgs {
    /// Whether a folder was named.
    pub(super) fn is_given(&self) -> bool {
        self.data_dir.is_some()
    }

    /// The folder that was named or is set. Without one it is that of the context in use, if that is a server of
    /// this machine, else the usual one; where it is not the usual one, it is said.
    pub(super) fn data_dir(self, ctx: &Ctx) -> Result<DataDir, CliError> {
        let is_given = self.is_given();
        let server = ServerArgs {
            data_dir: self.data_dir,
            ..ServerArgs::default()
        };
        if is_given {
            return Ok(DataDir::new(server.config(&ctx.settings)?.data_dir));
        }
        let settings_folder = ctx.settings.environment.config_folder();
        let contexts = Contexts::load(settings_folder)?;
        let context = ctx.settings.context_name(&contexts);
        let of_context = contexts.server(&context)?;
        let of_context = of_context.and_then(|server| server.data_folder(settings_folder));
        let usual = ctx.settings.data_dir();
        let default = of_context.unwrap_or(&usual);
        let data_dir = server.config_in(default.to_owned())?.data_dir;
        if data_dir != usual {
            ctx.console.note(&format!(
                "No --data-dir given: this is about the server in {}.",
                data_dir.display()
            ));
        }
        Ok(DataDir::new(data_dir))
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Layers, ServerArgs, Setting};

    #[test]
    fn the_defaults_that_help_shows_are_those_of_the_server() {
        let layers = |flags| Layers {
            flags,
            default_data_dir: "/nowhere/acr".into(),
            ..Layers::default()
        };
        let usual = Config::resolve(&layers([].into())).unwrap();
        let tree = <ServerArgs as clap::Args>::augment_args(clap::Command::new("serve"));
        let mut shown = Vec::new();
        for setting in Setting::ALL {
            let name = setting.key();
            let argument = tree
                .get_arguments()
                .find(|argument| argument.get_id() == name);
            let help = argument.unwrap().get_help().unwrap().to_string();
            let Some((_, default)) = help.split_once("[default: ") else {
                continue;
            };
            let default = default.trim_end_matches(']').to_owned();
            let told = layers([(setting, default)].into());
            assert_eq!(Config::resolve(&told).unwrap(), usual, "{name}: {help}");
            shown.push(name);
        }
        assert_eq!(shown.len(), 8, "{shown:?}");
    }
}
