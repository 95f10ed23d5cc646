//! `acr repository untag`

use crate::cli::content::{Image, RegistryArgs, not_there};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;

/// Delete a tag, and keep the image it names.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The tag: NAME:TAG. NAME alone means its tag `latest`.
    #[arg(short = 't', long, value_name = "IMAGE")]
    image: String,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let image = Image::read_tag(&args.image)?;
    let registry = args.registry.enter(ctx).await?;
    let (name, tag) = image.tag_on(registry.host())?;
    let _progress = ctx.console.progress("Running ..");
    match registry.delete_tag(&name, &tag).await? {
        true => Ok(Reply::None),
        false => Err(not_there(&registry, &format!("tag '{name}:{tag}'"))),
    }
}
