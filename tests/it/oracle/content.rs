//! What the registries of a scene hold: small, and the same to the letter each time.

use acr_api::oci::media_type;
use acr_http::Method;
use serde_json::{Value, json};

use crate::registry::{Registry, sha256};

const CONFIG: &str = r#"{"architecture":"amd64","os":"linux"}"#;
const EMPTY: &str = "{}";

/// More than fits on a page, and not by one only.
const MANY: usize = 103;

/// The digests of what [`push_few`] pushes, as command lines name them.
pub(super) fn blanks() -> Vec<(&'static str, String)> {
    let app = image("app");
    let sbom = referrer("application/vnd.example.sbom", &app);
    vec![
        ("{ONE}", digest(&image("one"))),
        ("{TWO}", digest(&image("two"))),
        ("{THREE}", digest(&image("three"))),
        ("{INDEX}", digest(&index(&[image("one"), image("two")]))),
        ("{APP}", digest(&app)),
        ("{SBOM}", digest(&sbom)),
        ("{NONE}", sha256(b"nothing")),
    ]
}

/// Pushes `hello` with tags, an index, an image without a tag and a locked tag, and `team/app` with
/// what refers to it.
pub(super) async fn push_few(registry: &Registry) {
    let (one, two) = (image("one"), image("two"));
    for text in ["one", "two", "three", "kept"] {
        push_parts(registry, "hello", text).await;
    }
    for (reference, manifest) in [
        ("v1", &one),
        ("latest", &one),
        ("v2", &two),
        (&*digest(&image("three")), &image("three")),
        ("kept", &image("kept")),
        ("multi", &index(&[one.clone(), two.clone()])),
    ] {
        push(registry, "hello", reference, manifest).await;
    }
    let locked = json!({ "deleteEnabled": false, "writeEnabled": false });
    change(registry, "/acr/v1/hello/_tags/kept", &locked).await;

    let app = image("app");
    push_parts(registry, "team/app", "app").await;
    push(registry, "team/app", "latest", &app).await;
    let sbom = referrer("application/vnd.example.sbom", &app);
    for manifest in [
        &sbom,
        &referrer("application/vnd.example.signature", &app),
        &referrer("application/vnd.example.signature", &sbom),
    ] {
        push(registry, "team/app", &digest(manifest), manifest).await;
    }
}

/// Pushes as [`push_few`] does, and deletes a manifest, tags and a repository of that. Of the tag `v1` two
/// manifests are deleted.
pub(super) async fn push_and_delete(registry: &Registry) {
    push_few(registry).await;
    delete(registry, "/acr/v1/hello/_tags/v1").await;
    push(registry, "hello", "v1", &image("two")).await;
    delete(registry, "/acr/v1/hello/_tags/v1").await;
    delete(registry, "/acr/v1/hello/_tags/v2").await;
    let three = format!("/v2/hello/manifests/{}", digest(&image("three")));
    delete(registry, &three).await;
    delete(registry, "/acr/v1/team/app").await;
}

/// Pushes more repositories than fit on a page, and more tags and manifests than that to `many`.
pub(super) async fn push_many(registry: &Registry) {
    push_blob(registry, "many", EMPTY).await;
    for number in 0..MANY {
        let manifest = artifact(&format!("application/vnd.example.n{number}"), None);
        push(registry, "many", &format!("t{number:03}"), &manifest).await;
        let name = format!("many/r{number:03}");
        push_blob(registry, &name, EMPTY).await;
        push(registry, &name, "v1", &manifest).await;
    }
}

fn image(layer: &str) -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": media_type::IMAGE_MANIFEST,
        "config": part(media_type::IMAGE_CONFIG, CONFIG),
        "layers": [part(media_type::LAYER, layer)],
    })
}

fn index(images: &[Value]) -> Value {
    let entries: Vec<Value> = images
        .iter()
        .zip(["amd64", "arm64"])
        .map(|(image, architecture)| {
            let mut entry = part(media_type::IMAGE_MANIFEST, &image.to_string());
            entry["platform"] = json!({ "architecture": architecture, "os": "linux" });
            entry
        })
        .collect();
    json!({ "schemaVersion": 2, "mediaType": media_type::IMAGE_INDEX, "manifests": entries })
}

fn referrer(kind: &str, subject: &Value) -> Value {
    artifact(kind, Some(subject))
}

fn artifact(kind: &str, subject: Option<&Value>) -> Value {
    let mut artifact = json!({
        "schemaVersion": 2,
        "mediaType": media_type::IMAGE_MANIFEST,
        "artifactType": kind,
        "config": part(media_type::EMPTY, EMPTY),
        "layers": [part(media_type::EMPTY, EMPTY)],
    });
    if let Some(subject) = subject {
        artifact["subject"] = part(media_type::IMAGE_MANIFEST, &subject.to_string());
        artifact["annotations"] = json!({ "about": "something" });
    }
    artifact
}

fn part(kind: &str, content: &str) -> Value {
    json!({ "mediaType": kind, "digest": sha256(content.as_bytes()), "size": content.len() })
}

fn digest(manifest: &Value) -> String {
    sha256(manifest.to_string().as_bytes())
}

async fn push_parts(registry: &Registry, name: &str, layer: &str) {
    for content in [CONFIG, layer, EMPTY] {
        push_blob(registry, name, content).await;
    }
}

async fn push_blob(registry: &Registry, name: &str, content: &str) {
    let digest = sha256(content.as_bytes());
    let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
    send(
        registry,
        Method::POST,
        &path,
        "application/octet-stream",
        content,
    )
    .await;
}

async fn push(registry: &Registry, name: &str, reference: &str, manifest: &Value) {
    let path = format!("/v2/{name}/manifests/{reference}");
    let kind = manifest["mediaType"].as_str().expect("a media type");
    send(registry, Method::PUT, &path, kind, &manifest.to_string()).await;
}

async fn change(registry: &Registry, path: &str, change: &Value) {
    send(
        registry,
        Method::PATCH,
        path,
        "application/json",
        &change.to_string(),
    )
    .await;
}

async fn delete(registry: &Registry, path: &str) {
    send(registry, Method::DELETE, path, "application/json", "").await;
}

async fn send(registry: &Registry, method: Method, path: &str, kind: &str, body: &str) {
    let request = registry.request(method, path).header("content-type", kind);
    let answer = request.body(body.to_owned()).send().await;
    let answer = answer.expect("the server answers");
    let status = answer.status;
    let text = answer.text().await.expect("a whole body");
    assert!(status.is_success(), "{path}: {status} {text}");
}
