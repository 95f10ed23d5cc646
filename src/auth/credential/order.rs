//! The order of the chain: the first link that applies wins, even if it then fails.

use super::az_login::AzLogin;
use super::device_login::DeviceLogin;
use super::kind::Credential;
use super::managed_identity::{Endpoint, ManagedIdentity};
use super::selector::Selector;
use super::virtual_machine::VirtualMachine;
use super::{azure_devops, github_actions, service_principal};
use crate::cache::Vault;
use crate::context::Context;
use crate::error::Error;

/// Finds the credential of this machine.
pub(crate) async fn resolve(context: &Context, vault: &Vault) -> Result<Credential, Error> {
    if let Some(client) = service_principal::detect(context)? {
        return Ok(Credential::Client(client));
    }
    if let Some(client) = github_actions::detect(context)? {
        return Ok(Credential::Client(client));
    }
    if let Some(client) = azure_devops::detect(context)? {
        return Ok(Credential::Client(client));
    }
    if let Some(endpoint) = Endpoint::detect(context)? {
        return Ok(managed(context, endpoint));
    }
    if let Some(login) = AzLogin::detect(context)? {
        return Ok(Credential::AzLogin(Box::new(login)));
    }
    if let Some(login) = DeviceLogin::detect(context, vault)? {
        return Ok(Credential::DeviceLogin(login));
    }
    if let Some(machine) = VirtualMachine::detect(context).await? {
        return Ok(managed(context, Endpoint::VirtualMachine(machine)));
    }
    Err(Error::NoCredential {
        notes: notes(context),
    })
}

fn managed(context: &Context, endpoint: Endpoint) -> Credential {
    Credential::Managed(ManagedIdentity {
        endpoint,
        selector: Selector::from_variables(context),
    })
}

/// What is half set up, so that a person sees why it did not count.
fn notes(context: &Context) -> Vec<String> {
    let has = |name: &str| context.environment.var(name).is_some();
    let mut notes = Vec::new();
    match (has("AZURE_CLIENT_ID"), has("AZURE_TENANT_ID")) {
        (true, false) => notes.push("AZURE_CLIENT_ID is set but AZURE_TENANT_ID is not".to_owned()),
        (true, true) => notes.push(
            "AZURE_CLIENT_ID and AZURE_TENANT_ID are set but there is no AZURE_CLIENT_SECRET, \
             AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE"
                .to_owned(),
        ),
        (false, _) => {}
    }
    if has("GITHUB_ACTIONS") && !has("ACTIONS_ID_TOKEN_REQUEST_URL") {
        notes.push("the job has no `permissions: id-token: write`".to_owned());
    }
    if has("SYSTEM_OIDCREQUESTURI") && !has("SYSTEM_ACCESSTOKEN") {
        notes.push("the step does not map SYSTEM_ACCESSTOKEN to $(System.AccessToken)".to_owned());
    }
    notes.push(format!("az is not logged in to {}", context.cloud.name));
    notes
}
