//! Who logged in with az: a person, an application, or an identity that Azure manages.

use crate::authority::Authority;
use crate::az::{Config, ServicePrincipals, Subscription};
use crate::context::Context;
use crate::credential::client::Client;
use crate::credential::managed_identity::{Endpoint, ManagedIdentity};
use crate::credential::msi_endpoint::MsiEndpoint;
use crate::credential::selector::Selector;
use crate::credential::virtual_machine::VirtualMachine;
use crate::error::Error;
use crate::link::Link;

const LINK: Link = Link::AzProfile;

/// The identity behind a subscription of az's profile.
#[derive(Debug)]
pub(super) enum Holder {
    /// A person; the name finds the account in the token cache.
    User {
        authority: Authority,
        name: String,
    },
    Application(Client),
    Managed(ManagedIdentity),
}

impl Holder {
    /// Finds out from the profile who logged in, and with what.
    pub(super) fn of(
        context: &Context,
        subscription: &Subscription,
        config: &Config,
    ) -> Result<Holder, Error> {
        let user = &subscription.user;
        let managed = |endpoint, selector| Holder::Managed(ManagedIdentity { endpoint, selector });
        if user.is_cloud_shell && context.environment.var("ACC_CLOUD").is_some() {
            let endpoint = Endpoint::Msi(MsiEndpoint::cloud_shell(context)?);
            return Ok(managed(endpoint, Selector::System));
        }
        if matches!(
            user.name.as_str(),
            "systemAssignedIdentity" | "userAssignedIdentity"
        ) {
            let endpoint = match Endpoint::detect(context)? {
                Some(endpoint) => endpoint,
                None => Endpoint::VirtualMachine(VirtualMachine::new(context)?),
            };
            let selector = selector(user.assigned_identity_info.as_deref().unwrap_or("MSI"))?;
            return Ok(managed(endpoint, selector));
        }
        let authority = Authority::new(
            LINK,
            &context.cloud.active_directory,
            &subscription.tenant_id,
        )?;
        match user.kind.as_str() {
            "user" => Ok(Holder::User {
                authority,
                name: user.name.clone(),
            }),
            "servicePrincipal" => {
                let known = ServicePrincipals::load(&context.environment, config)?;
                Ok(Holder::Application(Client {
                    link: LINK,
                    proof: known.proof(&user.name, &subscription.tenant_id)?,
                    authority,
                    client_id: user.name.clone(),
                }))
            }
            other => Err(Error::setup(
                LINK,
                format!("its profile holds an unknown kind of login, {other:?}"),
            )),
        }
    }
}

/// Reads az's note on which managed identity logged in, such as `MSIClient-<id>`.
pub(super) fn selector(info: &str) -> Result<Selector, Error> {
    match info.split_once('-') {
        None if info == "MSI" => Ok(Selector::System),
        Some(("MSIClient", id)) => Ok(Selector::ClientId(id.to_owned())),
        Some(("MSIObject", id)) => Ok(Selector::ObjectId(id.to_owned())),
        Some(("MSIResource", id)) => Ok(Selector::ResourceId(id.to_owned())),
        _ => Err(Error::setup(
            LINK,
            format!("its profile names an unknown managed identity, {info:?}"),
        )),
    }
}
