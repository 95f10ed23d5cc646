//! The resources inside a registry, which all answer to the same verbs.

use super::connection::{Arm, segment};
use crate::error::Error;
use acr_api::arm::REGISTRY_API_VERSION as VERSION;
use acr_http::Method;
use serde_json::Value;

/// The resources of one kind inside one registry, such as `tokens`.
#[derive(Debug, Clone)]
pub struct RegistryChildren<'a> {
    arm: &'a Arm,
    path: String,
}

impl Arm {
    /// The resources of a kind inside a registry; the kind is the word of the path, such as `scopeMaps`.
    pub fn registry_children(
        &self,
        group: &str,
        registry: &str,
        kind: &str,
    ) -> RegistryChildren<'_> {
        let path = format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerRegistry/registries/{}/{kind}",
            self.subscription(),
            segment(group),
            segment(registry)
        );
        RegistryChildren { arm: self, path }
    }
}

impl RegistryChildren<'_> {
    fn one(&self, name: &str) -> String {
        format!("{}/{}", self.path, segment(name))
    }

    /// All of them.
    pub async fn list(&self) -> Result<Vec<Value>, Error> {
        self.arm.list(&self.path, VERSION).await
    }

    /// One of them.
    pub async fn get(&self, name: &str) -> Result<Value, Error> {
        self.arm.get(&self.one(name), VERSION).await
    }

    /// Creates or replaces one and waits until it stands.
    pub async fn put(&self, name: &str, body: &Value) -> Result<Value, Error> {
        let path = self.one(name);
        self.arm.run(Method::PUT, &path, VERSION, Some(body)).await
    }

    /// Changes members of one and waits until they hold.
    pub async fn patch(&self, name: &str, body: &Value) -> Result<Value, Error> {
        let path = self.one(name);
        self.arm
            .run(Method::PATCH, &path, VERSION, Some(body))
            .await
    }

    /// Deletes one and waits until it is gone.
    pub async fn delete(&self, name: &str) -> Result<(), Error> {
        let path = self.one(name);
        self.arm.run(Method::DELETE, &path, VERSION, None).await?;
        Ok(())
    }
}
