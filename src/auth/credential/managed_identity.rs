//! Identities that Azure manages: which endpoint hands out their tokens here, and which identity is meant.

use super::app_service::AppService;
use super::azure_arc::AzureArc;
use super::msi_endpoint::MsiEndpoint;
use super::selector::Selector;
use super::virtual_machine::VirtualMachine;
use crate::answer::TokenAnswer;
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use crate::scope::Scope;
use url::Url;

/// An identity at an endpoint.
#[derive(Debug)]
pub(crate) struct ManagedIdentity {
    pub(crate) endpoint: Endpoint,
    pub(crate) selector: Selector,
}

/// The endpoints, by the place they are found in.
#[derive(Debug)]
pub(crate) enum Endpoint {
    AppService(AppService),
    AzureArc(AzureArc),
    Msi(MsiEndpoint),
    VirtualMachine(VirtualMachine),
}

impl Endpoint {
    /// The endpoint that the variables name, if they name one.
    pub(crate) fn detect(context: &Context) -> Result<Option<Self>, Error> {
        if let Some(found) = AppService::detect(context)? {
            return Ok(Some(Self::AppService(found)));
        }
        if let Some(found) = AzureArc::detect(context)? {
            return Ok(Some(Self::AzureArc(found)));
        }
        Ok(MsiEndpoint::detect(context)?.map(Self::Msi))
    }

    fn url(&self) -> &Url {
        match self {
            Self::AppService(endpoint) => &endpoint.url,
            Self::AzureArc(endpoint) => &endpoint.url,
            Self::Msi(endpoint) => &endpoint.url,
            Self::VirtualMachine(endpoint) => &endpoint.url,
        }
    }
}

impl ManagedIdentity {
    pub(crate) fn link(&self) -> Link {
        match self.endpoint {
            Endpoint::AppService(_) => Link::AppService,
            Endpoint::AzureArc(_) => Link::AzureArc,
            Endpoint::Msi(_) => Link::MsiEndpoint,
            Endpoint::VirtualMachine(_) => Link::VirtualMachine,
        }
    }

    /// Asks for a new token.
    pub(crate) async fn grant(
        &self,
        context: &Context,
        scope: &Scope,
    ) -> Result<TokenAnswer, Error> {
        let (resource, selector) = (scope.resource(), &self.selector);
        match &self.endpoint {
            Endpoint::AppService(endpoint) => endpoint.grant(context, resource, selector).await,
            Endpoint::AzureArc(endpoint) => endpoint.grant(context, resource, selector).await,
            Endpoint::Msi(endpoint) => endpoint.grant(context, resource, selector).await,
            Endpoint::VirtualMachine(endpoint) => endpoint.grant(context, resource, selector).await,
        }
    }

    /// What tells this identity from others, for the key of a stored token.
    pub(crate) fn key(&self) -> String {
        format!("{} {:?}", self.endpoint.url(), self.selector)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Home;

    fn link(home: &Home, variables: &[(&str, &str)]) -> Result<Option<Link>, Error> {
        let context = home.context("https://login.example", variables);
        let link = |endpoint| {
            let selector = Selector::System;
            ManagedIdentity { endpoint, selector }.link()
        };
        Ok(Endpoint::detect(&context)?.map(link))
    }

    #[test]
    fn the_variables_tell_the_endpoints_apart() {
        let home = Home::new();
        let url = ("IDENTITY_ENDPOINT", "http://localhost:40342/token");
        let (header, imds) = (
            ("IDENTITY_HEADER", "h"),
            ("IMDS_ENDPOINT", "http://localhost"),
        );
        assert_eq!(link(&home, &[url]).unwrap(), None);
        assert_eq!(link(&home, &[url, imds]).unwrap(), Some(Link::AzureArc));
        assert_eq!(link(&home, &[url, header]).unwrap(), Some(Link::AppService));
        assert_eq!(
            link(&home, &[url, header, imds]).unwrap(),
            Some(Link::AppService)
        );
        let fabric = link(&home, &[url, header, ("IDENTITY_SERVER_THUMBPRINT", "0")]);
        assert!(fabric.unwrap_err().to_string().contains("Service Fabric"));
        assert!(link(&home, &[("MSI_ENDPOINT", "no address")]).is_err());
    }

    #[test]
    fn in_cloud_shell_the_profile_of_az_goes_first() {
        let home = Home::new();
        let shell = [
            ("MSI_ENDPOINT", "http://localhost:50342/oauth2/token"),
            ("ACC_CLOUD", "PROD"),
        ];
        assert_eq!(link(&home, &shell).unwrap(), Some(Link::MsiEndpoint));
        home.write_azure("azureProfile.json", "{}");
        assert_eq!(link(&home, &shell).unwrap(), None);
        assert_eq!(link(&home, &shell[..1]).unwrap(), Some(Link::MsiEndpoint));
    }
}
