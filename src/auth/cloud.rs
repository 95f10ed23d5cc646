//! An Azure cloud: where its services are and what its tokens are asked for.

use crate::scope::Scope;

/// The endpoints and suffixes of one cloud, under the names az gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    /// The name az knows it by.
    pub name: String,
    /// Where Azure Resource Manager answers.
    pub resource_manager: String,
    /// Where tokens are asked for.
    pub active_directory: String,
    /// The resource that Resource Manager's tokens are for.
    pub active_directory_resource_id: String,
    /// The resource that Microsoft Graph's tokens are for, and where it answers.
    pub microsoft_graph_resource_id: Option<String>,
    /// The end of every login server, with its leading dot.
    pub registry_suffix: Option<String>,
    /// The end of every storage host, without a leading dot; none where registries send their blobs themselves.
    pub storage_suffix: Option<String>,
    /// The end of every key vault host, with its leading dot.
    pub key_vault_suffix: Option<String>,
}

impl Cloud {
    /// The public cloud.
    pub const PUBLIC: &'static str = "AzureCloud";

    /// The clouds that need no registration.
    pub fn built_in() -> Vec<Self> {
        BUILT_IN.iter().map(Known::cloud).collect()
    }

    /// The public cloud.
    pub fn public() -> Self {
        BUILT_IN[0].cloud()
    }

    /// What a token for Resource Manager is asked for.
    pub fn management_scope(&self) -> Scope {
        Scope::parse(&self.active_directory_resource_id)
    }

    /// What an outside identity token has to be made out to, to be traded for a token of this cloud.
    pub fn federation_audience(&self) -> &'static str {
        match self.name.as_str() {
            "AzureChinaCloud" => "api://AzureADTokenExchangeChina",
            "AzureUSGovernment" => "api://AzureADTokenExchangeUSGov",
            _ => "api://AzureADTokenExchange",
        }
    }
}

struct Known {
    name: &'static str,
    resource_manager: &'static str,
    active_directory: &'static str,
    audience: &'static str,
    graph: &'static str,
    registry: &'static str,
    storage: &'static str,
    key_vault: &'static str,
}

impl Known {
    fn cloud(&self) -> Cloud {
        Cloud {
            name: self.name.to_owned(),
            resource_manager: self.resource_manager.to_owned(),
            active_directory: self.active_directory.to_owned(),
            active_directory_resource_id: self.audience.to_owned(),
            microsoft_graph_resource_id: Some(self.graph.to_owned()),
            registry_suffix: Some(self.registry.to_owned()),
            storage_suffix: Some(self.storage.to_owned()),
            key_vault_suffix: Some(self.key_vault.to_owned()),
        }
    }
}

const BUILT_IN: [Known; 4] = [
    Known {
        name: Cloud::PUBLIC,
        resource_manager: "https://management.azure.com/",
        active_directory: "https://login.microsoftonline.com",
        audience: "https://management.core.windows.net/",
        graph: "https://graph.microsoft.com/",
        registry: ".azurecr.io",
        storage: "core.windows.net",
        key_vault: ".vault.azure.net",
    },
    Known {
        name: "AzureChinaCloud",
        resource_manager: "https://management.chinacloudapi.cn",
        active_directory: "https://login.chinacloudapi.cn",
        audience: "https://management.core.chinacloudapi.cn/",
        graph: "https://microsoftgraph.chinacloudapi.cn",
        registry: ".azurecr.cn",
        storage: "core.chinacloudapi.cn",
        key_vault: ".vault.azure.cn",
    },
    Known {
        name: "AzureUSGovernment",
        resource_manager: "https://management.usgovcloudapi.net/",
        active_directory: "https://login.microsoftonline.us",
        audience: "https://management.core.usgovcloudapi.net/",
        graph: "https://graph.microsoft.us/",
        registry: ".azurecr.us",
        storage: "core.usgovcloudapi.net",
        key_vault: ".vault.usgovcloudapi.net",
    },
    Known {
        name: "AzureBleuCloud",
        resource_manager: "https://management.sovcloud-api.fr",
        active_directory: "https://login.sovcloud-identity.fr",
        audience: "https://management.sovcloud-api.fr/",
        graph: "https://graph.svc.sovcloud.fr",
        registry: ".azurecr.sovcloud-azure.fr",
        storage: "core.sovcloud-api.fr",
        key_vault: ".vault.sovcloud-api.fr",
    },
];
