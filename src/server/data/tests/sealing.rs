//! Blobs at rest: sealed once there is a master key, and readable through every change of it.

use acr_store::blob::Target;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::fixture::{Client, sha256};
use crate::{
    app::Options,
    domain::sealing::{self, MasterKeys},
    testing::Server,
};

const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const LAYER: &str = "what the disk must not show";

/// The settings of a server with these master keys, whose blobs lie in a folder.
fn with(folder: &TempDir, keys: Option<&str>) -> impl FnOnce(&mut Options) {
    let target = Target::Local(folder.path().to_owned());
    let keys = keys.map(|keys| MasterKeys::parse(keys).unwrap());
    move |options| {
        options.blobs = target;
        options.master_keys = keys;
    }
}

async fn restart(client: Client, folder: &TempDir, keys: Option<&str>) -> Client {
    let (app, _) = client.server.open_again(with(folder, keys)).await;
    Client {
        server: client.server.with_app(app),
        ..client
    }
}

/// All that lies in the files of the folder.
fn disk(folder: &std::path::Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => disk(&entry.path()),
                false => String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into(),
            }
        })
        .collect()
}

async fn encryption(client: &Client) -> Value {
    let path = client.server.registry("images");
    let registry = client.server.arm("GET", &path, None).await.json();
    registry["properties"]["encryption"].clone()
}

async fn is_read(client: &Client, digest: &str) {
    let answer = client.get(&format!("/v2/app/blobs/{digest}")).await;
    assert_eq!((answer.status, &*answer.text), (StatusCode::OK, LAYER));
}

#[tokio::test]
async fn images_are_pushed_and_pulled_as_if_nothing_were_sealed() {
    let folder = TempDir::new().unwrap();
    let client = Client::of(Server::start_with(with(&folder, Some(OLD))).await).await;
    client.push_image("app", "v1", LAYER).await;
    let digest = sha256(LAYER);
    is_read(&client, &digest).await;
    let path = format!("/v2/app/blobs/{digest}");
    let part = client.send_with("GET", &path, &[("range", "bytes=5-7")], "");
    let part = part.await;
    assert_eq!(
        (part.status, &*part.text),
        (StatusCode::PARTIAL_CONTENT, &LAYER[5..=7])
    );
    let manifests = client.get("/acr/v1/app/_manifests").await.json();
    assert_eq!(manifests["manifests"][0]["architecture"], "arm64");
    let place = client.begin("app").await;
    for half in [&LAYER[..9], &LAYER[9..]] {
        let answer = client.send("PATCH", &place, half).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    }
    let other = sha256(LAYER);
    let separator = if place.contains('?') { '&' } else { '?' };
    let last = format!("{place}{separator}digest={other}");
    let ended = client.send("PUT", &last, "").await;
    assert_eq!(ended.status, StatusCode::CREATED, "{}", ended.text);
    assert!(!disk(folder.path()).contains("must not show"));
}

#[tokio::test]
async fn the_registry_says_what_seals_its_blobs() {
    let folder = TempDir::new().unwrap();
    let client = Client::of(Server::start_with(with(&folder, None)).await).await;
    assert_eq!(encryption(&client).await, json!({"status": "disabled"}));
    let client = restart(client, &folder, Some(OLD)).await;
    let id = MasterKeys::parse(OLD).unwrap().current().to_owned();
    let sealed = json!({
        "dataKey": {"algorithm": "AES-256-GCM", "masterKey": id},
        "status": "disabled",
    });
    assert_eq!(encryption(&client).await, sealed);
    let change = json!({"properties": {"encryption": sealed}});
    let path = client.server.registry("images");
    let answer = client.server.arm("PATCH", &path, Some(change)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let collection = "resource/microsoft.containerregistry/registries";
    let key = path.to_ascii_lowercase();
    let stored = client.server.app.meta().get(collection, &key).await;
    let stored: Value = stored.unwrap().unwrap().parse().unwrap();
    assert_eq!(
        stored["properties"]["encryption"],
        json!({"status": "disabled"})
    );
}

#[tokio::test]
async fn a_master_key_is_replaced_without_writing_a_blob_again() {
    let folder = TempDir::new().unwrap();
    let client = Client::of(Server::start_with(with(&folder, None)).await).await;
    client.push_image("app", "plain", LAYER).await;
    let client = restart(client, &folder, Some(OLD)).await;
    is_read(&client, &sha256(LAYER)).await;
    let (sealed, _) = client.push_image("app", "sealed", "another layer").await;
    let before = disk(folder.path());
    let old = MasterKeys::parse(OLD).unwrap().current().to_owned();

    let client = restart(client, &folder, Some(NEW)).await;
    let app = client.server.app.clone();
    assert_eq!(sealing::missing(&app).await.unwrap(), Some(old.clone()));
    let layer = format!("/v2/app/blobs/{}", sha256("another layer"));
    assert_eq!(
        client.get(&layer).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );

    let both = format!("{NEW}\n{OLD}");
    let client = restart(client, &folder, Some(&both)).await;
    let app = client.server.app.clone();
    assert_eq!(sealing::missing(&app).await.unwrap(), None);
    assert!(sealing::has_retiring(&app).await.unwrap());
    let rewrapped = sealing::rewrap_all(&app).await.unwrap();
    assert_eq!((rewrapped.keys, rewrapped.retired), (1, vec![old]));
    assert!(!sealing::has_retiring(&app).await.unwrap());

    let client = restart(client, &folder, Some(NEW)).await;
    let app = client.server.app.clone();
    assert_eq!(sealing::missing(&app).await.unwrap(), None);
    assert_eq!(client.get(&layer).await.text, "another layer");
    is_read(&client, &sha256(LAYER)).await;
    assert_eq!(disk(folder.path()), before);
    let manifest = client.get(&format!("/v2/app/manifests/{sealed}")).await;
    assert_eq!(manifest.status, StatusCode::OK);

    let client = restart(client, &folder, None).await;
    let missing = sealing::missing(&client.server.app).await.unwrap();
    assert_eq!(
        missing.as_deref(),
        Some(MasterKeys::parse(NEW).unwrap().current())
    );
    is_read(&client, &sha256(LAYER)).await;
}

#[tokio::test]
async fn a_deleted_registry_takes_its_key_along() {
    let folder = TempDir::new().unwrap();
    let client = Client::of(Server::start_with(with(&folder, Some(OLD))).await).await;
    client.push_blob("app", LAYER).await;
    let app = client.server.app.clone();
    assert_eq!(app.meta().count("data-key", "").await.unwrap(), 1);
    let path = client.server.registry("images");
    client.server.arm("DELETE", &path, None).await;
    assert_eq!(app.meta().count("data-key", "").await.unwrap(), 0);
}
