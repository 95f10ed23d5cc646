//! From which addresses a registry can be reached.

use std::{net::IpAddr, str::FromStr};

use acr_api::arm::RegistryProperties;

/// From where a registry's public endpoint is reached.
#[derive(Debug)]
pub(super) enum Network {
    /// From everywhere.
    Open,
    /// From these ranges only.
    Limited(Vec<Range>),
    /// From nowhere, whatever the rules allow.
    Disabled,
}

/// Addresses with the same first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads the rules of a registry. A rule that cannot be read lets nobody in.
    pub(super) fn of(properties: &RegistryProperties) -> Self {
        if properties.public_network_access.as_deref() == Some("Disabled") {
            return Self::Disabled;
        }
        let rules = properties.network_rule_set.as_ref();
        match rules.filter(|rules| rules.default_action.as_deref() == Some("Deny")) {
            None => Self::Open,
            Some(rules) => {
                let ranges = rules.ip_rules.iter().flatten();
                Self::Limited(
                    ranges
                        .filter_map(|rule| rule.value.as_deref()?.parse().ok())
                        .collect(),
                )
            }
        }
    }

    /// Whether there are addresses that may not reach the registry.
    pub(super) fn is_closed(&self) -> bool {
        !matches!(self, Self::Open)
    }

    /// Whether an address may reach the registry. One that is not known may where all may.
    pub(super) fn admits(&self, address: Option<IpAddr>) -> bool {
        match self {
            Self::Open => true,
            Self::Limited(ranges) => address.is_some_and(|address| {
                let address = address.to_canonical();
                ranges.iter().any(|range| range.holds(address))
            }),
            Self::Disabled => false,
        }
    }
}

impl Range {
    fn holds(self, address: IpAddr) -> bool {
        let same_bits = |one: u128, other: u128, width: u32| {
            let shift = width - u32::from(self.bits);
            one.checked_shr(shift).unwrap_or(0) == other.checked_shr(shift).unwrap_or(0)
        };
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                same_bits(first.to_bits().into(), address.to_bits().into(), 32)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                same_bits(first.to_bits(), address.to_bits(), 128)
            }
            _ => false,
        }
    }
}

impl FromStr for Range {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.trim().parse().map_err(|_| ())?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| ())?
            }
            Some(_) => return Err(()),
            None => most,
        };
        (bits <= most).then_some(Self { first, bits }).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, Range};
    use acr_api::arm::RegistryProperties;
    use serde_json::json;

    #[test]
    fn ranges_hold_addresses_with_the_same_first_bits() {
        for (range, address, expected) in [
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.9/24", "203.0.113.1", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "::1", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
            ("::1", "::1", true),
        ] {
            let range: Range = range.parse().unwrap();
            assert_eq!(
                range.holds(address.parse().unwrap()),
                expected,
                "{range:?} {address}"
            );
        }
        for bad in [
            "",
            "1.2.3",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/+1",
            "::/129",
            "a/8",
            "1.2.3.4/8/8",
        ] {
            assert!(bad.parse::<Range>().is_err(), "{bad}");
        }
    }

    fn network(properties: serde_json::Value) -> Network {
        Network::of(&serde_json::from_value::<RegistryProperties>(properties).unwrap())
    }

    #[test]
    fn only_rules_open_what_is_closed() {
        let here = Some("127.0.0.1".parse().unwrap());
        let mapped = Some("::ffff:10.1.2.3".parse().unwrap());
        let rules = json!([{"action": "Allow", "value": "10.0.0.0/8"}]);
        assert!(network(json!({})).admits(here) && network(json!({})).admits(None));
        let open = network(json!({"networkRuleSet": {"defaultAction": "Allow", "ipRules": rules}}));
        assert!(open.admits(here));
        let closed =
            network(json!({"networkRuleSet": {"defaultAction": "Deny", "ipRules": rules}}));
        assert!(!closed.admits(here) && !closed.admits(None) && closed.admits(mapped));
    }

    #[test]
    fn no_rule_opens_a_disabled_endpoint() {
        let rules = json!([{"action": "Allow", "value": "10.0.0.0/8"}]);
        for action in ["Allow", "Deny"] {
            let disabled = network(json!({
                "publicNetworkAccess": "Disabled",
                "networkRuleSet": {"defaultAction": action, "ipRules": rules},
            }));
            assert!(disabled.is_closed());
            assert!(!disabled.admits(Some("10.1.2.3".parse().unwrap())) && !disabled.admits(None));
        }
    }
}
