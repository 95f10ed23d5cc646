//! Registries themselves: made, shown, changed, deleted, and their identities.

use crate::oracle::line::{Line, line};
use crate::oracle::stage::Scene;

const NO_NAME: &str = "a context of ours takes a missing name from the folder";
const NO_GROUP: &str = "a context of ours has a default group and region";

const NO_STORAGE: &str = "a server of ours sends blobs itself, and says so; az takes it for a cloud with storage accounts";

const CRASH: &str = "az 2.91.0 creates the registry and then fails to import its own models";

pub(super) const LINES: &[Line] = &[
    // show
    line("show -n basicreg"),
    line("show --name basicreg --resource-group rg1 -o table"),
    line("show -n premreg -g rg1 -o yaml"),
    line("show -n premreg -g rg1 -o tsv"),
    line("show -n BasicReg --query name"),
    line("show -n basicreg{SUFFIX} --query name"),
    line("show -n basicreg-a1b2c3d4{SUFFIX} --query name"),
    line("show -n basicreg.example.org"),
    line("show -n abc"),
    line("show -n a_bcde"),
    line("show -n basic-reg"),
    line("show -n ''"),
    line("show -n nosuchreg"),
    line("show -n nosuchreg -g rg1"),
    line("show -n basicreg -g rg2"),
    line("show -n basicreg -g ''"),
    line("show --nam basicreg --query id"),
    line("show -n basicreg -n premreg --query sku"),
    line("show -n"),
    line("show").context_differs(NO_NAME),
    line("show --query name").with(&[("AZURE_DEFAULTS_ACR", "stdreg")]),
    line("show -n basicreg --query nonsense"),
    line("show -n basicreg --query nonsense -o table"),
    line("show -n basicreg --query policies -o table"),
    line("show -n basicreg --query sku -o table"),
    line("show -n basicreg --query adminUserEnabled -o tsv"),
    line("show -n basicreg --query loginServer -o yaml"),
    line("show -n basicreg --query 'keys(@)' -o tsv"),
    line("show -n basicreg --query tags").on(Scene::OddTags),
    line("show -n basicreg --query tags -o yaml").on(Scene::OddTags),
    line("show -n basicreg --query tags -o tsv").on(Scene::OddTags),
    line("show -n basicreg --query tags -o table").on(Scene::OddTags),
    line("show -n basicreg --query '{z:name,a:location,m:tags.unicode}' -o table")
        .on(Scene::OddTags),
    // create
    line("create -n newreg -g rg1 --sku Basic"),
    line("create --name newreg --resource-group rg1 --sku standard --location westus -o table"),
    line(
        "create -n newreg -g rg1 --sku PREMIUM -l eastus --admin-enabled --query adminUserEnabled",
    ),
    line(
        "create -n newreg -g rg1 --sku Premium -l eastus --admin-enabled TRUE --default-action deny --public-network-enabled true --query networkRuleSet",
    ),
    line("create -n newreg -g rg1 --sku Premium -l eastus --public-network-enabled false"),
    line(
        "create -n newreg -g rg1 --sku Premium -l eastus --zone-redundancy disabled --allow-trusted-services false --allow-exports true --allow-metadata-search",
    ),
    line(
        "create -n newreg -g rg1 --sku Premium -l eastus --role-assignment-mode rbac-ABAC --regional-endpoints enabled --data-endpoint-enabled --endpoint-protocol ipv4andipv6 --writable-cache-repos enabled",
    ),
    line(
        "create -n newreg -g rg1 --sku Basic -l eastus --dnl-scope unsecure --role-assignment-mode rbac --tags a=b c 'd=e f' g=h=i",
    ),
    line("create -n newreg -g rg1 --sku Basic -l eastus --tags a=1 --tags ''"),
    line(
        "create -n newreg -g rg1 --sku Premium -l eastus --identity id1 --key-encryption-key https://vault.example.org/keys/k/v --query [identity.type,encryption.status]",
    ),
    line("create -n newreg -g rg1 --sku Premium -l eastus --identity {ID1}"),
    line(
        "create -n newreg -g rg1 --sku Premium -l eastus --identity nosuch --key-encryption-key https://vault.example.org/keys/k",
    ),
    line("create -n newreg -g rg1 --sku Basic -l eastus --workspace logs").az_breaks_off(CRASH),
    line("create -n newreg -g rg1 --sku Basic -l eastus --default-action Allow"),
    line("create -n newreg -g rg1 --sku Basic -l eastus --regional-endpoints Enabled"),
    line("create -n newreg -g rg1 --sku Basic -l eastus --public-network-enabled false"),
    line("create -n newreg -g rg1 --sku Basic -l 'East US'"),
    line("create -n newreg -g rg1 --sku Classic"),
    line("create -n newreg -g rg1 --sku Basic --admin-enabled yes"),
    line("create -n newreg -g rg1 --sku Basic --no-wait"),
    line("create -n newreg -g nosuch --sku Basic"),
    line("create -n newreg -g nosuch --sku Basic -l eastus"),
    line("create -n NewReg -g rg1 --sku Basic"),
    line("create -n new-reg -g rg1 --sku Basic"),
    line("create -n new_reg -g rg1 --sku Basic -l eastus"),
    line("create -n stdreg -g rg1 --sku Basic -l eastus"),
    line("create -n basicreg -g rg1 --sku Standard -l eastus --query sku"),
    line("create -n newreg -g rg1").context_differs(NO_GROUP),
    line("create -n newreg --sku Basic").context_differs(NO_GROUP),
    line("create").context_differs(NO_NAME),
    // update
    line("update -n basicreg"),
    line("update -n basicreg --sku premium --query sku"),
    line("update -n basicreg --admin-enabled -o table"),
    line("update -n basicreg -g rg1 --admin-enabled false --tags a=b c --query tags"),
    line("update -n basicreg --tags ''"),
    line("update -n basicreg --tags"),
    line("update -n basicreg --tags a=1 --tags b=2 =c"),
    line("update -n premreg --default-action Deny --query networkRuleSet"),
    line("update -n premreg --public-network-enabled false --query publicNetworkAccess"),
    line("update -n premreg --data-endpoint-enabled --query dataEndpointHostNames"),
    line(
        "update -n premreg --allow-trusted-services false --anonymous-pull-enabled --allow-exports true --allow-metadata-search true",
    ),
    line(
        "update -n premreg --role-assignment-mode rbac-abac --regional-endpoints enabled --endpoint-protocol IPv4AndIPv6 --writable-cache-repos Enabled",
    ),
    line("update -n basicreg --default-action Deny"),
    line("update -n basicreg --sku Premium --default-action Deny"),
    line("update -n basicreg --regional-endpoints enabled"),
    line("update -n premreg --regional-endpoints enabled").on(Scene::ContentTrust),
    line("update -n premreg -g rg1 --sku Standard --regional-endpoints enabled"),
    line(
        "update -n premreg --public-network-enabled false --default-action Allow --query networkRuleSet",
    ),
    line("update -n basicreg --anonymous-pull-enabled"),
    line("update -n basicreg --set sku.name=Standard --query sku"),
    line("update -n basicreg --set tags.a=b --query tags"),
    line("update -n basicreg --set 'tags={\"x\":\"y\"}' --query tags"),
    line("update -n basicreg --set adminUserEnabled=true --query adminUserEnabled"),
    line("update -n basicreg --set adminUserEnabled=true --force-string"),
    line("update -n basicreg --set publicNetworkAccess=Disabled"),
    line("update -n premreg --set networkRuleSet.defaultAction=Deny --query networkRuleSet"),
    line("update -n basicreg --tags a=b c=d --set tags.e=f --remove tags.a --query tags"),
    line("update -n basicreg --remove tags --query tags"),
    line("update -n basicreg --remove tags.env"),
    line("update -n basicreg --add tags a=b"),
    line("update -n basicreg --set nonsense=1"),
    line("update -n basicreg --set sku=Premium"),
    line("update -n basicreg --set"),
    line("update -n nosuchreg --admin-enabled"),
    line("update -n nosuchreg -g rg1 --admin-enabled"),
    line("update -n basicreg --location eastus"),
    // delete, and questions about names, use and endpoints
    line("delete -n basicreg"),
    line("delete -n basicreg --yes"),
    line("delete --name stdreg -g rg2 -y -o table"),
    line("delete -n nosuchreg -y"),
    line("delete -n nosuchreg -g rg1 -y"),
    line("delete -n nosuchreg -g nosuch -y"),
    line("check-name -n newreg"),
    line("check-name --name basicreg -o table"),
    line("check-name -n newreg --resource-group rg1 --dnl-scope Unsecure -o yaml"),
    line("check-name -n newreg --dnl-scope resourcegroupreuse"),
    line("check-name -n newreg --dnl-scope wrong"),
    line("check-name -n abc"),
    line("show-usage -n basicreg"),
    line("show-usage --name premreg --resource-group rg1 -o table"),
    line("show-usage -n nosuchreg"),
    line("show-endpoints -n basicreg").context_differs(NO_STORAGE),
    line("show-endpoints --name premreg --resource-group rg1").on(Scene::Endpoints),
    line("show-endpoints -n premreg -o table").on(Scene::Endpoints),
    line("credential show -n premreg"),
    line("credential show --name premreg --resource-group rg1 -o table"),
    line("credential show -n premreg --query passwords[0].value -o tsv"),
    line("credential show -n basicreg"),
    line("credential renew -n premreg --password-name password2"),
    line("credential renew --name premreg --resource-group rg1 --password-name PASSWORD -o table"),
    line("credential renew -n premreg --password-name password3"),
    line("credential renew -n basicreg --password-name password"),
    // encryption
    line("encryption show -n premreg"),
    line("encryption show --name premreg --resource-group rg1 -o table").on(Scene::CustomerKey),
    line("encryption show -n premreg").on(Scene::CustomerKey),
    line("encryption show -n nosuchreg"),
    line("encryption rotate-key -n premreg"),
    line("encryption rotate-key -n premreg --query encryption.keyVaultProperties.keyIdentifier")
        .on(Scene::CustomerKey),
    line(
        "encryption rotate-key --name premreg --resource-group rg1 --key-encryption-key https://vault.example.org/keys/next/1 --query encryption.keyVaultProperties.keyIdentifier",
    )
    .on(Scene::CustomerKey),
    line("encryption rotate-key -n premreg --identity id1 --query encryption.status")
        .on(Scene::CustomerKey),
    line("encryption rotate-key -n premreg --identity [system] --key-encryption-key https://vault.example.org/keys/next --query encryption.keyVaultProperties.identity")
        .on(Scene::CustomerKey),
    line("encryption rotate-key -n premreg --identity 00000000-0000-0000-0000-00000000abcd")
        .on(Scene::CustomerKey),
    line("encryption rotate-key -n premreg --key-encryption-key nonsense")
        .on(Scene::CustomerKey),
    // identity
    line("identity show -n premreg"),
    line("identity show --name premreg --resource-group rg1 --query type")
        .on(Scene::BothIdentities),
    line("identity assign -n premreg --identities [system] --query identity.type"),
    line(
        "identity assign --name premreg --resource-group rg1 --identities id1 --query identity.type",
    ),
    line("identity assign -n premreg --identities [system] {ID1} --query identity.type"),
    line("identity assign -n premreg --identities [system] --query identity.type")
        .on(Scene::UserIdentity),
    line("identity assign -n premreg"),
    line("identity remove -n premreg --identities [system] --query identity")
        .on(Scene::SystemIdentity),
    line("identity remove --name premreg --resource-group rg1 --identities ID1 --query identity")
        .on(Scene::UserIdentity),
    line("identity remove -n premreg --identities id1 [system] --query identity")
        .on(Scene::BothIdentities),
    line("identity remove -n premreg --identities id1 --query identity.type")
        .on(Scene::BothIdentities),
    line("identity remove -n premreg --identities [system]"),
    line("identity remove -n premreg --identities [system]").on(Scene::UserIdentity),
    line("identity remove -n premreg --identities nosuch").on(Scene::UserIdentity),
];
