//! One client at work on one repository, until the server is gone.

use super::model::{Blob, Change, Manifest, Repository};
use crate::random::Random;
use crate::registry::{Registry, sha256};
use acr_http::{Method, Response};
use bytes::Bytes;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LARGEST_LAYER_BYTES: usize = 40_000;
const MOST_MANIFESTS: usize = 6;
const TAGS: [&str; 4] = ["latest", "stable", "v1", "v2"];

/// The server is gone.
pub(super) struct Gone;

/// A client with the repository that it alone writes to.
pub(super) struct Worker {
    pub(super) registry: Registry,
    pub(super) repository: Repository,
    pub(super) random: Random,
    /// Layers that all repositories have some of.
    pub(super) shared: Arc<Vec<Bytes>>,
    /// Repositories to mount from.
    pub(super) others: Arc<Vec<String>>,
    /// How many requests of all workers were answered.
    pub(super) answered: Arc<AtomicUsize>,
}

impl Worker {
    /// Works until the server is gone, and gives the repository back.
    pub(super) async fn run(mut self) -> Repository {
        while self.step().await.is_ok() {}
        self.repository
    }

    async fn step(&mut self) -> Result<(), Gone> {
        let is_full = self.repository.model.manifests.len() > MOST_MANIFESTS;
        match self.random.below(20) {
            _ if is_full => self.remove_manifest().await,
            0..=9 => self.push().await,
            10..=12 => self.move_tag().await,
            13..=14 => self.remove_tag().await,
            15..=16 => self.remove_manifest().await,
            17..=18 => self.remove_blob().await,
            _ => self.give_up_an_upload().await,
        }
    }

    /// Pushes an image: a config of its own, a layer of its own, a layer that others have too.
    async fn push(&mut self) -> Result<(), Gone> {
        let config = Bytes::from(json!({ "nonce": self.random.next() }).to_string());
        let length = 1 + self.random.below(LARGEST_LAYER_BYTES);
        let own = Bytes::from(self.random.bytes(length));
        let shared = self.random.pick(self.shared.iter().cloned());
        let parts = [config, own, shared.expect("there are some")];
        for bytes in &parts {
            self.put_blob(bytes).await?;
        }
        let [config, layers @ ..] = parts.each_ref().map(|bytes| {
            json!({
                "mediaType": "application/vnd.oci.image.layer.v1.tar",
                "digest": sha256(bytes),
                "size": bytes.len(),
            })
        });
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers,
        });
        let manifest = Manifest {
            bytes: Bytes::from(manifest.to_string()),
            blobs: parts.iter().map(|bytes| sha256(bytes)).collect(),
        };
        let tag = self.random.pick(TAGS).map(str::to_owned);
        let tag = tag.filter(|_| self.random.below(4) > 0);
        self.put_manifest(manifest, tag).await
    }

    async fn move_tag(&mut self) -> Result<(), Gone> {
        let manifests = self.repository.model.manifests.values();
        let Some(manifest) = self.random.pick(manifests).cloned() else {
            return Ok(());
        };
        let tag = self.random.pick(TAGS).map(str::to_owned);
        self.put_manifest(manifest, tag).await
    }

    async fn put_manifest(&mut self, manifest: Manifest, tag: Option<String>) -> Result<(), Gone> {
        let digest = sha256(&manifest.bytes);
        let reference = tag.clone().unwrap_or_else(|| digest.clone());
        let path = self.path(&format!("manifests/{reference}"));
        let request = self
            .registry
            .request(Method::PUT, &path)
            .header("content-type", MANIFEST)
            .body(manifest.bytes.clone());
        let change = Change::PutManifest {
            digest,
            manifest,
            tag,
        };
        let answer = self.change(request, change.clone()).await?;
        if self.is_done(&answer, &[201]) {
            return Ok(());
        }
        let Change::PutManifest { manifest, .. } = change else {
            unreachable!("it is one");
        };
        // A blob that nothing needed for so long may be gone; the next push brings it again.
        let text = answer.text().await.unwrap_or_default();
        let model = &mut self.repository.model;
        let needed: BTreeSet<String> = model.needed().into_iter().map(str::to_owned).collect();
        let may_be_gone =
            |digest: &&String| !needed.contains(*digest) && model.blobs[*digest].may_be_cleared();
        let gone: Vec<&String> = manifest.blobs.iter().filter(may_be_gone).collect();
        let is_explained = text.contains("BLOB_UNKNOWN") && !gone.is_empty();
        assert!(is_explained, "{path}: {text}");
        model.blobs.retain(|digest, _| !gone.contains(&digest));
        Ok(())
    }

    async fn remove_manifest(&mut self) -> Result<(), Gone> {
        let manifests = self.repository.model.manifests.keys();
        let Some(digest) = self.random.pick(manifests).cloned() else {
            return Ok(());
        };
        let path = self.path(&format!("manifests/{digest}"));
        self.remove(&path, Change::RemoveManifest { digest }).await
    }

    async fn remove_tag(&mut self) -> Result<(), Gone> {
        let Some(tag) = self.random.pick(self.repository.model.tags.keys()).cloned() else {
            return Ok(());
        };
        let path = format!("/acr/v1/{}/_tags/{tag}", self.repository.name);
        self.remove(&path, Change::RemoveTag { tag }).await
    }

    async fn remove_blob(&mut self) -> Result<(), Gone> {
        let model = &self.repository.model;
        let needed = model.needed();
        let Some(digest) = self.random.pick(model.blobs.keys()).cloned() else {
            return Ok(());
        };
        let is_needed = needed.contains(&*digest);
        let path = self.path(&format!("blobs/{digest}"));
        if !is_needed {
            return self.remove(&path, Change::RemoveBlob { digest }).await;
        }
        let answer = self
            .send(self.registry.request(Method::DELETE, &path))
            .await?;
        assert_eq!(answer.status.as_u16(), 405, "{path} is needed");
        Ok(())
    }

    async fn remove(&mut self, path: &str, change: Change) -> Result<(), Gone> {
        let may_be_absent = match &change {
            Change::RemoveBlob { digest } => self.repository.model.blobs[digest].may_be_cleared(),
            _ => false,
        };
        let request = self.registry.request(Method::DELETE, path);
        let answer = self.change(request, change.clone()).await?;
        if answer.status.as_u16() == 404 && may_be_absent {
            self.repository.model.apply(change);
            return Ok(());
        }
        let is_done = self.is_done(&answer, &[202]);
        assert!(is_done, "{path}: {}", answer.status);
        Ok(())
    }

    /// Gives the repository a blob in one of the ways there are.
    async fn put_blob(&mut self, bytes: &Bytes) -> Result<(), Gone> {
        let digest = sha256(bytes);
        let uploads = self.path("blobs/uploads/");
        let (location, sent) = match self.random.below(4) {
            0 => (format!("{uploads}?digest={digest}"), 0),
            1 => {
                let other = self
                    .random
                    .pick(self.others.iter())
                    .expect("there are some");
                let path = format!("{uploads}?mount={digest}&from={other}");
                match self.mount(&path, &digest, bytes).await? {
                    Some(location) => (location, 0),
                    None => return Ok(()),
                }
            }
            2 => (self.begin().await?, 0),
            _ => {
                let location = self.begin().await?;
                let sent = bytes.len() / 2;
                self.send_piece(&location, &bytes.slice(..sent), 0).await?;
                (location, sent)
            }
        };
        let method = match location.starts_with(&format!("{uploads}?")) {
            true => Method::POST,
            false => Method::PUT,
        };
        let sign = if location.contains('?') { '&' } else { '?' };
        let request = self
            .registry
            .request(method, &format!("{location}{sign}digest={digest}"))
            .header("content-type", "application/octet-stream")
            .body(bytes.slice(sent..));
        let blob = Blob::asked_now(bytes.clone());
        let answer = self
            .change(request, Change::PutBlob { digest, blob })
            .await?;
        let is_done = self.is_done(&answer, &[201]);
        assert!(is_done, "{location}: {}", answer.status);
        Ok(())
    }

    /// Mounts a blob; gives where to upload it if the other repository does not have it.
    async fn mount(
        &mut self,
        path: &str,
        digest: &str,
        bytes: &Bytes,
    ) -> Result<Option<String>, Gone> {
        let blob = Blob::asked_now(bytes.clone());
        let digest = digest.to_owned();
        let request = self.registry.request(Method::POST, path);
        let answer = self
            .change(request, Change::PutBlob { digest, blob })
            .await?;
        match self.is_done(&answer, &[201]) {
            true => Ok(None),
            false => Ok(Some(location(&answer))),
        }
    }

    async fn begin(&mut self) -> Result<String, Gone> {
        let path = self.path("blobs/uploads/");
        let answer = self
            .send(self.registry.request(Method::POST, &path))
            .await?;
        Ok(location(&answer))
    }

    async fn send_piece(&mut self, to: &str, bytes: &Bytes, first: usize) -> Result<(), Gone> {
        if bytes.is_empty() {
            return Ok(());
        }
        let range = format!("{first}-{}", first + bytes.len() - 1);
        let request = self
            .registry
            .request(Method::PATCH, to)
            .header("content-range", &range)
            .header("content-type", "application/octet-stream")
            .body(bytes.clone());
        let answer = self.send(request).await?;
        assert_eq!(answer.status.as_u16(), 202, "{to}");
        Ok(())
    }

    async fn give_up_an_upload(&mut self) -> Result<(), Gone> {
        let bytes = Bytes::from(self.random.bytes(LARGEST_LAYER_BYTES));
        self.repository.given_up.push(sha256(&bytes));
        let location = self.begin().await?;
        self.send_piece(&location, &bytes, 0).await
    }

    /// Sends a request that changes the repository, which happens or not if there is no answer.
    async fn change(
        &mut self,
        request: acr_http::Request,
        change: Change,
    ) -> Result<Response, Gone> {
        self.repository.under_way = Some(change);
        self.send(request).await
    }

    /// Takes in what was under way if the answer is one of success.
    fn is_done(&mut self, answer: &Response, success: &[u16]) -> bool {
        let change = self.repository.under_way.take().expect("it was set");
        let is_done = success.contains(&answer.status.as_u16());
        if is_done {
            self.repository.model.apply(change);
        }
        is_done
    }

    async fn send(&self, request: acr_http::Request) -> Result<Response, Gone> {
        let answer = request.send().await.map_err(|_| Gone)?;
        self.answered.fetch_add(1, Ordering::Relaxed);
        Ok(answer)
    }

    fn path(&self, rest: &str) -> String {
        format!("/v2/{}/{rest}", self.repository.name)
    }
}

/// Where an upload goes on.
fn location(answer: &Response) -> String {
    let status = answer.status.as_u16();
    assert_eq!(status, 202, "{}", answer.url());
    answer.header("location").expect("an upload").to_owned()
}
