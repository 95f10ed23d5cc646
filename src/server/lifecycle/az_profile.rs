//! A profile folder for `az`, as a login as the administrator would leave it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{
    admin::Admin,
    data_dir::{self, DataDir, OWNER_ONLY},
};
use crate::Error;

/// What `az cloud list` calls the server.
const CLOUD: &str = "local";

/// Writes what is missing or no longer true, and says where the folder is; what the user set there stays.
pub(super) fn write(data_dir: &DataDir, admin: &Admin) -> Result<PathBuf, Error> {
    let folder = data_dir.az_dir();
    data_dir::create_private(&folder)?;
    let put = |name: &str, needed: &[&str], text: String| {
        keep_or_write(&folder.join(name), needed, &text)
    };
    put("config", &[], config())?;
    let manager = format!("endpoint_resource_manager = {}\n", admin.endpoint);
    put("clouds.config", &[&manager], clouds(admin))?;
    put(
        "azureProfile.json",
        &[&admin.subscription_id, &admin.tenant_id, &admin.client_id],
        format!("{:#}", profile(admin)),
    )?;
    put(
        "service_principal_entries.json",
        &[&admin.tenant_id, &admin.client_id, &admin.client_secret],
        format!("{:#}", credentials(admin)),
    )?;
    Ok(folder)
}

fn keep_or_write(path: &Path, needed: &[&str], text: &str) -> Result<(), Error> {
    let present = data_dir::read_if_present(path)?;
    if present.is_some_and(|present| needed.iter().all(|part| present.contains(part))) {
        return Ok(());
    }
    data_dir::write_whole(path, text.as_bytes(), OWNER_ONLY)
}

/// Without `instance_discovery = false` az asks Microsoft's login service about ours.
fn config() -> String {
    format!(
        "[cloud]\nname = {CLOUD}\n\n\
         [core]\ninstance_discovery = false\ncollect_telemetry = no\nencrypt_token_cache = false\n"
    )
}

fn clouds(admin: &Admin) -> String {
    let endpoint = &admin.endpoint;
    let names = [
        "active_directory",
        "active_directory_graph_resource_id",
        "active_directory_resource_id",
        "management",
        "microsoft_graph_resource_id",
        "portal",
        "resource_manager",
    ];
    let mut text = format!("[{CLOUD}]\nprofile = latest\n");
    for name in names {
        text.push_str(&format!("endpoint_{name} = {endpoint}\n"));
    }
    let authority = endpoint.trim_start_matches("https://");
    let suffix = &admin.login_server_suffix;
    text.push_str(&format!("suffix_acr_login_server_endpoint = {suffix}\n"));
    for name in ["keyvault_dns", "sql_server_hostname", "storage_endpoint"] {
        // az puts the storage suffix behind a dot of its own.
        let dot = if name == "storage_endpoint" { "" } else { "." };
        text.push_str(&format!("suffix_{name} = {dot}{authority}\n"));
    }
    text
}

fn profile(admin: &Admin) -> Value {
    json!({
        "installationId": uuid::Uuid::new_v4().to_string(),
        "subscriptions": [{
            "id": admin.subscription_id,
            "name": CLOUD,
            "state": "Enabled",
            "user": {"name": admin.client_id, "type": "servicePrincipal"},
            "isDefault": true,
            "tenantId": admin.tenant_id,
            "environmentName": CLOUD,
            "homeTenantId": admin.tenant_id,
            "managedByTenants": []
        }]
    })
}

fn credentials(admin: &Admin) -> Value {
    json!([{
        "tenant": admin.tenant_id,
        "client_id": admin.client_id,
        "client_secret": admin.client_secret
    }])
}
