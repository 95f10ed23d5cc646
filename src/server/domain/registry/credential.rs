//! The admin user of a registry.
use acr_api::arm::{RegistryCredentials, RegistryPassword, ResourceId};
use acr_store::Batch;
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
        password: password()?,
        password2: password()?,
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
        "password" => stored.password = password()?,
        "password2" => stored.password2 = password()?,
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

/// The registry's name, if its admin user may log in.
async fn username(app: &App, id: &ResourceId) -> Result<String, Error> {
    let registry = resource::get::<Registries>(app, id).await?.body;
    if registry["properties"]["adminUserEnabled"] != true {
        return Err(Error::invalid(
            "UnAuthorizedForCredentialOperations",
            format!("Cannot perform credential operations for {id} as admin user is disabled. Kindly enable the admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account"),
        )
        .from_provider());
    }
    let name = registry["name"].as_str().unwrap_or_default();
    Ok(name.to_owned())
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
fn password() -> Result<String, Error> {
    let (head, tail) = (
        random::letters_and_digits(42)?,
        random::letters_and_digits(6)?,
    );
    Ok(format!("{head}{SIGNATURE}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::password;

    #[test]
    fn passwords_have_the_services_shape() {
        let made = password().unwrap();
        assert_eq!((made.len(), &made[42..46]), (52, "+ACR"));
        assert_ne!(made, password().unwrap());
    }
}
