//! Which registry, and who asks: the arguments of the commands about what is in a registry.

use crate::cli::args::{Given, GroupArgs};
use crate::cli::complete;
use crate::cli::error::CliError;
use clap_complete::ArgValueCandidates;

/// Who asks.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct CredentialArgs {
    /// What stands between the registry's name and the cloud's suffix in the login server.
    #[arg(long, alias = "tenant-suffix", value_name = "SUFFIX")]
    pub suffix: Option<String>,
    /// The name to log in with, such as that of a token or a service principal.
    #[arg(short, long, value_name = "NAME")]
    pub username: Option<String>,
    /// The password of that name; it is asked for if left out.
    #[arg(short, long, value_name = "PASSWORD")]
    pub password: Option<String>,
}

impl CredentialArgs {
    /// Refuses a password of nobody.
    pub(super) fn check(&self) -> Result<(), CliError> {
        match (self.username(), self.password()) {
            (None, Some(_)) => Err(CliError::failed(
                "Please also specify username if password is specified.",
            )),
            _ => Ok(()),
        }
    }

    /// The name, if it is one.
    pub(crate) fn username(&self) -> Option<&str> {
        self.username.as_deref().filter(|name| !name.is_empty())
    }

    /// The password; an empty one is none.
    pub(crate) fn password(&self) -> Option<&str> {
        self.password.as_deref().filter(|word| !word.is_empty())
    }
}

/// A registry by `--name`, and who asks.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct LoginArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(complete::registries))]
    pub name: Option<String>,
    #[command(flatten)]
    pub group: GroupArgs,
    #[command(flatten)]
    pub credential: CredentialArgs,
}

/// A registry by `--registry`, and who asks.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct InRegistryLoginArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(complete::registries))]
    pub registry: Option<String>,
    #[command(flatten)]
    pub credential: CredentialArgs,
}

/// A registry that was given by whichever options, and who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Login<'a> {
    /// The registry; its name may be a login server.
    pub given: Given<'a>,
    /// Who asks.
    pub credential: &'a CredentialArgs,
}

impl<'a> From<&'a LoginArgs> for Login<'a> {
    fn from(args: &'a LoginArgs) -> Self {
        Self {
            given: Given {
                name: args.name.as_deref(),
                group: Some(&args.group),
                option: "--name/-n",
            },
            credential: &args.credential,
        }
    }
}

impl<'a> From<&'a InRegistryLoginArgs> for Login<'a> {
    fn from(args: &'a InRegistryLoginArgs) -> Self {
        Self {
            given: Given {
                name: args.registry.as_deref(),
                group: None,
                option: "--registry/-r",
            },
            credential: &args.credential,
        }
    }
}
