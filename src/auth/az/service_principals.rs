//! The credentials of service principals that logged in with az.

use super::config::Config;
use super::secret_file::SecretFile;
use crate::credential::{Certificate, Proof};
use crate::environment::Environment;
use crate::error::Error;
use crate::link::Link;
use acr_http::Secret;
use serde::Deserialize;
use std::path::PathBuf;

/// All of them. There is no `Debug`: the entries are secrets.
pub(crate) struct ServicePrincipals(Vec<Entry>);

#[derive(Deserialize)]
struct Entry {
    client_id: String,
    tenant: String,
    client_secret: Option<String>,
    certificate: Option<PathBuf>,
    #[serde(default)]
    use_cert_sn_issuer: bool,
    client_assertion: Option<String>,
}

impl ServicePrincipals {
    pub(crate) fn load(environment: &Environment, config: &Config) -> Result<Self, Error> {
        let store = SecretFile::locate(environment, config, "service_principal_entries")?;
        let text = store.read()?.unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(Self(Vec::new()));
        }
        // The text of a JSON error can quote the value it trips over, so only the place is told.
        serde_json::from_str(&text).map(Self).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            let message = format!("its list of service principals is broken at {place}");
            Error::setup(Link::AzProfile, message)
        })
    }

    /// What proves this service principal; an entry of the same tenant goes first.
    pub(crate) fn proof(&self, client_id: &str, tenant: &str) -> Result<Proof, Error> {
        let own = |entry: &&Entry| entry.client_id == client_id;
        let entry = self
            .0
            .iter()
            .filter(own)
            .find(|entry| entry.tenant == tenant)
            .or_else(|| self.0.iter().find(own));
        let missing = |what: &str| {
            let message = format!("it keeps no {what} for the service principal {client_id}");
            Error::setup(Link::AzProfile, message)
        };
        let entry = entry.ok_or_else(|| missing("credential"))?;
        if let Some(secret) = &entry.client_secret {
            return Ok(Proof::Secret(Secret::new(secret.as_str())));
        }
        if let Some(path) = &entry.certificate {
            let certificate = Certificate::load(Link::AzProfile, path, entry.use_cert_sn_issuer)?;
            return Ok(Proof::Certificate(Box::new(certificate)));
        }
        match &entry.client_assertion {
            Some(token) => Ok(Proof::Token(Secret::new(token.as_str()))),
            None => Err(missing("secret")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Home;

    fn load(home: &Home, variables: &[(&str, &str)]) -> Result<ServicePrincipals, Error> {
        let environment = home.environment(variables);
        let config = Config::load(&environment).unwrap();
        ServicePrincipals::load(&environment, &config)
    }

    #[test]
    fn the_entry_of_the_tenant_goes_first() {
        let home = Home::new();
        home.write_azure(
            "service_principal_entries.json",
            r#"[{"client_id": "app", "tenant": "t-1", "client_secret": "one"},
                {"client_id": "app", "tenant": "t-2", "client_assertion": "two"}]"#,
        );
        let known = load(&home, &[]).unwrap();
        let proof = |tenant| known.proof("app", tenant).unwrap();
        assert!(matches!(proof("t-2"), Proof::Token(token) if token.expose() == "two"));
        assert!(matches!(proof("t-9"), Proof::Secret(secret) if secret.expose() == "one"));
        assert!(
            known
                .proof("other", "t-1")
                .unwrap_err()
                .to_string()
                .contains("other")
        );
    }

    #[test]
    fn broken_lists_are_told_without_their_content() {
        let home = Home::new();
        home.write_azure(
            "service_principal_entries.json",
            r#"[{"client_id": "app", "tenant": "t", "client_secret": "hunter2", "use_cert_sn_issuer": "hunter2"}]"#,
        );
        let error = load(&home, &[]).err().unwrap().to_string();
        assert!(
            error.contains("line 1") && !error.contains("hunter2"),
            "{error}"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn encrypted_stores_are_named_with_the_way_out() {
        let home = Home::new();
        let error = load(&home, &[("AZURE_CORE_ENCRYPT_TOKEN_CACHE", "true")]);
        let error = error.err().unwrap().to_string();
        assert!(error.contains("core.encrypt_token_cache=false"), "{error}");
    }
}
