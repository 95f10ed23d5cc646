//! What opens a registry for Docker and Podman.

use crate::exchange::TOKEN_USERNAME;
use acr_http::Secret;

/// A credential as files and programs keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A name and a password.
    Password {
        /// The name.
        username: String,
        /// The password.
        password: Secret,
    },
    /// A refresh token, which goes to the token service and never to the registry.
    IdentityToken(Secret),
}

impl Credential {
    /// A refresh token in the form that every client understands: as the password of a user whose name
    /// says so. Kubernetes, for one, reads no identity tokens.
    pub fn of_refresh_token(token: Secret) -> Self {
        Self::Password {
            username: TOKEN_USERNAME.to_owned(),
            password: token,
        }
    }

    pub(super) fn secret(&self) -> &Secret {
        match self {
            Self::Password { password, .. } => password,
            Self::IdentityToken(token) => token,
        }
    }
}
