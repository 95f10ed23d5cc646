//! A registry elsewhere as a source, spoken with as any client speaks with it.
//!
//! The host was named by a caller, so it may be anything. It is asked over TLS, and neither it nor what it leads to may
//! lie on this machine; the exception is a registry whose name is `localhost` or ends in it, which is one for
//! development and is asked in plain. A credential goes to the host it was given for and to the token service it names.

use std::sync::Arc;

use acr_api::{
    arm::ImportCredentials,
    oci::{Descriptor, Digest, Reference, RepositoryName},
};
use acr_client::registry::{Credential, Download, Endpoint, Error as RegistryError, Registry};
use acr_http::{Client, Secret, StatusCode};
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::sync::oneshot;

use super::{
    place::TOKEN_USER,
    refusal::of_source,
    source::{Document, Stream},
};
use crate::{app::App, domain::Error};

/// A repository of a registry elsewhere.
pub(super) struct Foreign {
    registry: Registry,
    repository: RepositoryName,
}

#[derive(Deserialize)]
struct Exchanged {
    refresh_token: String,
}

impl Foreign {
    pub(super) async fn open(
        app: &App,
        host: &str,
        repository: &RepositoryName,
        credentials: Option<&ImportCredentials>,
    ) -> Result<Self, Error> {
        let refuse = |error| of_source(host, &error);
        let may_be_local = is_local(&app.settings().domain);
        let (http, endpoint) = match may_be_local && is_local(host) {
            true => (app.outbound(), Endpoint::plain(host)),
            false => (&app.imports().outside, Endpoint::secure(host)),
        };
        let credential = credential(http, host, credentials).await.map_err(refuse)?;
        Ok(Self {
            registry: Registry::new(
                http.clone(),
                endpoint.map_err(refuse)?,
                Arc::new(credential),
            ),
            repository: official(host, repository),
        })
    }

    pub(super) async fn resolve(&self, reference: &Reference) -> Result<Document, Error> {
        let document = self
            .registry
            .get_manifest(&self.repository, reference)
            .await;
        let document = document.map_err(|error| self.refuse(&error))?;
        let read = Document::read(document.digest, document.bytes, &document.media_type);
        read.map_err(|source| {
            let origin = format!("the manifest {}", document.digest);
            self.refuse(&RegistryError::Manifest { origin, source })
        })
    }

    pub(super) async fn manifest(&self, entry: &Descriptor) -> Result<Option<Document>, Error> {
        match self.resolve(&entry.digest.into()).await {
            Ok(document) => Ok(Some(document)),
            Err(error) if error.code() == "SourceNotFound" => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn referrers(&self, subject: &Digest) -> Result<Vec<Descriptor>, Error> {
        let found = self
            .registry
            .referrers(&self.repository, subject, None)
            .await;
        found.map_err(|error| self.refuse(&error))
    }

    pub(super) async fn has(&self, blob: &Descriptor) -> Result<bool, Error> {
        let found = self
            .registry
            .head_blob(&self.repository, &blob.digest)
            .await;
        Ok(found.map_err(|error| self.refuse(&error))?.is_some())
    }

    /// The bytes are held against the digest by whoever stores them, but never more of them taken than were announced.
    pub(super) fn blob(&self, blob: &Descriptor) -> Stream {
        let download = self.registry.get_blob(&self.repository, blob).from(0);
        let (sender, failure) = oneshot::channel();
        let host = self.registry.host().to_owned();
        let body = stream::unfold(Some((download, sender)), move |state| {
            let host = host.clone();
            async move {
                let (mut download, sender): (Download, _) = state?;
                match download.next().await {
                    Ok(Some(piece)) => Some((Ok(piece), Some((download, sender)))),
                    Ok(None) => None,
                    Err(error) => {
                        let _ = sender.send(of_source(&host, &error));
                        Some((Err(error.to_string()), None))
                    }
                }
            }
        });
        Stream {
            body: body.boxed(),
            failure,
        }
    }

    fn refuse(&self, error: &RegistryError) -> Error {
        of_source(self.registry.host(), error)
    }
}

/// Whether a host is one of this machine by its name; a number never is. A server whose own registries are not named so
/// is no developer's, and takes nothing from there.
fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}

/// Docker Hub keeps the images that have one word for a name in a folder of its own.
fn official(host: &str, repository: &RepositoryName) -> RepositoryName {
    let is_hub = matches!(
        host,
        "docker.io" | "index.docker.io" | "registry-1.docker.io"
    );
    let whole = format!("library/{repository}").parse();
    match whole {
        Ok(whole) if is_hub && !repository.as_str().contains('/') => whole,
        _ => repository.clone(),
    }
}

/// What stands for the caller at the source. A password without a name is a token: one of Azure's directory, which a
/// registry of Azure changes for its own, or else the registry's own.
async fn credential(
    http: &Client,
    host: &str,
    given: Option<&ImportCredentials>,
) -> Result<Credential, RegistryError> {
    let Some(given) = given else {
        return Ok(Credential::Anonymous);
    };
    let password = || Secret::new(given.password.clone());
    match given.username.as_deref() {
        Some(TOKEN_USER) => Ok(Credential::Refresh(password())),
        Some(name) if !name.is_empty() => Ok(Credential::Basic {
            username: name.to_owned(),
            password: password(),
        }),
        _ => {
            let scheme = if is_local(host) { "http" } else { "https" };
            let fields = [
                ("grant_type", "access_token"),
                ("service", host),
                ("access_token", given.password.as_str()),
            ];
            let url = format!("{scheme}://{host}/oauth2/exchange");
            let response = http.post(&url).form(&fields).send().await?;
            match response.status {
                StatusCode::OK => {
                    let exchanged: Exchanged = response.json().await?;
                    Ok(Credential::Refresh(Secret::new(exchanged.refresh_token)))
                }
                _ => Ok(Credential::Refresh(password())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_local, official};

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost",
            "localhost:5000",
            "foo.localhost:5480",
            "FOO.LOCALHOST",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "127.0.0.1:5000",
            "[::1]:5000",
            "localhost.example",
            "notlocalhost",
            "",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn official_images_of_docker_hub_have_a_folder() {
        let name = |host, name: &str| official(host, &name.parse().unwrap()).to_string();
        assert_eq!(name("docker.io", "alpine"), "library/alpine");
        assert_eq!(name("docker.io", "team/app"), "team/app");
        assert_eq!(name("quay.io", "alpine"), "alpine");
    }
}
