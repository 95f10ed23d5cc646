//! An engine that is none: it saves and loads what it is told to.

use super::{Address, Engine, Error};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{get, post};
use std::io::Read;
use std::sync::{Arc, Mutex};

type Loaded = Arc<Mutex<Vec<usize>>>;

async fn images(uri: Uri) -> (StatusCode, Vec<u8>) {
    match uri.path() {
        "/images/team/app:v1/get" => (StatusCode::OK, vec![7; 3_000_000]),
        "/images/team/app:v1/json" => (StatusCode::OK, b"{}".to_vec()),
        "/images/broken/get" => {
            let body = br#"{"message":"no such layer"}"#.to_vec();
            (StatusCode::INTERNAL_SERVER_ERROR, body)
        }
        _ => (StatusCode::NOT_FOUND, Vec::new()),
    }
}

async fn load(State(loaded): State<Loaded>, body: Bytes) -> &'static str {
    loaded.lock().unwrap().push(body.len());
    match body.len() {
        0 => r#"{"errorDetail":{},"error":"unexpected EOF"}"#,
        _ => r#"{"stream":"Loaded image: team/app:v1\n"}"#,
    }
}

/// An engine at a socket in a folder.
#[cfg(unix)]
async fn start() -> (tempfile::TempDir, Engine, Loaded) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let listener = tokio::net::UnixListener::bind(&socket).unwrap();
    let loaded = Loaded::default();
    let router = Router::new()
        .route("/_ping", get(|| async { "OK" }))
        .route("/images/load", post(load))
        .fallback(images)
        .layer(DefaultBodyLimit::disable())
        .with_state(loaded.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let engine = Engine::at(&Address::Socket(socket)).await.unwrap();
    (folder, engine, loaded)
}

#[cfg(unix)]
#[tokio::test]
async fn an_image_is_saved_and_another_one_is_not_there() {
    let (_folder, engine, _) = start().await;
    assert!(engine.has("team/app:v1").await.unwrap());
    assert!(!engine.has("team/app:v2").await.unwrap());
    let told = Mutex::new(0);
    let tell = |here| *told.lock().unwrap() = here;
    let saved = engine.save("team/app:v1", tell).await.unwrap();
    let mut bytes = Vec::new();
    saved.reopen().unwrap().read_to_end(&mut bytes).unwrap();
    assert!(bytes == vec![7; 3_000_000]);
    assert_eq!(*told.lock().unwrap(), 3_000_000);
    let missing = engine.save("team/app:v2", |_| {}).await.unwrap_err();
    assert!(matches!(missing, Error::NoImage { .. }), "{missing}");
    let broken = engine.save("broken", |_| {}).await.unwrap_err();
    assert!(broken.to_string().contains("no such layer"), "{broken}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_archive_is_loaded_or_the_engine_s_complaint_is_told() {
    let (folder, engine, loaded) = start().await;
    let archive = folder.path().join("image.tar");
    std::fs::write(&archive, vec![1; 2_000_000]).unwrap();
    engine.load(&archive).await.unwrap();
    assert_eq!(*loaded.lock().unwrap(), [2_000_000]);
    std::fs::write(&archive, "").unwrap();
    let error = engine.load(&archive).await.unwrap_err().to_string();
    assert!(error.contains("unexpected EOF"), "{error}");
    assert!(engine.load(folder.path()).await.is_err());
}

#[tokio::test]
async fn an_engine_that_is_away_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let socket = Address::Socket(folder.path().join("none.sock"));
    let error = Engine::at(&socket).await.unwrap_err();
    assert!(matches!(error, Error::Away { .. }), "{error}");
    assert!(error.to_string().contains("none.sock"), "{error}");
}
