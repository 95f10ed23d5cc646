//! The clouds az knows: the built-in ones, changed and added to by `clouds.config`.

use super::config::{Config, load_ini};
use super::ini::Ini;
use crate::cloud::Cloud;
use crate::environment::Environment;
use crate::error::Error;

/// All clouds, the built-in ones first.
pub fn clouds(environment: &Environment) -> Result<Vec<Cloud>, Error> {
    let ini = load_ini(&environment.azure_folder().join("clouds.config"))?;
    let mut clouds = Cloud::built_in();
    for section in ini.sections() {
        if let Some(cloud) = clouds.iter_mut().find(|cloud| cloud.name == section) {
            *cloud = read(&ini, section, Some(cloud))?;
        } else if ini
            .options(section)
            .any(|option| option.starts_with("endpoint_"))
        {
            clouds.push(read(&ini, section, None)?);
        }
    }
    Ok(clouds)
}

/// The cloud that `az cloud set` chose; the public one if none was chosen.
pub fn active_cloud(environment: &Environment, config: &Config) -> Result<Cloud, Error> {
    let name = config.get("cloud", "name")?;
    let name = name.as_deref().unwrap_or(Cloud::PUBLIC);
    let mut clouds = clouds(environment)?;
    match clouds.iter().position(|cloud| cloud.name == name) {
        Some(index) => Ok(clouds.swap_remove(index)),
        None => Err(Error::settings(format!(
            "the cloud {name:?} is not registered; run `az cloud register` or `az cloud set -n {}`",
            Cloud::PUBLIC
        ))),
    }
}

fn read(ini: &Ini, section: &str, base: Option<&Cloud>) -> Result<Cloud, Error> {
    let wrong = |message: String| Error::settings(format!("clouds.config [{section}]: {message}"));
    let option = |name: &str, base: Option<&String>| match ini.get(section, name) {
        Ok(found) => Ok(found
            .filter(|value| !value.is_empty())
            .or_else(|| base.cloned())),
        Err(error) => Err(wrong(error.to_string())),
    };
    let required = |name: &str, base: Option<&String>| {
        option(name, base)?.ok_or_else(|| wrong(format!("{name} is not set")))
    };
    Ok(Cloud {
        name: section.to_owned(),
        resource_manager: required(
            "endpoint_resource_manager",
            base.map(|c| &c.resource_manager),
        )?,
        active_directory: required(
            "endpoint_active_directory",
            base.map(|c| &c.active_directory),
        )?,
        active_directory_resource_id: required(
            "endpoint_active_directory_resource_id",
            base.map(|c| &c.active_directory_resource_id),
        )?,
        microsoft_graph_resource_id: option(
            "endpoint_microsoft_graph_resource_id",
            base.and_then(|c| c.microsoft_graph_resource_id.as_ref()),
        )?,
        registry_suffix: option(
            "suffix_acr_login_server_endpoint",
            base.and_then(|c| c.registry_suffix.as_ref()),
        )?,
        storage_suffix: option(
            "suffix_storage_endpoint",
            base.and_then(|c| c.storage_suffix.as_ref()),
        )?,
        key_vault_suffix: option(
            "suffix_keyvault_dns",
            base.and_then(|c| c.key_vault_suffix.as_ref()),
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Home;

    const LOCAL: &str = "[local]\nprofile = latest\nendpoint_management = https://localhost:5480\n\
        endpoint_resource_manager = https://localhost:5480\nendpoint_active_directory = https://localhost:5480/\n\
        endpoint_active_directory_resource_id = https://localhost:5480\nsuffix_acr_login_server_endpoint = .localhost:5480\n\n\
        [AzureCloud]\nsubscription = 0000\n\n[Gone]\nsubscription = 1\n";

    #[test]
    fn a_registered_cloud_can_be_the_active_one() {
        let home = Home::new();
        home.write_azure("clouds.config", LOCAL);
        home.write_azure("config", "[cloud]\nname = local\n");
        let environment = home.environment(&[]);
        let config = Config::load(&environment).unwrap();
        let cloud = active_cloud(&environment, &config).unwrap();
        assert_eq!(cloud.registry_suffix.as_deref(), Some(".localhost:5480"));
        assert_eq!(
            cloud.management_scope().as_str(),
            "https://localhost:5480/.default"
        );
        assert_eq!(clouds(&environment).unwrap().len(), 5);
        assert!(clouds(&environment).unwrap().contains(&Cloud::public()));
    }

    #[test]
    fn the_public_cloud_is_the_default_and_an_unknown_one_an_error() {
        let home = Home::new();
        let environment = home.environment(&[]);
        let config = Config::load(&environment).unwrap();
        assert_eq!(
            active_cloud(&environment, &config).unwrap(),
            Cloud::public()
        );
        let named = home.environment(&[("AZURE_CLOUD_NAME", "Nowhere")]);
        let config = Config::load(&named).unwrap();
        let error = active_cloud(&named, &config).unwrap_err().to_string();
        assert!(error.contains("az cloud register"), "{error}");
    }

    #[test]
    fn a_cloud_without_its_endpoints_is_named() {
        let home = Home::new();
        home.write_azure("clouds.config", "[half]\nendpoint_gallery = https://g\n");
        let error = clouds(&home.environment(&[])).unwrap_err().to_string();
        assert!(
            error.contains("[half]: endpoint_resource_manager"),
            "{error}"
        );
    }
}
