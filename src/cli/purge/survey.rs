//! What a repository has: its tags, and its manifests with what they hang together by.

use super::graph::Graph;
use crate::cli::content::everything;
use crate::cli::error::CliError;
use acr_api::acr::{
    ChangeableAttributes, ManifestAttributes, Order, PageQuery, RepositoryAttributes, TagAttributes,
};
use acr_api::oci::{Digest, Manifest, RepositoryName, Role, media_type};
use acr_client::registry::{Entity, Registry};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use std::collections::HashSet;

/// A repository as it was found.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) repository: RepositoryName,
    /// Whether nothing in it may be deleted, whatever the locks of its tags and manifests say.
    pub(super) is_locked: bool,
    /// The newest change first.
    pub(super) tags: Vec<TagAttributes>,
    /// None if manifests are not looked at.
    pub(super) manifests: Vec<ManifestAttributes>,
    pub(super) graph: Graph,
}

/// Looks at a repository; `None` if there is none of this name. Manifests are looked at only if they may have to go.
pub(super) async fn survey(
    registry: &Registry,
    repository: &RepositoryName,
    has_manifests: bool,
    at_once: usize,
) -> Result<Option<Survey>, CliError> {
    let attributes = registry.attributes(Entity::Repository(repository)).await;
    let attributes: RepositoryAttributes = match attributes {
        Ok(attributes) => attributes,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let newest_first = PageQuery {
        orderby: Order::TimeDescending,
        ..everything()
    };
    let tags = registry
        .tag_attributes(repository, &newest_first)
        .all()
        .await?;
    let mut survey = Survey {
        repository: repository.clone(),
        is_locked: is_locked(&attributes.changeable_attributes),
        tags,
        manifests: Vec::new(),
        graph: Graph::default(),
    };
    if has_manifests {
        let pages = registry.manifest_attributes(repository, &everything());
        survey.manifests = pages.all().await?;
        if attributes.manifest_count > survey.manifests.len() as u64 {
            return Err(CliError::failed(format!(
                "{}/{repository} has manifests that its listing does not show. What they need cannot be known, so no manifest of it is deleted.",
                registry.host()
            )));
        }
        survey.graph = read_graph(registry, &survey, at_once).await?;
    }
    Ok(Some(survey))
}

/// Reads what may lead from one manifest to another: every index, and every manifest without a tag.
async fn read_graph(
    registry: &Registry,
    survey: &Survey,
    at_once: usize,
) -> Result<Graph, CliError> {
    let repository = &survey.repository;
    let has_links = |manifest: &&ManifestAttributes| {
        manifest.tags.is_empty() || is_index(manifest) || manifest.media_type.is_none()
    };
    let wanted = survey.manifests.iter().filter(has_links);
    let reads: Vec<_> = wanted
        .map(|manifest| read(registry, repository, manifest.digest))
        .collect();
    let mut graph = Graph::default();
    let mut found = stream::iter(reads).buffer_unordered(at_once);
    while let Some((digest, manifest)) = found.try_next().await? {
        for reference in manifest.iter().flat_map(Manifest::references) {
            let other = reference.descriptor.digest;
            match reference.role {
                Role::Child | Role::Entry => graph.add_part(digest, other),
                Role::Subject => graph.add_referrer(other, digest),
                Role::Config | Role::Layer | Role::ForeignLayer => {}
            }
        }
    }
    Ok(graph)
}

/// A manifest; one that is gone by now leads nowhere.
async fn read(
    registry: &Registry,
    repository: &RepositoryName,
    digest: Digest,
) -> Result<(Digest, Option<Manifest>), CliError> {
    match registry.get_manifest(repository, &digest.into()).await {
        Ok(document) => Ok((digest, Some(document.parse(registry.host())?))),
        Err(error) if error.is_not_found() => Ok((digest, None)),
        Err(error) => Err(CliError::from(error).hint(
            "What cannot be read may need other manifests, so nothing of this repository was deleted.",
        )),
    }
}

impl Survey {
    /// Adds what refers to these manifests, tagged or not, as the registry tells it.
    pub(super) async fn ask_for_referrers(
        &mut self,
        registry: &Registry,
        subjects: &[Digest],
        at_once: usize,
    ) -> Result<(), CliError> {
        let asks: Vec<_> = subjects
            .iter()
            .map(|subject| told(registry, &self.repository, *subject))
            .collect();
        let mut found = stream::iter(asks).buffer_unordered(at_once);
        while let Some((subject, referrers)) = found.try_next().await? {
            for referrer in referrers {
                self.graph.add_referrer(subject, referrer);
            }
        }
        Ok(())
    }

    /// The digests of all manifests.
    pub(super) fn digests(&self) -> HashSet<Digest> {
        self.manifests
            .iter()
            .map(|manifest| manifest.digest)
            .collect()
    }
}

async fn told(
    registry: &Registry,
    repository: &RepositoryName,
    subject: Digest,
) -> Result<(Digest, Vec<Digest>), CliError> {
    let found = registry.referrers(repository, &subject, None).await?;
    Ok((
        subject,
        found.iter().map(|referrer| referrer.digest).collect(),
    ))
}

/// Whether a manifest lists others.
pub(super) fn is_index(manifest: &ManifestAttributes) -> bool {
    let kind = manifest.media_type.as_deref().unwrap_or_default();
    [media_type::IMAGE_INDEX, media_type::DOCKER_MANIFEST_LIST].contains(&kind)
}

/// Whether it may not be deleted as it is.
pub(super) fn is_locked(attributes: &ChangeableAttributes) -> bool {
    attributes.delete_enabled == Some(false) || attributes.write_enabled == Some(false)
}
