//! The registry that a request is about: found by host name, kept for a moment.

use std::sync::Arc;

use acr_api::arm::{self, RegistryProperties, ResourceId};
use aws_lc_rs::digest;
use serde::Deserialize;

use super::network::Network;
use crate::{
    app::App,
    domain::{Error, ErrorKind, registry::Registries, resource},
};

const NAMES: &str = "login-server";
/// The longest label that a registry can have.
const LONGEST_LABEL: usize = 100;

/// A registry as its own hosts see it.
#[derive(Debug)]
pub struct Registry {
    /// The ARM id.
    pub id: ResourceId,
    /// The resource as the control plane shows it.
    pub resource: arm::Registry,
    /// The first label of its host names.
    pub label: String,
    /// Its login server, with the port if there is one.
    pub login_server: String,
    /// The id that stays its own even when another registry takes its name later.
    pub registry_id: String,
    pub(super) network: Network,
}

#[derive(Deserialize)]
struct Owner {
    id: String,
}

/// The registry behind a host, with or without a port: its login server, or the host of one of its
/// regions or of its data.
pub async fn find(app: &App, host: &str) -> Result<Option<Arc<Registry>>, Error> {
    match label(&app.settings().domain, host) {
        Some(label) => by_label(app, &label).await,
        None => Ok(None),
    }
}

/// The registry whose hosts begin with a label. What is found is kept for a moment.
pub async fn by_label(app: &App, label: &str) -> Result<Option<Arc<Registry>>, Error> {
    let label = label.to_ascii_lowercase();
    if label.len() > LONGEST_LABEL {
        return Ok(None);
    }
    let now = app.now();
    if let Some(kept) = app.access_memory().registries.get(&label, now) {
        return Ok(Some(kept));
    }
    let epoch = app.access_memory().epoch();
    let Some(document) = app.meta().get(NAMES, &label).await? else {
        return Ok(None);
    };
    let owner: Owner = document.parse()?;
    let id: ResourceId = owner.id.parse().map_err(Error::internal)?;
    let resource = match resource::get::<Registries>(app, &id).await {
        Ok(found) => found.body,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let registry = Arc::new(Registry::new(id, label.clone(), resource));
    let memory = app.access_memory();
    memory
        .registries
        .keep(label, Arc::clone(&registry), epoch, now);
    Ok(Some(registry))
}

impl Registry {
    fn new(id: ResourceId, label: String, resource: arm::Registry) -> Self {
        let properties = resource.properties.clone().unwrap_or_default();
        let spelled = resource.id.as_deref().and_then(|id| id.parse().ok());
        let created = properties.creation_date.as_deref().unwrap_or_default();
        let digest = digest::digest(
            &digest::SHA256,
            format!("{} {created}", id.key()).as_bytes(),
        );
        let registry_id = digest.as_ref()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            network: Network::of(&properties),
            login_server: properties.login_server.unwrap_or_default(),
            id: spelled.unwrap_or(id),
            label,
            registry_id,
            resource,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.id.name()
    }

    pub(super) fn has_admin_user(&self) -> bool {
        self.says(|properties| properties.admin_user_enabled == Some(true))
    }

    pub(super) fn has_anonymous_pull(&self) -> bool {
        self.says(|properties| properties.anonymous_pull_enabled == Some(true))
    }

    /// Whether rights come from data actions and their conditions.
    pub(super) fn has_repository_roles(&self) -> bool {
        self.says(|properties| {
            properties.role_assignment_mode.as_deref() == Some("AbacRepositoryPermissions")
        })
    }

    /// Whether tokens for the management endpoint can be exchanged.
    pub(super) fn takes_management_tokens(&self) -> bool {
        self.says(|properties| {
            let policies = properties.policies.as_ref();
            let policy = policies
                .and_then(|policies| policies.azure_ad_authentication_as_arm_policy.as_ref());
            policy.and_then(|policy| policy.status.as_deref()) != Some("disabled")
        })
    }

    fn says(&self, question: impl Fn(&RegistryProperties) -> bool) -> bool {
        self.resource.properties.as_ref().is_some_and(question)
    }
}

/// The label of a host: `label.domain`, `label.region.data.domain` or `label.region.geo.domain`.
/// Ports do not count, so that a forwarded port reaches the same registry.
fn label(domain: &str, host: &str) -> Option<String> {
    let host = without_port(host)
        .trim_end_matches('.')
        .to_ascii_lowercase();
    let domain = without_port(domain).to_ascii_lowercase();
    let own = host.strip_suffix(&domain)?.strip_suffix('.')?;
    let mut words = own.split('.');
    let label = words.next()?;
    let is_known = match (words.next(), words.next(), words.next()) {
        (None, ..) => true,
        (Some(region), Some("data" | "geo"), None) => !region.is_empty(),
        _ => false,
    };
    (is_known && !label.is_empty()).then(|| label.to_owned())
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn hosts_of_a_registry_begin_with_its_label() {
        for (host, expected) in [
            ("foo.localhost:5480", Some("foo")),
            ("FOO.localhost", Some("foo")),
            ("foo.localhost.:443", Some("foo")),
            ("foo.eastus.data.localhost:5480", Some("foo")),
            ("foo.eastus.geo.localhost:5480", Some("foo")),
            ("foo.eastus.other.localhost:5480", None),
            ("a.foo.localhost", None),
            ("localhost:5480", None),
            (".localhost", None),
            ("foolocalhost", None),
            ("foo.example.com", None),
            ("", None),
        ] {
            assert_eq!(label("localhost:5480", host).as_deref(), expected, "{host}");
        }
    }
}
