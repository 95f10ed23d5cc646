//! A registry, and short words for what is done with it.

use std::{collections::BTreeMap, sync::Arc};

use acr_api::oci::{Digest, Reference, RepositoryName, media_type};
use acr_store::Scan;
use aws_lc_rs::digest;
use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::{
    app::App,
    clock,
    domain::{
        Error,
        access::{self, Registry},
        content::{
            blob,
            collect::{Report, collect},
            manifest::{self, Push},
            repository, tag,
            upload::{self, Chunk},
            verify,
        },
    },
    testing::Server,
};

pub(in crate::domain::content) const CONFIG: &str = r#"{"architecture":"arm64","os":"linux"}"#;

pub(in crate::domain::content) struct World {
    pub(in crate::domain::content) server: Server,
    pub(in crate::domain::content) app: App,
    pub(in crate::domain::content) registry: Arc<Registry>,
}

pub(in crate::domain::content) fn name(text: &str) -> RepositoryName {
    text.parse().unwrap()
}

pub(in crate::domain::content) fn sha256(text: &str) -> Digest {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    Digest::Sha256(digest.as_ref().try_into().unwrap())
}

pub(in crate::domain::content) fn chunk(text: &str) -> Chunk {
    let bytes = bytes::Bytes::copy_from_slice(text.as_bytes());
    Chunk {
        range: None,
        length: Some(bytes.len() as u64),
        body: stream::iter([Ok(bytes)]).boxed(),
    }
}

/// An image of one layer.
pub(in crate::domain::content) fn image(layer: &str) -> String {
    json!({
        "schemaVersion": 2,
        "mediaType": media_type::IMAGE_MANIFEST,
        "config": {"mediaType": media_type::IMAGE_CONFIG, "digest": sha256(CONFIG), "size": CONFIG.len()},
        "layers": [{"mediaType": media_type::LAYER, "digest": sha256(layer), "size": layer.len()}],
    })
    .to_string()
}

/// An image that is about another manifest.
pub(in crate::domain::content) fn about(subject: &Digest, layer: &str) -> String {
    let mut about: Value = serde_json::from_str(&image(layer)).unwrap();
    about["subject"] = json!({"mediaType": about["mediaType"], "digest": subject, "size": 1});
    about.to_string()
}

/// A list of manifests.
pub(in crate::domain::content) fn index(children: &[&Digest]) -> String {
    let child = |digest: &&Digest| json!({"mediaType": media_type::IMAGE_MANIFEST, "digest": digest, "size": 1});
    let manifests: Vec<Value> = children.iter().map(child).collect();
    json!({"schemaVersion": 2, "mediaType": media_type::IMAGE_INDEX, "manifests": manifests})
        .to_string()
}

impl World {
    /// A Premium registry on a server whose clock stands where that of the blob store does.
    pub(in crate::domain::content) async fn new() -> Self {
        let mut server = Server::start().await;
        server.advance(clock::now() - server.app.now());
        server.token = server.administrator_token().await;
        Self::of(server, json!({})).await
    }

    pub(in crate::domain::content) async fn of(server: Server, properties: Value) -> Self {
        server.create("images", "Premium", properties).await;
        let app = server.app.clone();
        let registry = access::by_label(&app, "images").await.unwrap().unwrap();
        Self {
            server,
            app,
            registry,
        }
    }

    /// The same registry, on another server that shares its stores.
    pub(in crate::domain::content) async fn beside(server: Server) -> Self {
        let app = server.app.clone();
        let registry = access::by_label(&app, "images").await.unwrap().unwrap();
        Self {
            server,
            app,
            registry,
        }
    }

    pub(in crate::domain::content) fn pass(&self, time: TimeDelta) {
        self.server.advance(time);
    }

    pub(in crate::domain::content) async fn push_blob(
        &self,
        repository: &str,
        text: &str,
    ) -> Digest {
        let digest = sha256(text);
        let name = name(repository);
        let stored = upload::store(&self.app, &self.registry, &name, chunk(text), &digest);
        stored.await.unwrap();
        digest
    }

    pub(in crate::domain::content) async fn push(
        &self,
        repository: &str,
        reference: &str,
        text: &str,
    ) -> Result<Digest, Error> {
        let reference = match reference {
            "" => Reference::Digest(sha256(text)),
            tag => Reference::Tag(tag.parse().unwrap()),
        };
        let push = Push {
            name: name(repository),
            reference,
            tags: Vec::new(),
            content_type: None,
            naming: tag::Naming::default(),
            bytes: bytes::Bytes::copy_from_slice(text.as_bytes()),
        };
        let pushed = manifest::push(&self.app, &self.registry, &push).await?;
        Ok(pushed.digest)
    }

    /// Pushes an image with its blobs; no reference is no tag.
    pub(in crate::domain::content) async fn push_image(
        &self,
        repository: &str,
        reference: &str,
        layer: &str,
    ) -> Digest {
        self.push_blob(repository, CONFIG).await;
        self.push_blob(repository, layer).await;
        self.push(repository, reference, &image(layer))
            .await
            .unwrap()
    }

    /// Pushes an image with so many tags: `v1`, `v2` and so on.
    pub(in crate::domain::content) async fn push_crowd(
        &self,
        repository: &str,
        tags: usize,
    ) -> Digest {
        let digest = self.push_image(repository, "", "crowd").await;
        let push = Push {
            name: name(repository),
            reference: Reference::Digest(digest),
            tags: (1..=tags)
                .map(|n| format!("v{n}").parse().unwrap())
                .collect(),
            content_type: None,
            naming: tag::Naming::default(),
            bytes: image("crowd").into(),
        };
        let pushed = manifest::push(&self.app, &self.registry, &push).await;
        pushed.unwrap().digest
    }

    pub(in crate::domain::content) async fn mount(&self, to: &str, from: &str, digest: &Digest) {
        let (to, from) = (name(to), name(from));
        let mounted = blob::mount(&self.app, &self.registry, &to, &from, digest);
        assert!(mounted.await.unwrap());
    }

    pub(in crate::domain::content) async fn delete(&self, repository: &str, digest: &Digest) {
        let name = name(repository);
        let deleted = manifest::delete(&self.app, &self.registry, &name, digest);
        deleted.await.unwrap();
    }

    pub(in crate::domain::content) async fn repository(
        &self,
        repository: &str,
    ) -> repository::Repository {
        let name = name(repository);
        let found = repository::find_holder(&self.app, &self.registry, &name);
        found.await.unwrap()
    }

    pub(in crate::domain::content) async fn has_repository(&self, repository: &str) -> bool {
        let name = name(repository);
        let found = repository::find(&self.app, &self.registry, &name);
        found.await.is_ok()
    }

    /// Whether the blob can be read.
    pub(in crate::domain::content) async fn has_blob(
        &self,
        repository: &str,
        digest: &Digest,
    ) -> bool {
        let name = name(repository);
        let Ok(found) = repository::find_holder(&self.app, &self.registry, &name).await else {
            return false;
        };
        let Ok(linked) = blob::find(&self.app, &found, digest).await else {
            return false;
        };
        let content = blob::read(&self.app, &linked, ..).await.unwrap();
        content.bytes(1 << 20).await.unwrap();
        true
    }

    pub(in crate::domain::content) async fn has_manifest(
        &self,
        repository: &str,
        digest: &Digest,
    ) -> bool {
        let Ok(found) = repository::find(&self.app, &self.registry, &name(repository)).await else {
            return false;
        };
        let reference = Reference::Digest(*digest);
        manifest::find(&self.app, &found, &reference).await.is_ok()
    }

    /// Collects, and looks whether all that is left is whole.
    pub(in crate::domain::content) async fn collect(&self) -> Report {
        let report = collect(&self.app, false).await.unwrap();
        self.check().await;
        report
    }

    pub(in crate::domain::content) async fn check(&self) {
        assert_eq!(verify(&self.app).await.unwrap(), [""; 0]);
    }

    /// How many files the blob store has.
    pub(in crate::domain::content) async fn files(&self) -> usize {
        self.app.blobs().list(None, 10_000).await.unwrap().len()
    }

    /// All documents of some collections, with their revisions.
    pub(in crate::domain::content) async fn documents(
        &self,
        collections: &[&str],
    ) -> BTreeMap<String, i64> {
        let mut found = BTreeMap::new();
        for collection in collections {
            let scan = Scan {
                collection,
                prefix: "",
                after: None,
                limit: 100_000,
            };
            for document in self.app.meta().scan(scan).await.unwrap() {
                found.insert(format!("{collection} {}", document.key), document.revision);
            }
        }
        found
    }
}
