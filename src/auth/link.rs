//! The links of the chain, by name.

use std::fmt;

/// Where a token can come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// A service principal that the caller named itself.
    Explicit,
    /// A service principal named by `AZURE_CLIENT_ID` and its fellows.
    Variables,
    /// The identity token of a GitHub Actions job.
    GithubActions,
    /// The identity token of an Azure DevOps job.
    AzureDevops,
    /// The managed identity of an App Service, a function or a container app.
    AppService,
    /// The managed identity of a machine joined with Azure Arc.
    AzureArc,
    /// The older identity endpoint named by `MSI_ENDPOINT`.
    MsiEndpoint,
    /// The login that az left behind.
    AzProfile,
    /// The device code login of this program.
    DeviceLogin,
    /// The managed identity of a virtual machine.
    VirtualMachine,
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Explicit => "the service principal of this context",
            Self::Variables => "the service principal in AZURE_CLIENT_ID",
            Self::GithubActions => "the GitHub Actions identity",
            Self::AzureDevops => "the Azure DevOps identity",
            Self::AppService => "the App Service managed identity",
            Self::AzureArc => "the Azure Arc managed identity",
            Self::MsiEndpoint => "the managed identity at MSI_ENDPOINT",
            Self::AzProfile => "the login of the Azure CLI",
            Self::DeviceLogin => "the device code login",
            Self::VirtualMachine => "the virtual machine's managed identity",
        })
    }
}
