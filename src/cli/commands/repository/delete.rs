//! `acr repository delete`

use crate::cli::args::YesArgs;
use crate::cli::content::{self, RegistryArgs, RepositoryOrImageArgs, everything, not_there};
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::reply::Reply;
use acr_api::acr::PageQuery;
use acr_api::oci::{Digest, Reference, RepositoryName};
use acr_client::registry::Registry;
use serde_json::Value;

/// Delete a repository, or an image in one with all its tags.
///
/// `acr repository untag` deletes a tag alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    target: RepositoryOrImageArgs,
    #[command(flatten)]
    consent: YesArgs,
}

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let target = args.target.read()?;
    let registry = args.registry.enter(ctx).await?;
    match target.on(registry.host())? {
        (name, None) => delete_repository(ctx, &registry, &name, args.consent.yes).await,
        (name, Some(reference)) => {
            delete_image(ctx, &registry, (&name, reference), args.consent.yes).await
        }
    }
}

async fn delete_repository(
    ctx: &Ctx,
    registry: &Registry,
    name: &RepositoryName,
    yes: bool,
) -> Result<Reply, CliError> {
    let question =
        format!("Are you sure you want to delete the repository '{name}' and all images under it?");
    ctx.console.confirm(&question, yes).await?;
    let _progress = ctx.console.progress("Running ..");
    match registry.delete_repository(name).await? {
        Some(Value::Null) => Ok(Reply::None),
        Some(deleted) => Ok(Reply::value(deleted)),
        None => Err(not_there(registry, &format!("repository '{name}'"))),
    }
}

async fn delete_image(
    ctx: &Ctx,
    registry: &Registry,
    (name, reference): (&RepositoryName, Reference),
    yes: bool,
) -> Result<Reply, CliError> {
    let digest = match &reference {
        Reference::Digest(digest) => *digest,
        Reference::Tag(tag) => content::digest_of(registry, name, tag).await?,
    };
    let tags = tags_of(registry, name, &digest).await?;
    let mut message = format!("This operation will delete the manifest '{digest}'");
    if !tags.is_empty() {
        let images: Vec<String> = tags.iter().map(|tag| format!("'{name}:{tag}'")).collect();
        message.push_str(" and all the following images: ");
        message.push_str(&images.join(", "));
    }
    if yes {
        ctx.console.warn(&message);
    } else {
        let question = format!("{message}.\nAre you sure you want to continue?");
        ctx.console.confirm(&question, false).await?;
    }
    let _progress = ctx.console.progress("Running ..");
    match registry.delete_manifest(name, &digest.into()).await? {
        true => Ok(Reply::None),
        false => Err(not_there(registry, &format!("manifest '{name}@{digest}'"))),
    }
}

/// The tags that name a manifest. Only those are asked for, and a service that tells all is not
/// taken at its word.
async fn tags_of(
    registry: &Registry,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<Vec<String>, CliError> {
    let query = PageQuery {
        digest: Some(digest.to_string()),
        ..everything()
    };
    let tags = registry.tag_attributes::<Value>(name, &query).all().await?;
    let is_of = |tag: &&Value| tag["digest"] == digest.to_string();
    let name = |tag: &Value| Some(tag["name"].as_str()?.to_owned());
    Ok(tags.iter().filter(is_of).filter_map(name).collect())
}
