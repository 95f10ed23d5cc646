//! A server with a registry to import into, and ways to see what has arrived.

use std::{sync::Arc, time::Duration};

use acr_api::oci::{Digest, Manifest, Reference};
use axum::http::{StatusCode, header};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::source::{OCI_IMAGE, digest_of};
use crate::{
    app::App,
    domain::{
        access::{self, Registry},
        content::{
            blob,
            manifest::{self, Push},
            referrer, repository,
            tag::Naming,
            upload::{self, Chunk},
        },
        import::job::{COLLECTION, Held, Job},
        operation::{self, State},
    },
    testing::{Answer, Server},
};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server with the registry `target`.
pub(super) struct World {
    pub(super) server: Server,
}

impl World {
    pub(super) async fn start() -> Self {
        let server = Server::start().await;
        server.create("target", "Premium", json!({})).await;
        Self { server }
    }

    /// Asks for an import, by the administrator.
    pub(super) async fn ask(&self, body: Value) -> Answer {
        self.ask_as(&self.server.token, body).await
    }

    pub(super) async fn ask_as(&self, token: &str, body: Value) -> Answer {
        self.ask_for("target", token, body).await
    }

    async fn ask_for(&self, registry: &str, token: &str, body: Value) -> Answer {
        let path = format!("{}/importImage", self.server.registry(registry));
        self.server.arm_as(token, "POST", &path, Some(body)).await
    }

    /// Asks for an import and waits for its end.
    pub(super) async fn import(&self, body: Value) -> State {
        let id = self.begin(body).await;
        ended(&self.server.app, &id).await
    }

    /// Begins an import and gives the id of its operation.
    pub(super) async fn begin(&self, body: Value) -> String {
        self.begin_for("target", body).await
    }

    pub(super) async fn begin_for(&self, registry: &str, body: Value) -> String {
        let answer = self.ask_for(registry, &self.server.token, body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let location = answer.headers[header::LOCATION].to_str().unwrap();
        let path = location.split('?').next().unwrap();
        path.rsplit('/').next().unwrap().to_owned()
    }

    /// Imports, and gives the code and the message of the failure.
    pub(super) async fn fail(&self, body: Value) -> (String, String) {
        match self.import(body).await {
            State::Failed { code, message } => (code, message),
            state => panic!("it should have failed: {state:?}"),
        }
    }

    pub(super) async fn registry(&self, name: &str) -> Arc<Registry> {
        registry(&self.server.app, name).await
    }

    /// The digest that a name in `target` stands for.
    pub(super) async fn digest(&self, repository: &str, reference: &str) -> Option<String> {
        let (manifest, _) = self.read(repository, reference).await?;
        Some(manifest.to_string())
    }

    /// The manifest of a name in `target`.
    pub(super) async fn read(&self, name: &str, reference: &str) -> Option<(Digest, Manifest)> {
        let app = &self.server.app;
        let registry = self.registry("target").await;
        let found = repository::find(app, &registry, &name.parse().unwrap())
            .await
            .ok()?;
        let reference: Reference = reference.parse().unwrap();
        let manifest = manifest::find(app, &found, &reference).await.ok()?;
        let content = manifest::content(app, &found, &manifest).await.unwrap();
        let parsed = Manifest::parse(content.text.as_bytes(), Some(manifest.media_type()));
        assert_eq!(digest_of(content.text.as_bytes()), *manifest.digest());
        Some((*manifest.digest(), parsed.unwrap()))
    }

    /// The bytes of a blob in `target`.
    pub(super) async fn blob(&self, name: &str, digest: &str) -> Option<Bytes> {
        let app = &self.server.app;
        let registry = self.registry("target").await;
        let found = repository::find(app, &registry, &name.parse().unwrap())
            .await
            .ok()?;
        let linked = blob::find(app, &found, &digest.parse().unwrap())
            .await
            .ok()?;
        let content = blob::read(app, &linked, ..).await.unwrap();
        Some(content.bytes(1 << 20).await.unwrap())
    }

    /// How many referrers a manifest has in `target`.
    pub(super) async fn referrers(&self, name: &str, digest: &str) -> usize {
        let app = &self.server.app;
        let registry = self.registry("target").await;
        let found = repository::find(app, &registry, &name.parse().unwrap())
            .await
            .unwrap();
        let digest = digest.parse().unwrap();
        let page = referrer::list(app, &found, &digest, None, (None, None)).await;
        page.unwrap().items.len()
    }

    /// Pushes an image of one layer to a registry of the server, and gives its digest.
    pub(super) async fn push(
        &self,
        registry: &str,
        name: &str,
        tag: &str,
        content: &str,
    ) -> String {
        let registry = self.registry(registry).await;
        let mut descriptors = Vec::new();
        for bytes in [b"{}".to_vec(), content.as_bytes().to_vec()] {
            let digest = digest_of(&bytes);
            descriptors.push(json!({"mediaType": "a/b", "digest": digest, "size": bytes.len()}));
            let chunk = Chunk {
                range: None,
                length: None,
                body: stream::iter([Ok(Bytes::from(bytes))]).boxed(),
            };
            let name = name.parse().unwrap();
            upload::store(&self.server.app, &registry, &name, chunk, &digest)
                .await
                .unwrap();
        }
        let layer = descriptors.pop().unwrap();
        let body = json!({"schemaVersion": 2, "mediaType": OCI_IMAGE, "config": descriptors[0], "layers": [layer]});
        let push = Push {
            name: name.parse().unwrap(),
            reference: Reference::Tag(tag.parse().unwrap()),
            tags: Vec::new(),
            content_type: Some(OCI_IMAGE.to_owned()),
            naming: Naming::Move,
            bytes: body.to_string().into(),
        };
        let pushed = manifest::push(&self.server.app, &registry, &push)
            .await
            .unwrap();
        pushed.digest.to_string()
    }
}

pub(super) async fn registry(app: &App, name: &str) -> Arc<Registry> {
    access::by_label(app, name).await.unwrap().unwrap()
}

/// How an operation ends.
pub(super) async fn ended(app: &App, id: &str) -> State {
    let wait = async {
        loop {
            let found = operation::find(app, id).await.unwrap().unwrap();
            match found.state {
                State::Running => tokio::time::sleep(Duration::from_millis(5)).await,
                state => return state,
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .expect("the operation ends")
}

/// The job of an operation that has not ended.
pub(super) async fn job(app: &App, id: &str) -> Job {
    let registry = registry(app, "target").await;
    let key = format!("{}/{id}", registry.registry_id);
    let document = app.meta().get(COLLECTION, &key).await.unwrap();
    Held::of(&document.unwrap()).unwrap().job
}

/// A request to import an image of a host.
pub(super) fn from_host(host: &str, image: &str, targets: &[&str]) -> Value {
    json!({"source": {"registryUri": host, "sourceImage": image}, "targetTags": targets})
}
