//! Registries, as `Microsoft.ContainerRegistry/registries` offers them.

use super::connection::{Arm, segment};
use crate::error::Error;
use acr_api::arm::REGISTRY_API_VERSION as VERSION;
use acr_http::Method;
use serde_json::{Value, json};

/// The registries of a subscription.
#[derive(Debug, Clone, Copy)]
pub struct Registries<'a> {
    arm: &'a Arm,
}

impl Arm {
    /// The registries of the subscription.
    pub fn registries(&self) -> Registries<'_> {
        Registries { arm: self }
    }
}

impl Registries<'_> {
    fn provider(&self) -> String {
        format!(
            "/subscriptions/{}/providers/Microsoft.ContainerRegistry",
            self.arm.subscription()
        )
    }

    fn path(&self, group: &str, name: &str) -> String {
        format!("{}/registries/{}", self.in_group(group), segment(name))
    }

    fn in_group(&self, group: &str) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerRegistry",
            self.arm.subscription(),
            segment(group)
        )
    }

    /// All registries of the subscription, or of one resource group.
    pub async fn list(&self, group: Option<&str>) -> Result<Vec<Value>, Error> {
        let parent = match group {
            Some(group) => self.in_group(group),
            None => self.provider(),
        };
        self.arm
            .list(&format!("{parent}/registries"), VERSION)
            .await
    }

    /// One registry.
    pub async fn get(&self, group: &str, name: &str) -> Result<Value, Error> {
        self.arm.get(&self.path(group, name), VERSION).await
    }

    /// Creates or replaces a registry and waits until it stands.
    pub async fn put(&self, group: &str, name: &str, body: &Value) -> Result<Value, Error> {
        let path = self.path(group, name);
        self.arm.run(Method::PUT, &path, VERSION, Some(body)).await
    }

    /// Changes members of a registry and waits until they hold.
    pub async fn patch(&self, group: &str, name: &str, body: &Value) -> Result<Value, Error> {
        let path = self.path(group, name);
        self.arm
            .run(Method::PATCH, &path, VERSION, Some(body))
            .await
    }

    /// Deletes a registry and waits until it is gone.
    pub async fn delete(&self, group: &str, name: &str) -> Result<(), Error> {
        let path = self.path(group, name);
        self.arm.run(Method::DELETE, &path, VERSION, None).await?;
        Ok(())
    }

    /// Whether a name is free.
    pub async fn check_name(&self, request: &Value) -> Result<Value, Error> {
        let path = format!("{}/checkNameAvailability", self.provider());
        self.arm.post(&path, VERSION, Some(request)).await
    }

    /// How much of its limits a registry uses.
    pub async fn usages(&self, group: &str, name: &str) -> Result<Value, Error> {
        let path = format!("{}/listUsages", self.path(group, name));
        self.arm.get(&path, VERSION).await
    }

    /// The administrator's name and passwords.
    pub async fn credentials(&self, group: &str, name: &str) -> Result<Value, Error> {
        let path = format!("{}/listCredentials", self.path(group, name));
        self.arm.post(&path, VERSION, None).await
    }

    /// Replaces one of the administrator's passwords.
    pub async fn regenerate_credential(
        &self,
        group: &str,
        name: &str,
        password: &str,
    ) -> Result<Value, Error> {
        let path = format!("{}/regenerateCredential", self.path(group, name));
        let body = json!({ "name": password });
        self.arm.post(&path, VERSION, Some(&body)).await
    }

    /// Has a registry fetch an image for itself and waits until it has it.
    pub async fn import_image(&self, group: &str, name: &str, body: &Value) -> Result<(), Error> {
        let path = format!("{}/importImage", self.path(group, name));
        self.arm
            .run(Method::POST, &path, VERSION, Some(body))
            .await?;
        Ok(())
    }

    /// Has a registry fetch an image for itself, and does not wait.
    pub async fn begin_import(&self, group: &str, name: &str, body: &Value) -> Result<(), Error> {
        let path = format!("{}/importImage", self.path(group, name));
        self.arm.post(&path, VERSION, Some(body)).await?;
        Ok(())
    }

    /// Makes passwords for a token and waits until they hold; they are shown only here.
    pub async fn generate_credentials(
        &self,
        group: &str,
        name: &str,
        request: &Value,
    ) -> Result<Value, Error> {
        let path = format!("{}/generateCredentials", self.path(group, name));
        self.arm
            .run(Method::POST, &path, VERSION, Some(request))
            .await
    }
}
