//! The options of a server, turned into its settings.

use crate::cli::config::{Settings, variables};
use crate::cli::context::Contexts;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_server::config::{Config, Layers, Setting};
use acr_server::lifecycle::DataDir;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a server can be told; checked and completed by the server's own rules.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ServerArgs {
    /// The address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The domain that registries' names stand under.
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,
    /// The folder that holds the server's state.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
    /// A PostgreSQL database for the metadata, instead of a file in the folder.
    #[arg(long, value_name = "URL")]
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
    /// The name of the region that this server is.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Whether tiers enforce their limits: on or off.
    #[arg(long, value_name = "ON|OFF")]
    tier_limits: Option<String>,
    /// Take manifests of images whose blobs were never pushed, as partial mirrors have them; without
    /// this they are refused, as in Azure.
    #[arg(long)]
    sparse_images: bool,
    /// Answer plain HTTP on addresses beyond this machine too.
    #[arg(long)]
    allow_plain_http: bool,
    /// How long what no image needs is kept before it is cleared away: 90s, 30m, 24h, 7d. Longer than a push may take.
    #[arg(long, value_name = "DURATION")]
    gc_grace: Option<String>,
    /// How often what no image needs is cleared away, or off.
    #[arg(long, value_name = "DURATION|OFF")]
    gc_interval: Option<String>,
    /// The shape of log lines: text or json.
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// The least important level that is logged: error, warn, info, debug or trace.
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
    /// How many seconds running requests may take to finish after a stop.
    #[arg(long, value_name = "SECONDS")]
    drain_timeout: Option<String>,
    /// A TOML file of these settings; without it, serve.toml in the folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
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
            variables: variables(),
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
