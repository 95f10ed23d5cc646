//! The network rules of a registry: read, changed, shown as az shows them.

use super::ctx::{Ctx, Located};
use super::error::CliError;
use acr_api::arm::ResourceId;
use serde_json::{Value, json};

/// Whom a rule is about.
#[derive(Debug, clap::Args)]
pub(crate) struct RuleArgs {
    /// An IPv4 address, or a range such as 203.0.113.0/24.
    #[arg(long, value_name = "ADDRESS")]
    pub ip_address: Option<String>,
    /// A subnet, by id, or by name together with --vnet-name.
    #[arg(long, value_name = "SUBNET")]
    subnet: Option<String>,
    /// The virtual network of a subnet that is given by name.
    #[arg(long, value_name = "NETWORK")]
    vnet_name: Option<String>,
}

impl RuleArgs {
    /// The id of the subnet that was given, if any.
    pub(crate) async fn subnet_id(
        &self,
        ctx: &Ctx,
        located: &Located,
    ) -> Result<Option<String>, CliError> {
        let is_id = |subnet: &str| subnet.parse::<ResourceId>().is_ok();
        match (self.subnet.as_deref(), self.vnet_name.as_deref()) {
            (None, None) => Ok(None),
            (Some(subnet), None) if is_id(subnet) => Ok(Some(subnet.to_owned())),
            (Some(subnet), Some(network)) if !is_id(subnet) => Ok(Some(format!(
                "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/virtualNetworks/{network}/subnets/{subnet}",
                ctx.arm().await?.subscription(),
                located.group
            ))),
            _ => Err(CliError::failed(
                "Usage error: [--subnet ID | --subnet NAME --vnet-name NAME]",
            )),
        }
    }
}

/// The rules of a registry as the service sent them; a registry without any lets everybody in.
pub(crate) fn rule_set(registry: &Value) -> Value {
    match &registry["properties"]["networkRuleSet"] {
        Value::Null => json!({ "defaultAction": "Allow" }),
        rules => rules.clone(),
    }
}

/// Adds rules that allow a subnet and an address.
pub(crate) fn add(rules: &mut Value, subnet: Option<&str>, address: Option<&str>) {
    let mut push = |list: &str, rule: Value| match &mut rules[list] {
        Value::Array(rules) => rules.push(rule),
        none => *none = json!([rule]),
    };
    if let Some(id) = subnet {
        let rule = json!({ "virtualNetworkSubnetResourceId": id, "action": "Allow" });
        push("virtualNetworkRules", rule);
    }
    if let Some(address) = address {
        push("ipRules", json!({ "value": address, "action": "Allow" }));
    }
}

/// Removes the rules about a subnet and an address.
pub(crate) fn remove(rules: &mut Value, subnet: Option<&str>, address: Option<&str>) {
    let mut drop_where = |list: &str, is_meant: &dyn Fn(&Value) -> bool| {
        let kept = rules[list]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        rules[list] = kept
            .iter()
            .filter(|rule| !is_meant(rule))
            .cloned()
            .collect();
    };
    if let Some(id) = subnet {
        drop_where("virtualNetworkRules", &|rule| {
            let found = rule["virtualNetworkSubnetResourceId"].as_str();
            found.is_some_and(|found| found.eq_ignore_ascii_case(id))
        });
    }
    if let Some(address) = address {
        drop_where("ipRules", &|rule| rule["value"] == address);
    }
}

/// Sends the rules and gives the registry as it is then.
pub(crate) async fn update(ctx: &Ctx, located: &Located, rules: Value) -> Result<Value, CliError> {
    let body = json!({ "properties": { "networkRuleSet": rules } });
    let _progress = ctx.console.progress("Running ..");
    let registries = ctx.arm().await?.registries();
    Ok(registries
        .patch(&located.group, &located.name, &body)
        .await?)
}

/// A registry as far as its rules go.
pub(crate) fn shown(registry: &Value) -> Value {
    let mut rules_shown = json!({
        "defaultAction": registry["properties"]["networkRuleSet"]["defaultAction"],
    });
    if let (Value::Object(shown), Value::Object(lists)) = (&mut rules_shown, rules(registry)) {
        shown.extend(lists);
    }
    json!({
        "name": registry["name"],
        "provisioningState": registry["properties"]["provisioningState"],
        "networkRuleSet": rules_shown,
    })
}

/// The two lists of rules; the subnet is shown under its old name as well as its new one.
pub(crate) fn rules(registry: &Value) -> Value {
    let set = &registry["properties"]["networkRuleSet"];
    let list = |name: &str| set[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let action = |rule: &Value| rule["action"].as_str().unwrap_or("Allow").to_owned();
    let subnets: Vec<Value> = list("virtualNetworkRules")
        .iter()
        .map(|rule| {
            let id = &rule["virtualNetworkSubnetResourceId"];
            json!({
                "virtualNetworkResourceId": id,
                "virtualNetworkSubnetResourceId": id,
                "action": action(rule),
            })
        })
        .collect();
    let addresses: Vec<Value> = list("ipRules")
        .iter()
        .map(|rule| json!({ "ipAddressOrRange": rule["value"], "action": action(rule) }))
        .collect();
    json!({ "virtualNetworkRules": subnets, "ipRules": addresses })
}

#[cfg(test)]
mod tests {
    use super::{add, remove, rule_set, shown};
    use serde_json::json;

    #[test]
    fn rules_come_and_go() {
        let registry = json!({"name": "r", "properties": {"provisioningState": "Succeeded"}});
        let mut rules = rule_set(&registry);
        add(&mut rules, Some("/S/one"), Some("1.2.3.4"));
        add(&mut rules, None, Some("5.6.7.8"));
        let registry = json!({"name": "r", "properties": {"networkRuleSet": rules}});
        let now = shown(&registry);
        assert_eq!(
            now["networkRuleSet"]["ipRules"][1]["ipAddressOrRange"],
            "5.6.7.8"
        );
        assert_eq!(
            now["networkRuleSet"]["virtualNetworkRules"][0]["virtualNetworkResourceId"],
            "/S/one"
        );

        let mut rules = rule_set(&registry);
        remove(&mut rules, Some("/s/ONE"), Some("1.2.3.4"));
        assert_eq!(rules["virtualNetworkRules"], json!([]));
        assert_eq!(
            rules["ipRules"],
            json!([{"value": "5.6.7.8", "action": "Allow"}])
        );
    }
}
