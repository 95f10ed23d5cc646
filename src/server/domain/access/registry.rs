//! The registry that a request is about: found by host name, kept for a moment.

use std::sync::Arc;

use acr_api::arm::{self, RegistryProperties, ResourceId, SoftDeletePolicy};
use acr_store::Scan;
use serde::Deserialize;

use super::network::Network;
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        registry::{Registries, registry_id},
        resource,
    },
};

const NAMES: &str = "login-server";
/// Labels that are read at a time.
const PAGE: u32 = 1000;
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
    let Some(registry) = Box::pin(load(app, &label)).await? else {
        return Ok(None);
    };
    let registry = Arc::new(registry);
    let memory = app.access_memory();
    memory
        .registries
        .keep(label, Arc::clone(&registry), epoch, now);
    Ok(Some(registry))
}

async fn load(app: &App, label: &str) -> Result<Option<Registry>, Error> {
    let Some(document) = app.meta().get(NAMES, label).await? else {
        return Ok(None);
    };
    let owner: Owner = document.parse()?;
    let id: ResourceId = owner.id.parse().map_err(Error::internal)?;
    let resource = match resource::get::<Registries>(app, &id).await {
        Ok(found) => found.body,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(Registry::new(id, label.to_owned(), resource)))
}

/// The labels of all registries, in order.
pub async fn labels(app: &App) -> Result<Vec<String>, Error> {
    let mut labels: Vec<String> = Vec::new();
    loop {
        let scan = Scan {
            collection: NAMES,
            prefix: "",
            after: labels.last().map(String::as_str),
            limit: PAGE,
        };
        let documents = app.meta().scan(scan).await?;
        let is_last = documents.len() < PAGE as usize;
        labels.extend(documents.into_iter().map(|document| document.key));
        if is_last {
            return Ok(labels);
        }
    }
}

impl Registry {
    fn new(id: ResourceId, label: String, resource: arm::Registry) -> Self {
        let properties = resource.properties.clone().unwrap_or_default();
        let spelled = resource.id.as_deref().and_then(|id| id.parse().ok());
        Self {
            network: Network::of(&properties),
            registry_id: registry_id(&id, &properties),
            login_server: properties.login_server.unwrap_or_default(),
            id: spelled.unwrap_or(id),
            label,
            resource,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.id.name()
    }

    /// Whether what is deleted can be brought back for a while.
    pub fn keeps_deleted(&self) -> bool {
        self.says(|properties| {
            is_on(soft_delete(properties).and_then(|policy| policy.status.as_deref()))
        })
    }

    /// For how many days what is deleted is kept.
    pub fn keeps_deleted_days(&self) -> Option<i64> {
        let properties = self.resource.properties.as_ref()?;
        soft_delete(properties)?.retention_days
    }

    /// For how many days manifests without a tag are kept, if not for ever.
    pub fn untagged_days(&self) -> Option<i64> {
        let policies = self.resource.properties.as_ref()?.policies.as_ref()?;
        let policy = policies.retention_policy.as_ref()?;
        policy.days.filter(|_| is_on(policy.status.as_deref()))
    }

    /// Whether images are pulled only after somebody has let them pass.
    pub fn has_quarantine(&self) -> bool {
        self.says(|properties| {
            let policies = properties.policies.as_ref();
            let policy = policies.and_then(|policies| policies.quarantine_policy.as_ref());
            is_on(policy.and_then(|policy| policy.status.as_deref()))
        })
    }

    /// Whether services of the cloud, such as an import, pass the network rules.
    pub(crate) fn admits_services(&self) -> bool {
        let is_barred = |properties: &RegistryProperties| {
            properties.network_rule_bypass_options.as_deref() == Some("None")
        };
        !(self.network.is_closed() && self.says(is_barred))
    }

    /// Whether content may leave for other registries by import.
    pub(crate) fn allows_export(&self) -> bool {
        !self.says(|properties| {
            let policies = properties.policies.as_ref();
            let policy = policies.and_then(|policies| policies.export_policy.as_ref());
            policy.and_then(|policy| policy.status.as_deref()) == Some("disabled")
        })
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

fn soft_delete(properties: &RegistryProperties) -> Option<&SoftDeletePolicy> {
    properties.policies.as_ref()?.soft_delete_policy.as_ref()
}

fn is_on(status: Option<&str>) -> bool {
    status == Some("enabled")
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
