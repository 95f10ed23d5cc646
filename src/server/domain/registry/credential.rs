//! The admin user of a registry.

use acr_api::arm::{RegistryCredentials, RegistryPassword, ResourceId};
use acr_store::Batch;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::{Deserialize, Serialize};

use super::Registries;
use crate::{
    app::App,
    domain::{Error, random, resource},
};

pub(super) const COLLECTION: &str = "admin-credential";
/// What the service's own passwords carry, so that scanners of code can find them.
const SIGNATURE: &str = "+ACR";

/// Both passwords as they are stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    password: String,
    password2: String,
}

/// New passwords.
pub(super) fn make() -> Result<Stored, Error> {
    Ok(Stored {
        password: new_password()?,
        password2: new_password()?,
    })
}

/// The admin user's name and passwords.
pub async fn list(app: &App, id: &ResourceId) -> Result<RegistryCredentials, Error> {
    let username = username(app, id).await?;
    let (stored, _) = read(app, id).await?;
    Ok(answer(username, stored))
}

/// Makes one of the passwords anew.
pub async fn regenerate(
    app: &App,
    id: &ResourceId,
    which: &str,
) -> Result<RegistryCredentials, Error> {
    let username = username(app, id).await?;
    let (mut stored, revision) = read(app, id).await?;
    match which.to_ascii_lowercase().as_str() {
        "password" => stored.password = new_password()?,
        "password2" => stored.password2 = new_password()?,
        _ => {
            return Err(Error::invalid(
                "InvalidParameter",
                "The name of the password must be 'password' or 'password2'.",
            )
            .with_target("name")
            .from_provider());
        }
    }
    let batch = Batch::new().replace(COLLECTION, &id.key(), revision, &stored);
    app.meta().commit(batch).await?;
    Ok(answer(username, stored))
}

/// Whether this is one of the admin user's passwords, in a time that does not tell how nearly.
pub(crate) async fn is_password(app: &App, key: &str, given: &str) -> Result<bool, Error> {
    let Some(document) = app.meta().get(COLLECTION, key).await? else {
        return Ok(false);
    };
    let stored: Stored = document.parse()?;
    let is = |kept: &str| verify_slices_are_equal(kept.as_bytes(), given.as_bytes()).is_ok();
    Ok(is(&stored.password) | is(&stored.password2))
}

/// The registry's name, if its admin user may log in.
async fn username(app: &App, id: &ResourceId) -> Result<String, Error> {
    let registry = resource::get::<Registries>(app, id).await?.body;
    let properties = registry.properties.unwrap_or_default();
    if properties.admin_user_enabled != Some(true) {
        return Err(Error::invalid(
            "UnAuthorizedForCredentialOperations",
            format!("Cannot perform credential operations for {id} as admin user is disabled. Kindly enable the admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account"),
        )
        .from_provider());
    }
    Ok(registry.name.unwrap_or_default())
}

async fn read(app: &App, id: &ResourceId) -> Result<(Stored, i64), Error> {
    match app.meta().get(COLLECTION, &id.key()).await? {
        Some(document) => Ok((document.parse()?, document.revision)),
        None => Err(Error::internal("a registry has no admin user")),
    }
}

fn answer(username: String, stored: Stored) -> RegistryCredentials {
    let row = |name: &str, value: String| RegistryPassword {
        name: name.to_owned(),
        value,
    };
    RegistryCredentials {
        username,
        passwords: vec![
            row("password", stored.password),
            row("password2", stored.password2),
        ],
    }
}

/// 52 characters: 42 at random, the signature, 6 at random.
pub(crate) fn new_password() -> Result<String, Error> {
    let (head, tail) = (
        random::letters_and_digits(42)?,
        random::letters_and_digits(6)?,
    );
    Ok(format!("{head}{SIGNATURE}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::new_password;

    #[test]
    fn passwords_have_the_services_shape() {
        let made = new_password().unwrap();
        assert_eq!((made.len(), &made[42..46]), (52, "+ACR"));
        assert_ne!(made, new_password().unwrap());
    }
}
