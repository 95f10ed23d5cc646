//! `acr update`

use crate::cli::args::{RegistryArgs, choice, tags, true_or_false};
use crate::cli::ctx::Ctx;
use crate::cli::edits::Edits;
use crate::cli::error::CliError;
use crate::cli::registry::{
    NETWORK_RULES_NEED_PREMIUM, REGIONAL_ENDPOINTS_NEED_PREMIUM, policy, require_premium, sku,
};
use crate::cli::reply::Reply;
use crate::cli::settings_args::SettingsArgs;
use crate::cli::shape;
use crate::cli::tables::REGISTRIES;
use crate::cli::ui::table::Column;
use serde_json::{Map, Value, json};

/// Change a registry.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The tier of the registry.
    #[arg(long, value_name = "TIER", ignore_case = true, value_parser = choice(&["Basic", "Standard", "Premium"]))]
    sku: Option<&'static str>,
    /// Whether anybody may pull. Standard and Premium only.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    anonymous_pull_enabled: Option<bool>,
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(flatten)]
    edits: Edits,
}

/// Columns of `-o table`.
pub(crate) const TABLE: &[Column] = REGISTRIES;

pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let is_lower_tier = args.sku.is_some_and(|sku| sku != "Premium");
    if is_lower_tier && args.settings.regional_endpoints == Some("Enabled") {
        return Err(CliError::failed(REGIONAL_ENDPOINTS_NEED_PREMIUM));
    }
    let body = body(ctx, &args)?;
    let (located, registry) = ctx.registry(&args.registry).await?;
    check(ctx, &registry, &body)?;
    let _progress = ctx.console.progress("Running ..");
    let registries = ctx.arm().await?.registries();
    let updated = registries
        .patch(&located.group, &located.name, &body)
        .await?;
    Ok(Reply::value(shape::registry(updated)).table(TABLE))
}

/// What is sent: the options first, then the changes to single members.
fn body(ctx: &Ctx, args: &Args) -> Result<Value, CliError> {
    let mut body = json!({});
    if let Some(sku) = args.sku {
        body["sku"] = json!({ "name": sku });
    }
    if let Some(given) = &args.settings.tags {
        body["tags"] = tags(given);
    }
    let mut properties = Map::new();
    if let Some(is_enabled) = args.settings.admin_enabled {
        properties.insert("adminUserEnabled".to_owned(), is_enabled.into());
    }
    if let Some(is_enabled) = args.anonymous_pull_enabled {
        properties.insert("anonymousPullEnabled".to_owned(), is_enabled.into());
    }
    args.settings.apply(ctx, &mut properties);
    if let Some(action) = args.settings.default_action {
        // What was said outright beats what follows from closing the public network.
        properties.insert(
            "networkRuleSet".to_owned(),
            json!({ "defaultAction": action }),
        );
    }
    if !properties.is_empty() {
        body["properties"] = properties.into();
    }
    args.edits.apply(&mut body)?;
    Ok(body)
}

/// What can be refused knowing the registry as it is.
fn check(ctx: &Ctx, registry: &Value, body: &Value) -> Result<(), CliError> {
    let properties = &body["properties"];
    if !properties["networkRuleSet"].is_null() {
        require_premium(registry, NETWORK_RULES_NEED_PREMIUM)?;
    }
    let wanted = &body["sku"];
    if !wanted.is_null() && wanted["name"].is_null() {
        return Err(CliError::failed(
            "Please specify SKU by '--sku SKU' or '--set sku.name=SKU'. Allowed SKUs: Basic, Standard, Premium",
        ));
    }
    if wanted["name"] == "Classic" && sku(registry) != "Classic" {
        return Err(CliError::failed(
            "Managed registries could not be downgraded to Classic SKU.",
        ));
    }
    if properties["regionalEndpoints"] == "Enabled" {
        let sku = wanted["name"].as_str().unwrap_or_else(|| sku(registry));
        if sku != "Premium" {
            return Err(CliError::failed(REGIONAL_ENDPOINTS_NEED_PREMIUM));
        }
        if policy(registry, "trustPolicy")["status"] == "enabled" {
            return Err(CliError::failed(
                "Regional endpoints cannot be enabled when Content Trust is enabled. Please disable Content Trust and try again.",
            ));
        }
        if registry["properties"]["dataEndpointEnabled"] == false {
            ctx.console.warn(
                "With regional endpoints, blobs are best served in their region too: see --data-endpoint-enabled.",
            );
        }
    }
    Ok(())
}
