//! A server with one registry, somebody who works on it, and images to work with.

use crate::process::{Client, Server};
use acr_client::registry::Hasher;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const REGISTRY: &str = "pictures";

/// All of that; the server ends with it.
pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) server: Server,
    pub(crate) client: Client,
}

impl Stage {
    /// A registry with an admin user, which is the default one.
    pub(crate) fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path());
        let client = Client::of(&server, folder.path());
        client.must(&[
            "create",
            "-n",
            REGISTRY,
            "--sku",
            "standard",
            "--admin-enabled",
        ]);
        Self {
            folder,
            server,
            client,
        }
    }

    /// Its login server.
    pub(crate) fn host(&self) -> String {
        format!("{REGISTRY}.localhost:{}", self.server.address.port())
    }

    /// A path in the folder of whoever works here.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An OCI layout there, with one image of some layers, and its digest.
    pub(crate) fn layout(&self, name: &str, layers: &[Vec<u8>]) -> (PathBuf, String) {
        let folder = self.path(name);
        let digest = write_layout(&folder, layers);
        (folder, digest)
    }

    /// Runs a command line that has to answer JSON.
    #[track_caller]
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let text = self.client.must(words);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// The admin user's name and password.
    pub(crate) fn admin(&self) -> (String, String) {
        let shown = self.json(&["credential", "show"]);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (
            text(&shown["username"]),
            text(&shown["passwords"][0]["value"]),
        )
    }
}

/// A layer that no other has, and that does not compress.
pub(crate) fn layer(seed: u32, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..bytes).map(|_| next()).collect()
}

/// Where a layout keeps a blob.
pub(crate) fn blob_path(folder: &Path, digest: &str) -> PathBuf {
    folder.join("blobs").join(digest.replace(':', "/"))
}

fn write_layout(folder: &Path, layers: &[Vec<u8>]) -> String {
    std::fs::create_dir_all(folder.join("blobs/sha256")).unwrap();
    let put = |bytes: &[u8], media_type: &str| {
        let digest = sha256(bytes);
        std::fs::write(blob_path(folder, &digest), bytes).unwrap();
        json!({"mediaType": media_type, "digest": digest, "size": bytes.len()})
    };
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": layers.iter().map(|l| sha256(l)).collect::<Vec<_>>()},
    });
    let config = put(
        config.to_string().as_bytes(),
        "application/vnd.oci.image.config.v1+json",
    );
    let layers: Vec<Value> = layers
        .iter()
        .map(|layer| put(layer, "application/vnd.oci.image.layer.v1.tar"))
        .collect();
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config, "layers": layers,
    });
    let entry = put(
        manifest.to_string().as_bytes(),
        "application/vnd.oci.image.manifest.v1+json",
    );
    let index = json!({"schemaVersion": 2, "manifests": [entry]});
    std::fs::write(folder.join("index.json"), index.to_string()).unwrap();
    let mark = r#"{"imageLayoutVersion":"1.0.0"}"#;
    std::fs::write(folder.join("oci-layout"), mark).unwrap();
    entry["digest"].as_str().unwrap().to_owned()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Hasher::digest(acr_api::oci::Algorithm::Sha256, bytes).to_string()
}
