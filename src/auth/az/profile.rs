//! az's profile: the subscriptions its logins found, and which of them is current.

use crate::environment::Environment;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use serde::Deserialize;

/// The file's name in az's folder.
pub(crate) const PROFILE_FILE: &str = "azureProfile.json";
const LARGEST_PROFILE_BYTES: u64 = 64 * 1024 * 1024;

/// All subscriptions of all logins.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Profile {
    #[serde(default)]
    subscriptions: Vec<Subscription>,
}

/// A subscription, and who found it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id; for a login without subscriptions the id of the tenant.
    pub id: String,
    /// Its display name.
    #[serde(default)]
    pub name: Option<String>,
    /// The tenant that tokens for it come from.
    pub tenant_id: String,
    /// The cloud it lies in.
    #[serde(default)]
    pub environment_name: Option<String>,
    #[serde(default)]
    is_default: bool,
    pub(crate) user: ProfileUser,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileUser {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) assigned_identity_info: Option<String>,
    #[serde(rename = "cloudShellID", default)]
    pub(crate) is_cloud_shell: bool,
}

impl Profile {
    /// Reads the profile; without one there are no subscriptions.
    pub fn load(environment: &Environment) -> Result<Self, Error> {
        let path = environment.azure_folder().join(PROFILE_FILE);
        let text = file::read_text(&path, LARGEST_PROFILE_BYTES)
            .map_err(|source| Error::file(Link::AzProfile, &path, source))?;
        match text.as_deref().map(str::trim) {
            None | Some("") => Ok(Self::default()),
            Some(text) => serde_json::from_str(text).map_err(|error| {
                let message = format!("{} is no profile of az: {error}", path.display());
                Error::setup(Link::AzProfile, message)
            }),
        }
    }

    /// The subscriptions in one cloud.
    pub fn subscriptions<'a>(&'a self, cloud: &str) -> impl Iterator<Item = &'a Subscription> {
        let lies_in = move |found: &&Subscription| {
            found
                .environment_name
                .as_deref()
                .is_none_or(|name| name == cloud)
        };
        self.subscriptions.iter().filter(lies_in)
    }

    /// The subscription with this id or name, or the current one.
    pub fn select(&self, cloud: &str, wanted: Option<&str>) -> Result<&Subscription, Error> {
        let matches = |found: &&Subscription| match wanted.map(str::to_lowercase) {
            None => found.is_default,
            Some(wanted) => {
                let name = found.name.as_ref().map(|name| name.to_lowercase());
                found.id.to_lowercase() == wanted || name.is_some_and(|name| name == wanted)
            }
        };
        let mut found = self.subscriptions(cloud).filter(matches);
        let setup = |message| Err(Error::setup(Link::AzProfile, message));
        match (found.next(), found.next(), wanted) {
            (Some(only), None, _) => Ok(only),
            (None, _, None) => setup(
                "none of its subscriptions is the current one; run `az account set` or give --subscription".to_owned(),
            ),
            (None, _, Some(wanted)) => setup(format!("it knows no subscription {wanted:?} in {cloud}")),
            (Some(_), Some(_), wanted) => setup(format!(
                "several subscriptions are called {:?}; give the id of one",
                wanted.unwrap_or("current")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Home;

    const PROFILE: &str = r#"{"installationId": "7f8e", "subscriptions": [
        {"id": "0b1f6471-1bf0-4dda-aec3-111122223333", "name": "Main", "state": "Enabled",
         "user": {"name": "me@contoso.com", "type": "user"}, "isDefault": true,
         "tenantId": "t-1", "environmentName": "AzureCloud", "homeTenantId": "t-1", "managedByTenants": []},
        {"id": "s-2", "name": "Twin", "state": "Enabled", "user": {"name": "app", "type": "servicePrincipal"},
         "isDefault": false, "tenantId": "t-1", "environmentName": "AzureCloud"},
        {"id": "s-3", "name": "TWIN", "state": "Enabled", "user": {"name": "app", "type": "servicePrincipal"},
         "isDefault": false, "tenantId": "t-1", "environmentName": "AzureCloud"},
        {"id": "s-4", "name": "Other", "state": "Enabled", "user": {"name": "u", "type": "user"},
         "isDefault": false, "tenantId": "t-2", "environmentName": "AzureChinaCloud"}]}"#;

    #[test]
    fn subscriptions_are_found_by_id_name_or_default() {
        let home = Home::new();
        home.write_azure(PROFILE_FILE, &format!("\u{feff}{PROFILE}"));
        let profile = Profile::load(&home.environment(&[])).unwrap();
        let id = |wanted| {
            profile
                .select("AzureCloud", wanted)
                .map(|found| found.id.clone())
        };
        assert_eq!(id(None).unwrap(), "0b1f6471-1bf0-4dda-aec3-111122223333");
        assert_eq!(id(Some("main")).unwrap(), id(None).unwrap());
        assert_eq!(id(Some("S-2")).unwrap(), "s-2");
        assert!(
            id(Some("twin"))
                .unwrap_err()
                .to_string()
                .contains("several")
        );
        assert!(
            id(Some("s-4"))
                .unwrap_err()
                .to_string()
                .contains("no subscription")
        );
        let china = profile.select("AzureChinaCloud", None).unwrap_err();
        assert!(china.to_string().contains("az account set"));
    }

    #[test]
    fn a_missing_profile_is_empty_and_a_broken_one_an_error() {
        let home = Home::new();
        let load = || Profile::load(&home.environment(&[]));
        assert_eq!(load().unwrap().subscriptions("AzureCloud").count(), 0);
        home.write_azure(PROFILE_FILE, "{\"installationId\": \"x\"}");
        assert_eq!(load().unwrap().subscriptions("AzureCloud").count(), 0);
        home.write_azure(PROFILE_FILE, "{\"subscriptions\": [");
        assert!(load().unwrap_err().to_string().contains(PROFILE_FILE));
    }
}
