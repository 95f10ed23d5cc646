//! How much of its tier a registry uses.

use acr_api::arm::{RegistryUsage, RegistryUsages, ResourceId};

use super::{
    Registries, TYPE, registry_id,
    tier::{self, Tier},
};
use crate::{
    app::App,
    domain::{
        Error,
        resource::{self, collection},
        usage,
    },
};

/// The rows of `listUsages`.
pub async fn list(app: &App, id: &ResourceId) -> Result<RegistryUsages, Error> {
    let registry = resource::get::<Registries>(app, id).await?.body;
    let tier = tier::of(&registry.sku);
    let limits = tier.limits();
    let properties = registry.properties.unwrap_or_default();
    let bytes = usage::size(app, &registry_id(id, &properties)).await?;
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    let rules = properties.network_rule_set.unwrap_or_default();
    let webhooks = children(app, id, "webhooks").await?;
    let mut value = vec![
        row("Size", limits.size_bytes, bytes, "Bytes"),
        row("Webhooks", limits.webhooks, webhooks, "Count"),
    ];
    if tier == Tier::Premium {
        // The home region counts as one.
        let regions = children(app, id, "replications").await?.max(1);
        let ip_rules = length(rules.ip_rules.map(|rules| rules.len()));
        let subnets = length(rules.virtual_network_rules.map(|rules| rules.len()));
        let endpoints = children(app, id, "privateEndpointConnections").await?;
        value.extend([
            row("Geo-replications", -1, regions, "Count"),
            row("IPRules", limits.ip_rules, ip_rules, "Count"),
            row("VNetRules", limits.subnet_rules, subnets, "Count"),
            row(
                "PrivateEndpointConnections",
                limits.private_endpoints,
                endpoints,
                "Count",
            ),
        ]);
    }
    let (maps, tokens) = (
        children(app, id, "scopeMaps").await?,
        children(app, id, "tokens").await?,
    );
    value.extend([
        row("ScopeMaps", limits.tokens, maps, "Count"),
        row("Tokens", limits.tokens, tokens, "Count"),
    ]);
    Ok(RegistryUsages { value })
}

async fn children(app: &App, id: &ResourceId, kind: &str) -> Result<i64, Error> {
    let collection = collection(&format!("{TYPE}/{kind}"));
    let count = app
        .meta()
        .count(&collection, &format!("{}/", id.key()))
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

fn length(rules: Option<usize>) -> i64 {
    rules.map_or(0, |count| i64::try_from(count).unwrap_or(i64::MAX))
}

fn row(name: &str, limit: i64, current_value: i64, unit: &str) -> RegistryUsage {
    RegistryUsage {
        name: name.to_owned(),
        limit,
        current_value,
        unit: unit.to_owned(),
    }
}
