//! Attributes of repositories, tags and manifests: shown, and their locks turned.

use crate::cli::args::true_or_false;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use acr_api::acr::ChangeableAttributes;
use acr_api::oci::{Digest, Reference, RepositoryName, Tag};
use acr_client::registry::{Entity, Registry};
use serde_json::Value;

/// The locks of a repository, a tag or a manifest.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct LockArgs {
    /// Whether it may be deleted.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    delete_enabled: Option<bool>,
    /// Whether listings show it.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    list_enabled: Option<bool>,
    /// Whether it may be pulled.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    read_enabled: Option<bool>,
    /// Whether it may be overwritten or deleted.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    write_enabled: Option<bool>,
}

impl LockArgs {
    fn read(&self) -> Option<ChangeableAttributes> {
        let change = ChangeableAttributes {
            delete_enabled: self.delete_enabled,
            list_enabled: self.list_enabled,
            read_enabled: self.read_enabled,
            write_enabled: self.write_enabled,
            ..ChangeableAttributes::default()
        };
        (change != ChangeableAttributes::default()).then_some(change)
    }
}

/// The attributes of a repository, or of a tag or manifest in it. What is not there ends with az's
/// code for that.
pub(crate) async fn show(
    registry: &Registry,
    name: &RepositoryName,
    reference: Option<&Reference>,
) -> Result<Value, CliError> {
    let answer = registry.attributes(entity(name, reference)).await;
    let answer = answer.map_err(CliError::of_show)?;
    Ok(inner(answer, reference))
}

/// Turns locks, and gives the attributes as they are then; shows them if no lock is given.
pub(crate) async fn change(
    ctx: &Ctx,
    registry: &Registry,
    (name, reference): (&RepositoryName, Option<&Reference>),
    locks: &LockArgs,
) -> Result<Value, CliError> {
    let entity = entity(name, reference);
    let answer = match locks.read() {
        Some(change) => registry.change_attributes(entity, &change).await?,
        None => {
            ctx.console
                .warn("Nothing was changed: no lock was given, such as --write-enabled false.");
            registry.attributes(entity).await?
        }
    };
    Ok(inner(answer, reference))
}

/// The digest of what a tag names.
pub(crate) async fn digest_of(
    registry: &Registry,
    name: &RepositoryName,
    tag: &Tag,
) -> Result<Digest, CliError> {
    let answer: Value = registry.attributes(Entity::Tag(name, tag)).await?;
    let told = answer["tag"]["digest"].as_str();
    told.and_then(|digest| digest.parse().ok()).ok_or_else(|| {
        CliError::failed(format!(
            "The registry does not tell the digest of '{name}:{tag}'."
        ))
    })
}

fn entity<'a>(name: &'a RepositoryName, reference: Option<&'a Reference>) -> Entity<'a> {
    match reference {
        None => Entity::Repository(name),
        Some(Reference::Tag(tag)) => Entity::Tag(name, tag),
        Some(Reference::Digest(digest)) => Entity::Manifest(name, digest),
    }
}

/// The attributes themselves: those of a tag or manifest come in an envelope.
fn inner(mut answer: Value, reference: Option<&Reference>) -> Value {
    let member = match reference {
        None => return answer,
        Some(Reference::Tag(_)) => "tag",
        Some(Reference::Digest(_)) => "manifest",
    };
    answer.get_mut(member).map(Value::take).unwrap_or_default()
}
