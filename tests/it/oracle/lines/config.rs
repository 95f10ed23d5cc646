//! Policies and network rules.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

pub(super) const LINES: &[Line] = &[
    // config
    line("config content-trust show -r premreg"),
    line("config content-trust show --name premreg --resource-group rg1 -o table"),
    line("config content-trust show --registry basicreg"),
    line("config content-trust update -r premreg --status disabled --yes").on(Scene::ContentTrust),
    line("config content-trust update -n premreg --resource-group rg1 --status disabled"),
    line("config content-trust update -r premreg --status enabled"),
    line("config retention show -r premreg -o table"),
    line("config retention show --registry basicreg --resource-group rg1"),
    line("config retention update -r premreg --type UntaggedManifests --status Enabled --days 30"),
    line(
        "config retention update --registry premreg --resource-group rg1 --type untaggedmanifests",
    ),
    line("config retention update -r premreg --type UntaggedManifests --days 366"),
    line("config retention update -r premreg --type UntaggedManifests --days x"),
    line("config retention update -r premreg --days 5"),
    line("config retention update -r basicreg --type UntaggedManifests --status enabled"),
    line("config soft-delete show -r basicreg"),
    line("config soft-delete update --registry basicreg --status enabled --days 20 -o table"),
    line("config soft-delete update -r basicreg --days 5").on(Scene::SoftDelete),
    line("config soft-delete update -r basicreg --days 5 --yes").on(Scene::SoftDelete),
    line("config soft-delete update -r basicreg --status disabled").on(Scene::SoftDelete),
    line("config soft-delete show -r basicreg -g rg1"),
    line("config authentication-as-arm show -r basicreg"),
    line("config authentication-as-arm show --registry basicreg --resource-group rg1 -o table"),
    line(
        "config authentication-as-arm update --registry basicreg --resource-group rg1 --status Disabled",
    ),
    line("config authentication-as-arm update -n basicreg --status maybe"),
    // network-rule
    line("network-rule list -n premreg"),
    line("network-rule list --name premreg -g rg1 -o table"),
    line("network-rule list -n premreg").on(Scene::NetworkRules),
    line("network-rule list -n basicreg"),
    line("network-rule list -n nosuchreg"),
    line("network-rule add -n premreg --ip-address 1.2.3.4"),
    line("network-rule add -n premreg -g rg1 --ip-address 10.0.0.0/8").on(Scene::NetworkRules),
    line("network-rule add -n premreg --subnet {SUBNET}"),
    line("network-rule add -n premreg -g rg1 --subnet s2 --vnet-name v1 --ip-address 5.6.7.8")
        .on(Scene::NetworkRules),
    line("network-rule add -n premreg --subnet s2"),
    line("network-rule add -n premreg"),
    line("network-rule add -n basicreg --ip-address 1.2.3.4"),
    line("network-rule remove -n premreg --ip-address 1.2.3.4").on(Scene::NetworkRules),
    line("network-rule remove -n premreg -g rg1 --ip-address 9.9.9.9").on(Scene::NetworkRules),
    line("network-rule remove -n premreg --resource-group rg1 --subnet {SUBNET}")
        .on(Scene::NetworkRules),
    line("network-rule remove -n premreg -g rg1 --subnet s1 --vnet-name v1 -o yaml")
        .on(Scene::NetworkRules),
    line("network-rule remove -n premreg --vnet-name v1"),
];
