//! `acr encryption rotate-key`

use crate::cli::args::RegistryArgs;
use crate::cli::ctx::Ctx;
use crate::cli::error::CliError;
use crate::cli::registry::{SYSTEM_IDENTITY, identity_id, writable};
use crate::cli::reply::Reply;
use crate::cli::shape;
use crate::cli::tables::REGISTRIES;
use crate::cli::ui::table::Column;
use serde_json::{Value, json};
use uuid::Uuid;

/// The service's word for the identity that comes and goes with the registry.
const SYSTEM: &str = "system";

/// Rotate the key that a registry is encrypted with.
///
/// A registry with a customer-managed key goes over to the key and the identity that are given. On `acr serve` the
/// registry's data key is wrapped anew, with the master key in use.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The managed identity that may use the key: a client id, a resource id, a name in the same
    /// group, or `[system]`.
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<String>,
    /// The address of the key; without a version it is followed as it rotates.
    #[arg(long, value_name = "URL")]
    key_encryption_key: Option<String>,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = REGISTRIES;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (located, registry) = ctx.registry(&args.registry).await?;
    let encryption = &registry["properties"]["encryption"];
    let has_vault = encryption["keyVaultProperties"].is_object();
    let is_sealed = encryption["dataKey"].is_object();
    let is_given = args.identity.is_some() || args.key_encryption_key.is_some();
    if !has_vault && (is_given || !is_sealed) {
        return Err(refuse(ctx)?);
    }
    let mut body = writable(&registry);
    let vault = &mut body["properties"]["encryption"]["keyVaultProperties"];
    if let Some(key) = &args.key_encryption_key {
        vault["keyIdentifier"] = json!(key);
    }
    if let Some(identity) = &args.identity {
        vault["identity"] = client_id(ctx, &located.group, identity).await?;
    }
    let _progress = ctx.console.progress("Running ..");
    let registries = ctx.arm().await?.registries();
    let updated = registries
        .patch(&located.group, &located.name, &body)
        .await?;
    Ok(Reply::value(shape::registry(updated)).table(TABLE))
}

fn refuse(ctx: &Ctx) -> Result<CliError, CliError> {
    let error = CliError::failed(
        "usage error: key rotation is only applicable to registries with CMK enabled",
    );
    Ok(match ctx.backend()?.is_server {
        true => error.hint("A server that is started with --master-key seals blobs with data keys, which can be wrapped anew."),
        false => error,
    })
}

/// What the service calls an identity.
async fn client_id(ctx: &Ctx, group: &str, identity: &str) -> Result<Value, CliError> {
    if identity.parse::<Uuid>().is_ok() {
        return Ok(identity.into());
    }
    if identity == SYSTEM_IDENTITY {
        return Ok(SYSTEM.into());
    }
    let arm = ctx.arm().await?;
    let id = identity_id(arm.subscription(), group, identity);
    let found = arm.identities().get(&id).await?;
    Ok(found["properties"]["clientId"].clone())
}
