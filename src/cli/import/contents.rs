//! What the source has: asked of it directly, for imports of more than one image.

use super::source::{Source, is_local};
use crate::cli::args::Given;
use crate::cli::ctx::Ctx;
use crate::cli::data_plane::{CredentialArgs, Login};
use crate::cli::error::CliError;
use acr_api::arm::ResourceId;
use acr_api::oci::{Digest, Manifest, Reference, RepositoryName, Role};
use acr_client::registry::{Credential, Endpoint, Registry};
use acr_http::Secret;
use std::collections::HashSet;
use std::sync::Arc;

/// More manifests than this belong to no image.
const MOST_MANIFESTS: usize = 2000;

/// A client of the source: as ourselves where it is a registry of Azure, else with what was given for it.
pub(super) async fn open(ctx: &Ctx, source: &Source) -> Result<Registry, CliError> {
    if let Some(id) = &source.id {
        // Nobody typed the host as a name, so nothing is to be remarked about it.
        let named = id.parse::<ResourceId>().ok();
        let name = named.map(|id| id.name().to_owned()).or(source.host.clone());
        let credential = CredentialArgs::default();
        let login = Login {
            given: Given {
                name: name.as_deref(),
                group: None,
                option: "--registry/-r",
            },
            credential: &credential,
        };
        return ctx.data_plane(login).await;
    }
    let host = source.host.as_deref().unwrap_or_default();
    let endpoint = match is_local(host) {
        true => Endpoint::plain(host)?,
        false => Endpoint::secure(host)?,
    };
    let credential = match source.login() {
        Some((username, password)) => Credential::Basic {
            username: username.to_owned(),
            password: Secret::new(password),
        },
        None => Credential::Anonymous,
    };
    let http = ctx.backend()?.http.clone();
    Ok(Registry::new(http, endpoint, Arc::new(credential)))
}

/// The tags of a repository.
pub(super) async fn tags(
    registry: &Registry,
    repository: &RepositoryName,
) -> Result<Vec<String>, CliError> {
    Ok(registry.tags(repository, None).all().await?)
}

/// What refers to an image, to one of its parts, or to what refers to them; subjects before what refers to them.
pub(super) async fn referrers(
    registry: &Registry,
    repository: &RepositoryName,
    reference: &Reference,
) -> Result<Vec<Digest>, CliError> {
    let root = registry.get_manifest(repository, reference).await?;
    let mut seen = HashSet::from([root.digest]);
    let mut found = Vec::new();
    let mut left = vec![(root.digest, Some(root))];
    while let Some((digest, known)) = left.pop() {
        let document = match known {
            Some(document) => document,
            None => match registry.get_manifest(repository, &digest.into()).await {
                Ok(document) => document,
                // An index need not have all it lists.
                Err(error) if error.is_not_found() => continue,
                Err(error) => return Err(error.into()),
            },
        };
        let manifest = document.parse(registry.host())?;
        let parts = children(&manifest).into_iter().map(|child| (child, false));
        let told = registry.referrers(repository, &digest, None).await?;
        let referrers = told.iter().map(|referrer| (referrer.digest, true));
        for (digest, is_referrer) in parts.chain(referrers) {
            if seen.insert(digest) {
                left.push((digest, None));
                found.extend(is_referrer.then_some(digest));
            }
        }
        if seen.len() > MOST_MANIFESTS {
            return Err(CliError::failed(format!(
                "{repository}:{reference} has more than {MOST_MANIFESTS} manifests."
            )));
        }
    }
    Ok(found)
}

fn children(manifest: &Manifest) -> Vec<Digest> {
    let references = manifest.references();
    references
        .filter(|reference| reference.role == Role::Child)
        .map(|reference| reference.descriptor.digest)
        .collect()
}
