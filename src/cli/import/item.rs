//! The imports that all tags of a repository come to, or an image with what refers to it.

use super::contents;
use super::source::Source;
use super::target::TargetArgs;
use crate::cli::content;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_api::oci::{Reference, RepositoryName, Tag};
use serde_json::{Value, json};

/// One import.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// The image at the source.
    pub source: String,
    /// What it will be called.
    pub target: String,
    /// The request.
    pub body: Value,
}

/// How much is imported.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Every tag of the repository.
    pub has_all_tags: bool,
    /// What refers to each image.
    pub has_referrers: bool,
}

/// Finds out what is to be imported. A server of our own finds referrers by itself; of Azure each is asked for by
/// its digest.
pub(crate) async fn items(
    ctx: &Ctx,
    source: &Source,
    target: &TargetArgs,
    extent: Extent,
) -> Result<Vec<Item>, CliError> {
    let images = match extent.has_all_tags {
        true => all_tags(ctx, source, target).await?,
        false => vec![(source.clone(), target.names(source))],
    };
    let finds_referrers = ctx.backend()?.is_server;
    let mut items = Vec::new();
    for (image, names) in images {
        let mut body = target.body(&image, &names);
        if extent.has_referrers && finds_referrers {
            body["includeReferrers"] = true.into();
        } else if extent.has_referrers {
            items.extend(referrers(ctx, &image, target, &names).await?);
        }
        let all: Vec<String> = names.iter().chain(&target.repositories).cloned().collect();
        items.push(Item {
            source: image.image,
            target: all.join(", "),
            body,
        });
    }
    Ok(items)
}

/// Each tag of the repository with its names at the target.
async fn all_tags(
    ctx: &Ctx,
    source: &Source,
    target: &TargetArgs,
) -> Result<Vec<(Source, Vec<String>)>, CliError> {
    let repository = content::repository(&source.image)?;
    let given = target.images.iter().map(|name| content::repository(name));
    let mut targets: Vec<RepositoryName> = given.collect::<Result<_, _>>()?;
    if targets.is_empty() {
        targets.push(repository.clone());
    }
    let registry = contents::open(ctx, source).await?;
    let tags = contents::tags(&registry, &repository).await?;
    if tags.is_empty() {
        return Err(CliError::failed(format!(
            "{}/{repository} has no tags.",
            registry.host()
        )));
    }
    let names = |tag: &str| {
        targets
            .iter()
            .map(|target| format!("{target}:{tag}"))
            .collect()
    };
    let image = |tag: &str| source.with_image(format!("{repository}:{tag}"));
    Ok(tags.iter().map(|tag| (image(tag), names(tag))).collect())
}

/// What refers to an image, to be stored without a tag wherever the image goes.
async fn referrers(
    ctx: &Ctx,
    source: &Source,
    target: &TargetArgs,
    names: &[String],
) -> Result<Vec<Item>, CliError> {
    let (repository, reference) = parse(&source.image)?;
    let registry = contents::open(ctx, source).await?;
    let found = contents::referrers(&registry, &repository, &reference).await?;
    let mut repositories: Vec<String> = target.repositories.clone();
    for name in names {
        let (target, _) = parse(name)?;
        repositories.push(target.to_string());
    }
    repositories.sort();
    repositories.dedup();
    let item = |digest| {
        let image = source.with_image(format!("{repository}@{digest}"));
        Item {
            source: image.image.clone(),
            target: repositories.join(", "),
            body: json!({
                "source": image.to_json(),
                "untaggedTargetRepositories": repositories,
                "mode": "Force",
            }),
        }
    };
    Ok(found.into_iter().map(item).collect())
}

fn parse(image: &str) -> Result<(RepositoryName, Reference), CliError> {
    let (name, reference) = match image.split_once('@') {
        Some((name, digest)) => (name.split(':').next().unwrap_or_default(), Some(digest)),
        None => match image.split_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (image, None),
        },
    };
    let reference = match reference {
        Some(text) => text
            .parse()
            .map_err(|error| CliError::failed(format!("{image}: {error}.")))?,
        None => Tag::latest().into(),
    };
    Ok((content::repository(name)?, reference))
}
