//! Encryption of a registry with a key of the customer's: chosen when the registry is made.

use acr_api::arm::{DataKeyProperties, Encryption, Identity, KeyVaultProperties, Registry};
use url::Url;
use uuid::Uuid;

use super::choice::{STATUS, choose, refuse};
use crate::{app::App, domain::Error};

const MEMBER: &str = "properties.encryption";

/// How blobs are sealed.
const ALGORITHM: &str = "AES-256-GCM";

/// Tells what seals the blobs, which depends on the server.
pub(super) fn present(app: &App, registry: &mut Registry) {
    let Some(properties) = &mut registry.properties else {
        return;
    };
    let encryption = properties.encryption.get_or_insert_default();
    encryption.data_key = app.sealing().master_key().map(|id| DataKeyProperties {
        algorithm: ALGORITHM.to_owned(),
        master_key: id.to_owned(),
    });
}

/// Works out the encryption after a write.
pub(super) fn resolve(
    asked: Option<Encryption>,
    before: Option<&Encryption>,
    identity: Option<&Identity>,
    now: &str,
) -> Result<Encryption, Error> {
    let asked = asked.unwrap_or_default();
    let status = choose(
        &format!("{MEMBER}.status"),
        asked.status.as_deref(),
        STATUS,
        "disabled",
    )?;
    let is_on = status.as_deref() == Some("enabled");
    let was_on = before.map(|before| before.status.as_deref() == Some("enabled"));
    match (was_on, is_on) {
        (Some(true), false) => {
            return Err(refuse(
                MEMBER,
                "Encryption with a customer-managed key cannot be disabled.",
            ));
        }
        (Some(false), true) => {
            return Err(refuse(
                MEMBER,
                "Encryption with a customer-managed key can only be enabled when the registry is created.",
            ));
        }
        _ => {}
    }
    let known = before.and_then(|before| before.key_vault_properties.as_ref());
    let key = match is_on {
        true => Some(key(
            asked.key_vault_properties.unwrap_or_default(),
            known,
            identity,
            now,
        )?),
        false => None,
    };
    Ok(Encryption {
        data_key: None,
        key_vault_properties: key,
        status,
    })
}

fn key(
    asked: KeyVaultProperties,
    known: Option<&KeyVaultProperties>,
    identity: Option<&Identity>,
    now: &str,
) -> Result<KeyVaultProperties, Error> {
    let path = format!("{MEMBER}.keyVaultProperties.keyIdentifier");
    let identifier = asked.key_identifier.unwrap_or_default();
    let version = key_version(&identifier)
        .ok_or_else(|| refuse(&path, "The key identifier is not the address of a key, such as https://vault.example/keys/name."))?;
    let reader = asked.identity.unwrap_or_default();
    if !is_held(&reader, identity) {
        return Err(refuse(
            &format!("{MEMBER}.keyVaultProperties.identity"),
            "The identity that reads the key must be 'system' or the client id of an identity of the registry.",
        ));
    }
    let unchanged = known.filter(|known| known.key_identifier.as_deref() == Some(&identifier));
    Ok(KeyVaultProperties {
        versioned_key_identifier: version.then(|| identifier.clone()),
        key_rotation_enabled: Some(!version),
        last_key_rotation_timestamp: unchanged.map_or(Some(now.to_owned()), |known| {
            known.last_key_rotation_timestamp.clone()
        }),
        key_identifier: Some(identifier),
        identity: Some(reader),
    })
}

/// Whether the address of a key names a version; `None` if it is no such address.
fn key_version(identifier: &str) -> Option<bool> {
    let url: Url = identifier.parse().ok()?;
    if url.scheme() != "https" || identifier.len() > 512 {
        return None;
    }
    let parts: Vec<&str> = url
        .path_segments()?
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        ["keys", _] => Some(false),
        ["keys", _, _] => Some(true),
        _ => None,
    }
}

fn is_held(reader: &str, identity: Option<&Identity>) -> bool {
    let Some(identity) = identity else {
        return false;
    };
    if reader.eq_ignore_ascii_case("system") {
        return identity.principal_id.is_some();
    }
    reader.parse::<Uuid>().is_ok()
        && identity
            .user_assigned_identities
            .iter()
            .flatten()
            .any(|(_, held)| {
                held["clientId"]
                    .as_str()
                    .is_some_and(|id| id.eq_ignore_ascii_case(reader))
            })
}

#[cfg(test)]
mod tests {
    use super::key_version;

    #[test]
    fn keys_may_name_a_version() {
        for (identifier, expected) in [
            ("https://v.example/keys/k", Some(false)),
            ("https://v.example/keys/k/", Some(false)),
            ("https://v.example/keys/k/1", Some(true)),
            ("http://v.example/keys/k", None),
            ("https://v.example/secrets/k", None),
            ("k", None),
        ] {
            assert_eq!(key_version(identifier), expected, "{identifier}");
        }
    }
}
