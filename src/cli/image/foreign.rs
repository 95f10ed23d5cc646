//! Registries of others: with the login that Docker or Podman has for them, or with none.

use crate::cli::ctx::Ctx;
use crate::cli::data_plane::CredentialArgs;
use crate::cli::error::CliError;
use crate::cli::keychain::{Engine, keychain};
use acr_api::oci::RepositoryName;
use acr_auth::docker;
use acr_client::registry::{Credential, Endpoint, Error, Registry};
use acr_http::ErrorKind;
use std::sync::Arc;
use url::Url;

/// A client of a registry that belongs to no context.
pub(super) async fn enter(
    ctx: &Ctx,
    host: &str,
    given: &CredentialArgs,
) -> Result<Registry, CliError> {
    let credential = match ctx.password_of(given).await? {
        Some((username, password)) => Credential::Basic { username, password },
        None => login(ctx, host).await?,
    };
    let http = ctx.backend()?.http.clone();
    let source = Arc::new(credential);
    let secure = Registry::new(http.clone(), Endpoint::secure(host)?, source.clone());
    if is_here(host) && speaks_no_tls(&secure).await {
        return Ok(Registry::new(http, Endpoint::plain(host)?, source));
    }
    Ok(secure)
}

/// What Docker or Podman would log in with.
async fn login(ctx: &Ctx, host: &str) -> Result<Credential, CliError> {
    for engine in [Engine::Docker, Engine::Podman] {
        if let Some(found) = keychain(&ctx.settings, engine).find(host).await? {
            return Ok(match found {
                docker::Credential::Password { username, password } => {
                    Credential::Basic { username, password }
                }
                docker::Credential::IdentityToken(token) => Credential::Refresh(token),
            });
        }
    }
    Ok(Credential::Anonymous)
}

/// Registries for trying things out, on this machine, have no certificates.
async fn speaks_no_tls(registry: &Registry) -> bool {
    match registry.ping().await {
        Err(Error::Transport(error)) => {
            matches!(error.kind(), ErrorKind::Tls | ErrorKind::Connect)
        }
        _ => false,
    }
}

fn is_here(host: &str) -> bool {
    let url = format!("https://{host}/").parse::<Url>();
    url.is_ok_and(|url| acr_http::is_loopback(&url))
}

/// On Docker Hub, what has no owner belongs to the library.
pub(super) fn repository(host: &str, name: &RepositoryName) -> RepositoryName {
    match host {
        "docker.io" | "index.docker.io" if !name.as_str().contains('/') => {
            format!("library/{name}")
                .parse()
                .unwrap_or_else(|_| name.clone())
        }
        _ => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_here, repository};

    #[test]
    fn only_this_machine_is_tried_without_tls() {
        for here in [
            "localhost:5000",
            "127.0.0.1:80",
            "foo.localhost:1",
            "[::1]:5000",
        ] {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in ["localhost.example:5000", "10.0.0.1:5000", "ghcr.io"] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn the_hub_has_a_library() {
        let named = |host, name: &str| repository(host, &name.parse().unwrap()).to_string();
        assert_eq!(named("docker.io", "alpine"), "library/alpine");
        assert_eq!(named("docker.io", "me/app"), "me/app");
        assert_eq!(named("ghcr.io", "alpine"), "alpine");
    }
}
