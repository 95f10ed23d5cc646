//! The tiers: what each may have.

use acr_api::arm::{Registry, RegistryProperties, Sku};

use super::network;
use crate::domain::Error;

const GIB: i64 = 1024 * 1024 * 1024;
const TIB: u64 = 1024 * 1024 * 1024 * 1024;

/// A tier, the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Basic,
    Standard,
    Premium,
}

/// How much of everything a tier includes.
pub(super) struct Limits {
    pub(super) size_bytes: i64,
    pub(super) webhooks: i64,
    pub(super) tokens: i64,
    pub(super) ip_rules: i64,
    pub(super) subnet_rules: i64,
    pub(super) private_endpoints: i64,
}

impl Tier {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Standard => "Standard",
            Self::Premium => "Premium",
        }
    }

    pub(super) fn limits(self) -> Limits {
        let (size_gib, webhooks, tokens, ip_rules, subnet_rules, private_endpoints) = match self {
            Self::Basic => (10, 2, 100, 0, 0, 0),
            Self::Standard => (100, 10, 500, 0, 0, 0),
            Self::Premium => (500, 500, 50_000, 200, 100, 200),
        };
        Limits {
            size_bytes: size_gib * GIB,
            webhooks,
            tokens,
            ip_rules,
            subnet_rules,
            private_endpoints,
        }
    }
}

/// The bytes beyond which a registry of this tier takes no more. What the tier includes is less: the rest is paid for.
pub(crate) fn storage_cap(sku: &Option<Sku>) -> u64 {
    match of(sku) {
        Tier::Basic | Tier::Standard => 40 * TIB,
        Tier::Premium => 100 * TIB,
    }
}

/// The tier that a tier member names; an unknown one is the smallest.
pub(super) fn of(sku: &Option<Sku>) -> Tier {
    let name = sku.as_ref().and_then(|sku| sku.name.as_deref());
    parse(name.unwrap_or_default()).unwrap_or(Tier::Basic)
}

/// Works out the tier after a write.
pub(super) fn resolve(asked: Option<&Sku>, before: Option<&Sku>) -> Result<&'static str, Error> {
    let named = |sku: &Sku| sku.name.clone();
    match asked.and_then(named).or_else(|| before.and_then(named)) {
        Some(name) => match parse(&name) {
            Some(tier) => Ok(tier.name()),
            None => Err(Error::invalid(
                "SkuNotSupported",
                format!(
                    "The SKU {} is not supported.",
                    name.chars().take(64).collect::<String>()
                ),
            )
            .with_target("sku.name")),
        },
        None => Err(Error::invalid(
            "InvalidParameter",
            "The SKU is missing: it must be Basic, Standard or Premium.",
        )
        .with_target("sku.name")),
    }
}

/// Refuses what the tier does not include. The same check refuses a smaller tier while something
/// of the larger one is in use.
pub(super) fn check(registry: &Registry, has_limits: bool) -> Result<(), Error> {
    let tier = of(&registry.sku);
    let Some(properties) = &registry.properties else {
        return Ok(());
    };
    combinations(properties)?;
    if !has_limits {
        return Ok(());
    }
    if tier != Tier::Premium {
        check_small(tier, properties)?;
    }
    let limits = tier.limits();
    let rules = properties.network_rule_set.clone().unwrap_or_default();
    quota(
        tier,
        "IPRules",
        rules.ip_rules.unwrap_or_default().len(),
        limits.ip_rules,
    )?;
    quota(
        tier,
        "VNetRules",
        rules.virtual_network_rules.unwrap_or_default().len(),
        limits.subnet_rules,
    )
}

fn check_small(tier: Tier, properties: &RegistryProperties) -> Result<(), Error> {
    if properties.public_network_access.as_deref() == Some("Disabled") {
        return Err(Error::invalid(
            "DisablingPublicNetworkAccessNotSupported",
            format!(
                "Disabling public network access is not supported for the SKU {}. For more information, please visit https://aka.ms/acr/private-link.",
                tier.name()
            ),
        ));
    }
    let policies = properties.policies.clone().unwrap_or_default();
    let is_on = |status: Option<Option<String>>| status.flatten().as_deref() == Some("enabled");
    let premium_features = [
        (
            properties
                .network_rule_set
                .as_ref()
                .is_some_and(network::is_used),
            "properties.networkRuleSet",
        ),
        (
            is_on(
                properties
                    .encryption
                    .clone()
                    .map(|encryption| encryption.status),
            ),
            "properties.encryption",
        ),
        (
            is_on(policies.retention_policy.map(|policy| policy.status)),
            "properties.policies.retentionPolicy",
        ),
        (
            is_on(policies.trust_policy.map(|policy| policy.status)),
            "properties.policies.trustPolicy",
        ),
        (
            is_on(policies.quarantine_policy.map(|policy| policy.status)),
            "properties.policies.quarantinePolicy",
        ),
        (
            policies
                .export_policy
                .is_some_and(|policy| policy.status.as_deref() == Some("disabled")),
            "properties.policies.exportPolicy",
        ),
        (
            properties.data_endpoint_enabled == Some(true),
            "properties.dataEndpointEnabled",
        ),
        (
            properties.regional_endpoints.as_deref() == Some("Enabled"),
            "properties.regionalEndpoints",
        ),
        (
            tier == Tier::Basic && properties.anonymous_pull_enabled == Some(true),
            "properties.anonymousPullEnabled",
        ),
    ];
    match premium_features.iter().find(|(is_used, _)| *is_used) {
        Some((_, member)) => Err(Error::invalid(
            "SkuNotSupported",
            format!("The SKU {} is not supported.", tier.name()),
        )
        .with_target(*member)),
        None => Ok(()),
    }
}

/// Settings that exclude each other on any tier.
fn combinations(properties: &RegistryProperties) -> Result<(), Error> {
    let refuse = |member: &str, message: &str| {
        Err(Error::invalid("InvalidParameter", message).with_target(format!("properties.{member}")))
    };
    let policies = properties.policies.clone().unwrap_or_default();
    let is_on = |status: Option<Option<String>>| status.flatten().as_deref() == Some("enabled");
    let forbids_export = policies
        .export_policy
        .is_some_and(|policy| policy.status.as_deref() == Some("disabled"));
    if forbids_export && properties.public_network_access.as_deref() != Some("Disabled") {
        return refuse(
            "policies.exportPolicy",
            "Exports can be disabled only while public network access is disabled.",
        );
    }
    let is_trusting = is_on(policies.trust_policy.map(|policy| policy.status));
    if is_trusting && properties.regional_endpoints.as_deref() == Some("Enabled") {
        return refuse(
            "regionalEndpoints",
            "Regional endpoints and content trust cannot be enabled together.",
        );
    }
    if is_on(policies.retention_policy.map(|policy| policy.status))
        && is_on(policies.soft_delete_policy.map(|policy| policy.status))
    {
        return refuse(
            "policies.softDeletePolicy",
            "The soft delete policy and the retention policy cannot be enabled together.",
        );
    }
    Ok(())
}

/// Refuses more of something than the tier includes.
pub(super) fn quota(tier: Tier, what: &str, count: usize, limit: i64) -> Result<(), Error> {
    if i64::try_from(count).is_ok_and(|count| count <= limit) {
        return Ok(());
    }
    Err(Error::new(
        crate::domain::ErrorKind::Forbidden,
        "QuotaExceeded",
        format!(
            "Quota exceeded for resource type {what} for the registry SKU {}. Learn more about different SKU quotas and upgrade process: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-skus",
            tier.name()
        ),
    ))
}

fn parse(name: &str) -> Option<Tier> {
    [Tier::Basic, Tier::Standard, Tier::Premium]
        .into_iter()
        .find(|tier| tier.name().eq_ignore_ascii_case(name))
}
