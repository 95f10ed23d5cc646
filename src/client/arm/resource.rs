//! What lies around registries: the list of all resources, resource groups, identities, logs.

use super::connection::{Arm, segment};
use crate::error::Error;
use acr_api::arm::{RESOURCES_API_VERSION, SUBSCRIPTIONS_API_VERSION};
use acr_http::Method;
use serde_json::Value;

const IDENTITIES_API_VERSION: &str = "2024-11-30";
const DIAGNOSTICS_API_VERSION: &str = "2017-05-01-preview";

/// The resources of a subscription, whatever their type.
#[derive(Debug, Clone, Copy)]
pub struct Resources<'a> {
    arm: &'a Arm,
}

/// The resource groups of a subscription.
#[derive(Debug, Clone, Copy)]
pub struct ResourceGroups<'a> {
    arm: &'a Arm,
}

/// The subscriptions that the credential sees, and their regions.
#[derive(Debug, Clone, Copy)]
pub struct Subscriptions<'a> {
    arm: &'a Arm,
}

/// The managed identities that a person made.
#[derive(Debug, Clone, Copy)]
pub struct Identities<'a> {
    arm: &'a Arm,
}

impl Arm {
    /// The resources of the subscription.
    pub fn resources(&self) -> Resources<'_> {
        Resources { arm: self }
    }

    /// The resource groups of the subscription.
    pub fn resource_groups(&self) -> ResourceGroups<'_> {
        ResourceGroups { arm: self }
    }

    /// The subscriptions that the credential sees.
    pub fn subscriptions(&self) -> Subscriptions<'_> {
        Subscriptions { arm: self }
    }

    /// Managed identities.
    pub fn identities(&self) -> Identities<'_> {
        Identities { arm: self }
    }
}

impl Resources<'_> {
    /// All resources of one type.
    pub async fn of_type(&self, kind: &str) -> Result<Vec<Value>, Error> {
        let filter = segment(&format!("resourceType eq '{kind}'"));
        let path = format!(
            "/subscriptions/{}/resources?$filter={}",
            self.arm.subscription(),
            filter
        );
        self.arm.list(&path, RESOURCES_API_VERSION).await
    }

    /// Sends a resource's logs and metrics somewhere.
    pub async fn put_diagnostic_settings(
        &self,
        resource_id: &str,
        name: &str,
        body: &Value,
    ) -> Result<Value, Error> {
        let path = format!("{resource_id}/providers/microsoft.insights/diagnosticSettings/{name}");
        self.arm
            .run(Method::PUT, &path, DIAGNOSTICS_API_VERSION, Some(body))
            .await
    }
}

impl ResourceGroups<'_> {
    /// One resource group.
    pub async fn get(&self, name: &str) -> Result<Value, Error> {
        let path = format!(
            "/subscriptions/{}/resourcegroups/{}",
            self.arm.subscription(),
            segment(name)
        );
        self.arm.get(&path, RESOURCES_API_VERSION).await
    }
}

impl Subscriptions<'_> {
    /// All of them.
    pub async fn list(&self) -> Result<Vec<Value>, Error> {
        self.arm
            .list("/subscriptions", SUBSCRIPTIONS_API_VERSION)
            .await
    }

    /// The regions of the one that commands work in.
    pub async fn locations(&self) -> Result<Vec<Value>, Error> {
        let path = format!("/subscriptions/{}/locations", self.arm.subscription());
        self.arm.list(&path, SUBSCRIPTIONS_API_VERSION).await
    }

    /// Clears away what nothing needs, or only tells what that is, and gives the report. Only servers of our own
    /// can do that.
    pub async fn collect_garbage(&self, is_dry_run: bool) -> Result<Value, Error> {
        let path = format!(
            "/subscriptions/{}/providers/Microsoft.ContainerRegistry/garbageCollections?dryRun={is_dry_run}",
            self.arm.subscription()
        );
        let begun = self
            .arm
            .run(Method::POST, &path, SUBSCRIPTIONS_API_VERSION, None);
        begun.await
    }
}

impl Identities<'_> {
    /// The identity with this resource id.
    pub async fn get(&self, resource_id: &str) -> Result<Value, Error> {
        self.arm.get(resource_id, IDENTITIES_API_VERSION).await
    }
}
