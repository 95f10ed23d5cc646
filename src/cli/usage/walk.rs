//! Reads the manifests of all repositories, many at a time.

use super::tally::{Holding, Tally};
use crate::cli::content::{everything, repository};
use crate::cli::error::CliError;
use acr_api::acr::ManifestAttributes;
use acr_api::oci::{Digest, Manifest, RepositoryName, Role};
use acr_client::registry::Registry;
use futures_util::stream::{self, StreamExt, TryStreamExt};

/// Repositories that are walked through at a time.
const REPOSITORIES_AT_ONCE: usize = 4;
/// Manifests of one that are read at a time.
const AT_ONCE: usize = 16;

/// Walks through these repositories. `tell` hears the name of each and how many were walked through before.
pub(crate) async fn walk(
    registry: &Registry,
    names: &[String],
    tell: impl Fn(&str, usize),
) -> Result<Tally, CliError> {
    let mut tally = Tally::default();
    let walks = names.iter().enumerate().map(async |(at, name)| {
        tell(name, at);
        Ok::<_, CliError>((name, hold(registry, &repository(name)?).await?))
    });
    let mut walks = stream::iter(walks).buffered(REPOSITORIES_AT_ONCE);
    while let Some((name, holding)) = walks.try_next().await? {
        // A repository may be deleted while others are walked through.
        if let Some(holding) = holding {
            tally.add(name.clone(), holding);
        }
    }
    Ok(tally)
}

async fn hold(registry: &Registry, name: &RepositoryName) -> Result<Option<Holding>, CliError> {
    let pages = registry.manifest_attributes::<ManifestAttributes>(name, &everything());
    let manifests = match pages.all().await {
        Ok(manifests) => manifests,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut holding = Holding {
        manifests: manifests.len() as u64,
        tags: manifests
            .iter()
            .map(|manifest| manifest.tags.len() as u64)
            .sum(),
        ..Holding::default()
    };
    let reads: Vec<_> = manifests
        .iter()
        .map(|manifest| read(registry, name, manifest.digest))
        .collect();
    let mut found = stream::iter(reads).buffer_unordered(AT_ONCE);
    while let Some(read) = found.try_next().await? {
        let Some((size, manifest)) = read else {
            continue;
        };
        holding.manifest_bytes += size;
        for reference in manifest.references() {
            if matches!(reference.role, Role::Config | Role::Layer) {
                let blob = reference.descriptor;
                holding.blobs.insert(blob.digest, blob.size);
            }
        }
    }
    drop(found);
    Ok(Some(holding))
}

async fn read(
    registry: &Registry,
    name: &RepositoryName,
    digest: Digest,
) -> Result<Option<(u64, Manifest)>, CliError> {
    match registry.get_manifest(name, &digest.into()).await {
        Ok(document) => {
            let manifest = document.parse(registry.host())?;
            Ok(Some((document.bytes.len() as u64, manifest)))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}
