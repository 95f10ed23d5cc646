//! The settings of a registry that `create` and `update` share.

use super::args::{choice, true_or_false};
use super::ctx::Ctx;
use serde_json::{Map, Value, json};

/// Settings that may be given when a registry is made, and changed later.
#[derive(Debug, clap::Args)]
pub(crate) struct SettingsArgs {
    /// Whether the admin user may log in.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    pub admin_enabled: Option<bool>,
    /// Space-separated tags: KEY[=VALUE] …; '' clears them.
    #[arg(long, value_name = "TAG", num_args = 0.., action = clap::ArgAction::Set)]
    pub tags: Option<Vec<String>>,
    /// Whether artifacts may be exported.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    pub allow_exports: Option<bool>,
    /// Whether metadata can be searched.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false())]
    pub allow_metadata_search: Option<bool>,
    /// Whether repositories behind cache rules can be written.
    #[arg(long, value_name = "STATE", ignore_case = true, value_parser = choice(&["Enabled", "Disabled"]))]
    pub writable_cache_repos: Option<&'static str>,
    /// How roles are assigned: for the registry, or for each repository.
    #[arg(long, value_name = "MODE", ignore_case = true, value_parser = choice(&["rbac-abac", "rbac"]))]
    pub role_assignment_mode: Option<&'static str>,
    /// What happens to a request that no network rule matches. Premium only.
    #[arg(long, value_name = "ACTION", ignore_case = true, value_parser = choice(&["Allow", "Deny"]), help_heading = "Network")]
    pub default_action: Option<&'static str>,
    /// Whether the registry answers on the public network.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false(), help_heading = "Network")]
    pub public_network_enabled: Option<bool>,
    /// Whether trusted Azure services pass the network rules.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false(), help_heading = "Network")]
    pub allow_trusted_services: Option<bool>,
    /// Whether every region has an endpoint of its own. Premium only.
    #[arg(long, value_name = "STATE", ignore_case = true, value_parser = choice(&["Enabled", "Disabled"]), help_heading = "Network")]
    pub regional_endpoints: Option<&'static str>,
    /// Whether blobs come from a host of their own. Premium only.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true", ignore_case = true, value_parser = true_or_false(), help_heading = "Network")]
    pub data_endpoint_enabled: Option<bool>,
    /// The internet protocols that the endpoints speak.
    #[arg(long, value_name = "PROTOCOL", ignore_case = true, value_parser = choice(&["IPv4", "IPv4AndIPv6"]), help_heading = "Network")]
    pub endpoint_protocol: Option<&'static str>,
}

impl SettingsArgs {
    /// Writes the settings that were given into a registry's properties, and warns of what they
    /// bring with them. Tags and the admin user are left to the caller.
    pub(crate) fn apply(&self, ctx: &Ctx, properties: &mut Map<String, Value>) {
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                properties.insert(name.to_owned(), value);
            }
        };
        let rules = |action: &str| json!({ "defaultAction": action });
        set("networkRuleSet", self.default_action.map(rules));
        if let Some(is_enabled) = self.public_network_enabled {
            let state = on_or_off(is_enabled, "Enabled", "Disabled");
            set("publicNetworkAccess", Some(state));
            if !is_enabled {
                set("networkRuleSet", Some(rules("Deny")));
                ctx.console
                    .warn("Disabling the public endpoint overrides all firewall configurations.");
            }
        }
        let search = self.allow_metadata_search;
        set(
            "metadataSearch",
            search.map(|on| on_or_off(on, "Enabled", "Disabled")),
        );
        set(
            "roleAssignmentMode",
            self.role_assignment_mode.map(|mode| role_mode(ctx, mode)),
        );
        set(
            "regionalEndpoints",
            self.regional_endpoints.map(Value::from),
        );
        set(
            "dataEndpointEnabled",
            self.data_endpoint_enabled.map(Value::from),
        );
        set("endpointProtocol", self.endpoint_protocol.map(Value::from));
        set(
            "writableCacheRepos",
            self.writable_cache_repos.map(Value::from),
        );
        let trusted = self.allow_trusted_services;
        set(
            "networkRuleBypassOptions",
            trusted.map(|on| on_or_off(on, "AzureServices", "None")),
        );
        let exports = self.allow_exports.map(
            |on| json!({ "exportPolicy": { "status": on_or_off(on, "enabled", "disabled") } }),
        );
        set("policies", exports);
    }
}

fn on_or_off(is_on: bool, on: &str, off: &str) -> Value {
    Value::from(if is_on { on } else { off })
}

fn role_mode(ctx: &Ctx, mode: &str) -> Value {
    if mode == "rbac" {
        return "LegacyRegistryPermissions".into();
    }
    ctx.console.warn(
        "Tasks of this registry lose their access to its repositories unless they have an identity of their own: \
         see `acr task update --source-acr-auth-id`.",
    );
    "AbacRepositoryPermissions".into()
}
