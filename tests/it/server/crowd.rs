//! Many clients that push the same image at the same time, as a fleet of builders does.

use crate::process::Server;
use crate::random::Random;
use crate::registry::{Registry, sha256};
use acr_http::Method;
use acr_store::blob::MARK;
use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

const CLIENTS: usize = 64;
/// Repositories that they push to: some share one, and within one all push the same tag.
const REPOSITORIES: usize = 16;
const LAYERS: [usize; 3] = [10, 70_000, 1_500_000];
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

#[tokio::test(flavor = "multi_thread")]
async fn the_same_layers_from_all_sides_are_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let registry = Registry::create(&server, folder.path(), "crowd");
    let mut random = Random::of(Random::seed());
    let layers: Arc<Vec<Bytes>> = Arc::new(
        LAYERS
            .map(|length| Bytes::from(random.bytes(length)))
            .into(),
    );
    let manifest = manifest(&layers);
    let pushes = (0..CLIENTS).map(|client| {
        let (registry, layers) = (registry.clone(), Arc::clone(&layers));
        let (name, manifest) = (repository(client), manifest.clone());
        tokio::spawn(async move { push(&registry, &name, &layers, manifest).await })
    });
    for ended in join_all(pushes).await {
        ended.unwrap();
    }
    for client in 0..REPOSITORIES {
        let name = repository(client);
        let path = format!("/v2/{name}/manifests/latest");
        assert_eq!(registry.get(&path).await.as_ref(), Some(&manifest));
        for layer in layers.iter() {
            let path = format!("/v2/{name}/blobs/{}", sha256(layer));
            assert!(registry.get(&path).await.as_ref() == Some(layer), "{path}");
        }
    }
    let blobs = folder.path().join("data/blobs");
    let mark = blobs.join(MARK).metadata().unwrap().len();
    let kept = size_of(&blobs) - mark;
    let needed: usize = LAYERS.iter().sum();
    assert_eq!(kept, needed as u64, "bytes are kept more than once");
}

fn repository(client: usize) -> String {
    format!("fleet/{}", client % REPOSITORIES)
}

fn manifest(layers: &[Bytes]) -> Bytes {
    let [config, layers @ ..] = layers else {
        panic!("an image has a config");
    };
    let part = |bytes: &Bytes| {
        json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar",
            "digest": sha256(bytes),
            "size": bytes.len(),
        })
    };
    let layers: Vec<_> = layers.iter().map(part).collect();
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": part(config), "layers": layers,
    });
    Bytes::from(manifest.to_string())
}

/// As Docker does it: asks for each layer, all at once, and sends those that are not there.
async fn push(registry: &Registry, name: &str, layers: &[Bytes], manifest: Bytes) {
    join_all(layers.iter().map(|layer| push_layer(registry, name, layer))).await;
    let path = format!("/v2/{name}/manifests/latest");
    let request = registry.request(Method::PUT, &path);
    let request = request.header("content-type", MANIFEST).body(manifest);
    expect(request, 201).await;
}

async fn push_layer(registry: &Registry, name: &str, layer: &Bytes) {
    let digest = sha256(layer);
    let path = format!("/v2/{name}/blobs/{digest}");
    if registry.send(Method::HEAD, &path).await.unwrap().status == 200 {
        return;
    }
    let path = format!("/v2/{name}/blobs/uploads/");
    let begun = expect(registry.request(Method::POST, &path), 202).await;
    let piece = registry.request(Method::PATCH, &begun).body(layer.clone());
    let sent = expect(piece, 202).await;
    let end = format!("{sent}?digest={digest}");
    expect(registry.request(Method::PUT, &end), 201).await;
}

/// Sends a request that must come to this, and gives where it goes on.
async fn expect(request: acr_http::Request, status: u16) -> String {
    let answer = request.send().await.unwrap();
    let location = answer.header("location").unwrap_or_default().to_owned();
    let (seen, url) = (answer.status.as_u16(), answer.url().to_owned());
    assert_eq!(seen, status, "{url}: {}", answer.text().await.unwrap());
    location
}

/// The bytes in all files of a folder.
fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.metadata().unwrap() {
        inner if inner.is_dir() => size_of(&entry.path()),
        file => file.len(),
    });
    sizes.sum()
}
