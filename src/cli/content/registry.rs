//! The registry of the commands that name it by `--name`.

use crate::cli::args::Given;
use crate::cli::complete;
use crate::cli::ctx::Ctx;
use crate::cli::data_plane::{CredentialArgs, Login};
use crate::cli::error::CliError;
use acr_client::registry::Registry;
use clap_complete::ArgValueCandidates;

/// A registry by `--name`, and who asks.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RegistryArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(complete::registries))]
    name: Option<String>,
    /// Not used: a registry is found by its name alone.
    #[arg(short = 'g', long, value_name = "GROUP", hide = true)]
    resource_group: Option<String>,
    #[command(flatten)]
    credential: CredentialArgs,
}

impl<'a> From<&'a RegistryArgs> for Login<'a> {
    fn from(args: &'a RegistryArgs) -> Self {
        Self {
            given: Given {
                name: args.name.as_deref(),
                group: None,
                option: "--name/-n",
            },
            credential: &args.credential,
        }
    }
}

impl RegistryArgs {
    /// Goes to the registry.
    pub(crate) async fn enter(&self, ctx: &Ctx) -> Result<Registry, CliError> {
        if self.resource_group.is_some() {
            ctx.console.warn(
                "--resource-group is deprecated here and not used: a registry is found by its name.",
            );
        }
        ctx.data_plane(self).await
    }
}

/// The failure to delete what is not there.
pub(crate) fn not_there(registry: &Registry, what: &str) -> CliError {
    CliError::failed(format!("{} has no {what}.", registry.host()))
}
