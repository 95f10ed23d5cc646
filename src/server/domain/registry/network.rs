//! The network rules of a registry.

use std::net::Ipv4Addr;

use acr_api::arm::{IpRule, NetworkRuleSet, VirtualNetworkRule};

use super::{
    choice::{choose, refuse},
    tier::Tier,
};
use crate::domain::Error;

const ACTIONS: &[&str] = &["Allow", "Deny"];
/// Whatever the tier, a body must not grow without end.
const MOST_RULES: usize = 1000;
const LONGEST_SUBNET_ID: usize = 1024;

/// Works out the rules after a write. Only Premium registries show any; the others may say
/// "allow everything", which is what they do.
pub(super) fn resolve(
    asked: Option<NetworkRuleSet>,
    tier: Tier,
) -> Result<Option<NetworkRuleSet>, Error> {
    let asked = asked.unwrap_or_default();
    let ip_rules = asked.ip_rules.unwrap_or_default();
    let subnets = asked.virtual_network_rules.unwrap_or_default();
    if ip_rules.len() + subnets.len() > MOST_RULES {
        return Err(refuse(
            &path(""),
            format!("A registry can have at most {MOST_RULES} network rules."),
        ));
    }
    let set = NetworkRuleSet {
        default_action: choose(
            &path(".defaultAction"),
            asked.default_action.as_deref(),
            ACTIONS,
            "Allow",
        )?,
        ip_rules: Some(
            ip_rules
                .iter()
                .enumerate()
                .map(ip_rule)
                .collect::<Result<_, _>>()?,
        ),
        virtual_network_rules: Some(
            subnets
                .iter()
                .enumerate()
                .map(subnet_rule)
                .collect::<Result<_, _>>()?,
        ),
    };
    Ok(Some(set).filter(|set| tier == Tier::Premium || is_used(set)))
}

/// Whether the rules keep anybody out or name anybody.
pub(super) fn is_used(set: &NetworkRuleSet) -> bool {
    set.default_action.as_deref() == Some("Deny")
        || set.ip_rules.as_ref().is_some_and(|rules| !rules.is_empty())
        || set
            .virtual_network_rules
            .as_ref()
            .is_some_and(|rules| !rules.is_empty())
}

fn ip_rule((index, rule): (usize, &IpRule)) -> Result<IpRule, Error> {
    let member = path(&format!(".ipRules[{index}]"));
    let value = rule.value.as_deref().map(str::trim).unwrap_or_default();
    if !is_range(value) {
        return Err(refuse(
            &format!("{member}.value"),
            format!(
                "'{}' is no IPv4 address and no range such as 203.0.113.0/24.",
                value.chars().take(64).collect::<String>()
            ),
        ));
    }
    Ok(IpRule {
        action: choose(
            &format!("{member}.action"),
            rule.action.as_deref(),
            &["Allow"],
            "Allow",
        )?,
        value: Some(value.to_owned()),
    })
}

fn subnet_rule((index, rule): (usize, &VirtualNetworkRule)) -> Result<VirtualNetworkRule, Error> {
    let member = path(&format!(".virtualNetworkRules[{index}]"));
    let id = rule.subnet_id.as_deref().unwrap_or_default();
    if !id.starts_with('/') || id.len() > LONGEST_SUBNET_ID {
        return Err(refuse(
            &format!("{member}.virtualNetworkSubnetResourceId"),
            "The rule does not name a subnet by its resource id.",
        ));
    }
    Ok(VirtualNetworkRule {
        action: choose(
            &format!("{member}.action"),
            rule.action.as_deref(),
            &["Allow"],
            "Allow",
        )?,
        subnet_id: Some(id.to_owned()),
    })
}

fn is_range(value: &str) -> bool {
    let (address, bits) = value.split_once('/').unwrap_or((value, "32"));
    address.parse::<Ipv4Addr>().is_ok()
        && bits.len() <= 2
        && bits.parse::<u8>().is_ok_and(|bits| bits <= 32)
}

fn path(member: &str) -> String {
    format!("properties.networkRuleSet{member}")
}

#[cfg(test)]
mod tests {
    use super::{Tier, is_range, resolve};

    #[test]
    fn ranges_are_addresses_with_bits() {
        for (value, expected) in [
            ("1.2.3.4", true),
            ("1.2.3.0/24", true),
            ("1.2.3.0/33", false),
            ("1.2.3.0/", false),
            ("1.2.3", false),
            ("::1", false),
            ("", false),
        ] {
            assert_eq!(is_range(value), expected, "{value}");
        }
    }

    #[test]
    fn only_premium_shows_an_empty_set() {
        assert!(resolve(None, Tier::Basic).unwrap().is_none());
        let set = resolve(None, Tier::Premium).unwrap().unwrap();
        assert_eq!(
            serde_json::to_string(&set).unwrap(),
            r#"{"defaultAction":"Allow","ipRules":[],"virtualNetworkRules":[]}"#
        );
    }
}
