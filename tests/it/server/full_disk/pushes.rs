//! Pushes onto a disk that fills up: every refusal is clear, nothing acknowledged is lost, nothing refused is seen.

use super::disk::SmallDisk;
use crate::process::Server;
use crate::random::Random;
use crate::registry::{Registry, sha256};
use acr_http::{Method, Response};
use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const REPOSITORY: &str = "full";
const LAYER_BYTES: usize = 300_000;
const AT_ONCE: usize = 4;
/// What is left of the disk at first, …
const ROOM_BYTES: u64 = 5 * 1024 * 1024;
/// … and more than fit there.
const MOST_IMAGES: u64 = 100;

/// An image of two blobs.
struct Image {
    tag: String,
    manifest: Bytes,
    blobs: [Bytes; 2],
}

impl Image {
    fn new(number: u64) -> Self {
        let config = Bytes::from(json!({ "number": number }).to_string());
        let layer = Bytes::from(Random::of(number).bytes(LAYER_BYTES));
        let blobs = [config, layer];
        let [config, layer] = blobs.each_ref().map(|bytes| {
            json!({
                "mediaType": "application/vnd.oci.image.layer.v1.tar",
                "digest": sha256(bytes),
                "size": bytes.len(),
            })
        });
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer],
        });
        Self {
            tag: format!("v{number}"),
            manifest: Bytes::from(manifest.to_string()),
            blobs,
        }
    }

    /// Pushes it; gives the first answer that is a refusal.
    async fn push(&self, registry: &Registry) -> Result<(), Response> {
        for (number, bytes) in self.blobs.iter().enumerate() {
            let uploads = format!("/v2/{REPOSITORY}/blobs/uploads/");
            let begun = registry.send(Method::POST, &uploads).await.unwrap();
            let location = match begun.header("location") {
                Some(location) => location.to_owned(),
                None => return Err(begun),
            };
            // One blob comes in pieces, the other one whole.
            let sent = number * bytes.len() / 2;
            if sent > 0 {
                let piece = registry.request(Method::PATCH, &location);
                accepted(piece.body(bytes.slice(..sent)), 202).await?;
            }
            let end = format!("{location}?digest={}", sha256(bytes));
            let rest = registry.request(Method::PUT, &end);
            accepted(rest.body(bytes.slice(sent..)), 201).await?;
        }
        let path = format!("/v2/{REPOSITORY}/manifests/{}", self.tag);
        let manifest = registry
            .request(Method::PUT, &path)
            .header("content-type", MANIFEST);
        accepted(manifest.body(self.manifest.clone()), 201).await
    }

    /// Checks that all of it is there.
    async fn check(&self, registry: &Registry) {
        let path = format!("/v2/{REPOSITORY}/manifests/{}", self.tag);
        assert_eq!(
            registry.get(&path).await.as_ref(),
            Some(&self.manifest),
            "{path}"
        );
        for bytes in &self.blobs {
            let path = format!("/v2/{REPOSITORY}/blobs/{}", sha256(bytes));
            assert!(registry.get(&path).await.as_ref() == Some(bytes), "{path}");
        }
    }
}

async fn accepted(request: acr_http::Request, status: u16) -> Result<(), Response> {
    let answer = request.send().await.unwrap();
    match answer.status.as_u16() == status {
        true => Ok(()),
        false => Err(answer),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pushes_onto_a_full_disk_are_refused_and_take_nothing_along() {
    let test = "pushes_onto_a_full_disk_are_refused_and_take_nothing_along";
    let Some(disk) = SmallDisk::mount(test, 64) else {
        return;
    };
    let server = Server::start(disk.path());
    let registry = Registry::create(&server, disk.path(), "crowded");

    disk.fill();
    disk.leave(ROOM_BYTES);

    let mut pushed = Vec::new();
    let mut refused = Vec::new();
    let mut numbers = (1..MOST_IMAGES).map(Image::new);
    while refused.is_empty() {
        let images: Vec<Image> = numbers.by_ref().take(AT_ONCE).collect();
        assert!(!images.is_empty(), "the disk has an end");
        let answers = join_all(images.iter().map(|image| image.push(&registry))).await;
        for (image, answer) in images.into_iter().zip(answers) {
            match answer {
                Ok(()) => pushed.push(image),
                Err(answer) => {
                    expect_clear(answer).await;
                    refused.push(image);
                }
            }
        }
    }
    assert!(pushed.len() > AT_ONCE, "{} were pushed", pushed.len());

    // To the last block, where not even a manifest has room.
    disk.fill();
    for image in &refused {
        expect_clear(image.push(&registry).await.unwrap_err()).await;
    }
    check(&registry, &pushed, &refused).await;

    disk.clear();
    for image in refused {
        assert!(image.push(&registry).await.is_ok(), "there is room again");
        pushed.push(image);
    }
    server.kill();
    let server = Server::start(disk.path());
    check(&registry.on(&server), &pushed, &[]).await;
}

/// The refusal says what is wrong, in the words of a registry.
async fn expect_clear(answer: Response) {
    let status = answer.status.as_u16();
    let text = answer.text().await.unwrap();
    assert_eq!(status, 507, "{text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("space"), "{message}");
}

/// All that was pushed is there, and of what was refused no name.
async fn check(registry: &Registry, pushed: &[Image], refused: &[Image]) {
    for image in pushed {
        image.check(registry).await;
    }
    for image in refused {
        let path = format!("/v2/{REPOSITORY}/manifests/{}", sha256(&image.manifest));
        assert_eq!(registry.get(&path).await, None, "{path} was refused");
    }
    let list = registry
        .get(&format!("/v2/{REPOSITORY}/tags/list?n=1000"))
        .await;
    let list: Value = serde_json::from_slice(&list.unwrap()).unwrap();
    let listed: BTreeSet<&str> = list["tags"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(Value::as_str)
        .collect();
    assert_eq!(listed, pushed.iter().map(|image| &*image.tag).collect());
}
