//! Images of a few bytes in a registry under test, pushed by plain requests.

use crate::registry::{Registry, sha256};
use acr_http::Method;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A registry with a way to fill it.
pub(super) struct Images {
    pub(super) registry: Registry,
    runtime: Runtime,
}

impl Images {
    pub(super) fn of(registry: Registry) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self { registry, runtime }
    }

    /// Pushes an image of one layer, under a tag or by its digest alone; gives its descriptor.
    pub(super) fn image(&self, name: &str, tag: Option<&str>, content: &str) -> Value {
        self.manifest(name, tag, self.body(name, content))
    }

    /// Pushes something that refers to another manifest.
    pub(super) fn referrer(&self, name: &str, subject: &Value, content: &str) -> Value {
        let mut body = self.body(name, content);
        body["subject"] = subject.clone();
        self.manifest(name, None, body)
    }

    /// Pushes a list of manifests.
    pub(super) fn index(&self, name: &str, tag: Option<&str>, parts: &[&Value]) -> Value {
        let body = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": parts});
        self.manifest(name, tag, body)
    }

    /// Whether the registry has a manifest under a tag or a digest.
    pub(super) fn has(&self, name: &str, reference: &str) -> bool {
        self.get(&format!("/v2/{name}/manifests/{reference}"))
            .is_some()
    }

    /// The bytes at a path.
    pub(super) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let bytes = self.runtime.block_on(self.registry.get(path));
        bytes.map(|bytes| bytes.to_vec())
    }

    fn body(&self, name: &str, content: &str) -> Value {
        let config = self.blob(name, "{}");
        let layer = self.blob(name, content);
        json!({"schemaVersion": 2, "mediaType": IMAGE, "config": config, "layers": [layer]})
    }

    fn blob(&self, name: &str, content: &str) -> Value {
        let digest = sha256(content.as_bytes());
        let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
        self.must(Method::POST, &path, "application/octet-stream", content);
        json!({"mediaType": "application/octet-stream", "digest": digest, "size": content.len()})
    }

    fn manifest(&self, name: &str, tag: Option<&str>, body: Value) -> Value {
        let text = body.to_string();
        let digest = sha256(text.as_bytes());
        let path = format!("/v2/{name}/manifests/{}", tag.unwrap_or(&digest));
        let kind = body["mediaType"].as_str().unwrap();
        self.must(Method::PUT, &path, kind, &text);
        json!({"mediaType": kind, "digest": digest, "size": text.len()})
    }

    fn must(&self, method: Method, path: &str, kind: &str, body: &str) {
        let request = self.registry.request(method, path);
        let request = request.header("content-type", kind).body(body.to_owned());
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let status = answer.status;
            assert!(
                status.is_success(),
                "{path}: {status} {}",
                answer.text().await.unwrap()
            );
        });
    }
}

/// The digest of a descriptor.
pub(super) fn digest(descriptor: &Value) -> &str {
    descriptor["digest"].as_str().unwrap()
}
