//! The registry that images without a host are in, and who asks there.

use crate::cli::args::Given;
use crate::cli::complete;
use crate::cli::data_plane::{CredentialArgs, Login};
use clap_complete::ArgValueCandidates;

/// Where images are that are named without a host.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ImageArgs {
    /// The registry of images that are named without one.
    #[arg(short, long, short_alias = 'r', alias = "registry", value_name = "NAME", add = ArgValueCandidates::new(complete::registries))]
    pub name: Option<String>,
    #[command(flatten)]
    pub credential: CredentialArgs,
}

impl<'a> From<&'a ImageArgs> for Login<'a> {
    fn from(args: &'a ImageArgs) -> Self {
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
