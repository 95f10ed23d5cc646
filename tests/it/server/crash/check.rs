//! Compares what a server has after a restart with what was acknowledged before.

use super::model::{Change, Names, Repository};
use crate::registry::{Registry, sha256};
use acr_api::acr::{ManifestList, TagList};
use futures_util::future::join_all;
use serde_json::Value;
use std::collections::BTreeSet;

/// Checks one repository. What was under way is found out: it has happened wholly or not at all.
pub(super) async fn check(registry: &Registry, mut repository: Repository) -> Repository {
    if let Some(change) = repository.under_way.take() {
        settle(registry, &mut repository, change).await;
    }
    let name = &repository.name;
    let seen = names(registry, name).await;
    assert_eq!(seen, repository.model.names(), "{name}");

    let manifests = repository.model.manifests.iter();
    let manifests = manifests.map(async |(digest, manifest)| {
        let path = format!("/v2/{name}/manifests/{digest}");
        let bytes = registry.get(&path).await;
        assert_eq!(bytes.as_ref(), Some(&manifest.bytes), "{path}");
    });
    join_all(manifests).await;
    check_blobs(registry, &mut repository).await;
    for digest in repository.given_up.drain(..) {
        let path = format!("/v2/{}/blobs/{digest}", repository.name);
        assert_eq!(registry.get(&path).await, None, "{path} was never finished");
    }
    repository
}

/// Takes in what was under way, if it has happened.
async fn settle(registry: &Registry, repository: &mut Repository, change: Change) {
    let blob = async |digest: &str| {
        let path = format!("/v2/{}/blobs/{digest}", repository.name);
        registry.get(&path).await
    };
    let has_happened = match &change {
        Change::PutBlob { digest, blob: put } => {
            // Nobody was told of it, so that nothing is owed but that it is whole.
            let found = blob(digest).await;
            let is_whole = found.is_none_or(|bytes| bytes == put.bytes);
            assert!(is_whole, "half of {digest}");
            false
        }
        Change::RemoveBlob { digest } => blob(digest).await.is_none(),
        _ => {
            let mut after = repository.model.clone();
            after.apply(change.clone());
            names(registry, &repository.name).await == after.names()
        }
    };
    if has_happened {
        repository.model.apply(change);
    }
}

/// Every blob that a manifest needs is there, and every other one for as long as the grace; what is there is whole.
async fn check_blobs(registry: &Registry, repository: &mut Repository) {
    let (name, model) = (&repository.name, &repository.model);
    let needed = model.needed();
    let blobs = model.blobs.iter().map(async |(digest, blob)| {
        let path = format!("/v2/{name}/blobs/{digest}");
        let bytes = registry.get(&path).await;
        let is_needed = needed.contains(&**digest);
        let may_be_cleared = !is_needed && blob.may_be_cleared();
        match bytes {
            Some(bytes) => assert_eq!(sha256(&bytes), *digest),
            None => assert!(may_be_cleared, "{path} is lost; needed: {is_needed}"),
        }
        may_be_cleared.then(|| digest.clone())
    });
    let cleared: BTreeSet<String> = join_all(blobs).await.into_iter().flatten().collect();
    let unknown = needed
        .iter()
        .find(|digest| !model.blobs.contains_key(**digest));
    assert_eq!(unknown, None, "{name}: a manifest was taken without a blob");
    // What may be cleared away need not be looked at again.
    let blobs = &mut repository.model.blobs;
    blobs.retain(|digest, _| !cleared.contains(digest));
}

/// The names of a repository in all listings, which have to agree.
async fn names(registry: &Registry, name: &str) -> Names {
    let tags = registry.get(&format!("/acr/v1/{name}/_tags?n=1000")).await;
    let Some(tags) = tags else {
        return Names::default();
    };
    let tags: TagList = serde_json::from_slice(&tags).unwrap();
    let manifests = registry
        .get(&format!("/acr/v1/{name}/_manifests?n=1000"))
        .await;
    let manifests: ManifestList = serde_json::from_slice(&manifests.unwrap()).unwrap();
    let list = registry
        .get(&format!("/v2/{name}/tags/list"))
        .await
        .unwrap();
    let list: Value = serde_json::from_slice(&list).unwrap();
    let listed: Vec<&str> = tags.tags.iter().map(|tag| &*tag.name).collect();
    assert_eq!(
        list["tags"].as_array().map_or(0, Vec::len),
        listed.len(),
        "{list} {listed:?}"
    );
    let of_manifests: BTreeSet<(String, String)> = manifests
        .manifests
        .iter()
        .flat_map(|manifest| {
            let tags = manifest.tags.iter();
            tags.map(|tag| (tag.clone(), manifest.digest.to_string()))
        })
        .collect();
    let tags = tags
        .tags
        .into_iter()
        .map(|tag| (tag.name, tag.digest.to_string()));
    let names = Names {
        tags: tags.collect(),
        manifests: manifests
            .manifests
            .iter()
            .map(|manifest| manifest.digest.to_string())
            .collect(),
    };
    let of_tags: BTreeSet<(String, String)> = names.tags.clone().into_iter().collect();
    assert_eq!(of_manifests, of_tags, "{name}");
    names
}

/// The catalog has every repository with a manifest, and no other.
pub(super) async fn check_catalog(registry: &Registry, repositories: &[Repository]) {
    let catalog = registry.get("/v2/_catalog?n=1000").await.unwrap();
    let catalog: Value = serde_json::from_slice(&catalog).unwrap();
    let listed: Vec<String> = serde_json::from_value(catalog["repositories"].clone()).unwrap();
    let mut filled: Vec<&str> = repositories
        .iter()
        .filter(|repository| !repository.model.manifests.is_empty())
        .map(|repository| &*repository.name)
        .collect();
    filled.sort_unstable();
    assert_eq!(listed, filled);
}
