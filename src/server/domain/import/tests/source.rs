//! A registry elsewhere that answers what it was told to answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use acr_api::oci::{Algorithm, Digest};
use aws_lc_rs::digest;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Response},
};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

pub(super) const OCI_IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// What is answered to a GET or HEAD of a path.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Said,
}

/// What an answer has for a body.
#[derive(Clone)]
pub(super) enum Said {
    Bytes(Bytes),
    /// The same kilobytes again and again.
    Endless,
}

#[derive(Default)]
struct Inner {
    replies: HashMap<String, Reply>,
    /// The value of `Authorization` that is wanted, and what is asked for without it.
    wanted: Option<(String, String)>,
    log: Vec<(String, HeaderMap)>,
}

/// The registry.
#[derive(Clone)]
pub(super) struct Source {
    inner: Arc<Mutex<Inner>>,
    /// Blobs are answered only while there are permits.
    pub(super) gate: Arc<Semaphore>,
    pub(super) host: String,
}

impl Source {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let source = Self {
            inner: Arc::default(),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            host: format!("localhost:{port}"),
        };
        let router = Router::new().fallback(answer).with_state(source.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        source
    }

    pub(super) fn reply(&self, path: &str, reply: Reply) {
        self.inner
            .lock()
            .unwrap()
            .replies
            .insert(path.to_owned(), reply);
    }

    pub(super) fn change(&self, path: &str, change: impl FnOnce(&mut Reply)) {
        change(self.inner.lock().unwrap().replies.get_mut(path).unwrap());
    }

    pub(super) fn forget(&self, path: &str) {
        self.inner.lock().unwrap().replies.remove(path);
    }

    /// From now on nothing is answered without this.
    pub(super) fn want(&self, authorization: &str, challenge: &str) {
        self.inner.lock().unwrap().wanted = Some((authorization.into(), challenge.into()));
    }

    /// The values of `Authorization` that came with requests for a path.
    pub(super) fn authorizations(&self, path: &str) -> Vec<Option<String>> {
        let inner = self.inner.lock().unwrap();
        let seen = inner.log.iter().filter(|(seen, _)| seen == path);
        seen.map(|(_, headers)| {
            let value = headers.get("authorization")?;
            Some(value.to_str().unwrap().to_owned())
        })
        .collect()
    }

    pub(super) fn has_been_asked(&self, path: &str) -> bool {
        !self.authorizations(path).is_empty()
    }

    pub(super) fn blob(&self, repository: &str, bytes: &[u8]) -> Value {
        let digest = digest_of(bytes);
        let path = format!("/v2/{repository}/blobs/{digest}");
        self.reply(&path, ok("application/octet-stream", bytes));
        json!({"mediaType": LAYER, "digest": digest, "size": bytes.len()})
    }

    /// Keeps a manifest under its digest, and under a tag if there is one.
    pub(super) fn manifest(&self, repository: &str, tag: Option<&str>, body: &Value) -> Value {
        let text = body.to_string();
        let digest = digest_of(text.as_bytes());
        let kind = body["mediaType"].as_str().unwrap_or(OCI_IMAGE).to_owned();
        let mut reply = ok(&kind, text.as_bytes());
        reply
            .headers
            .push(("docker-content-digest", digest.to_string()));
        for reference in [Some(digest.to_string()), tag.map(str::to_owned)] {
            let Some(reference) = reference else { continue };
            let path = format!("/v2/{repository}/manifests/{reference}");
            self.reply(&path, reply.clone());
        }
        json!({"mediaType": kind, "digest": digest, "size": text.len()})
    }

    /// An image of one layer.
    pub(super) fn image(&self, repository: &str, tag: Option<&str>, content: &str) -> Value {
        self.manifest(repository, tag, &self.image_body(repository, content))
    }

    pub(super) fn image_body(&self, repository: &str, content: &str) -> Value {
        let mut config = self.blob(repository, format!("{{\"c\":\"{content}\"}}").as_bytes());
        config["mediaType"] = CONFIG.into();
        let layer = self.blob(repository, content.as_bytes());
        json!({"schemaVersion": 2, "mediaType": OCI_IMAGE, "config": config, "layers": [layer]})
    }
}

pub(super) fn index(manifests: &[Value]) -> Value {
    json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests})
}

pub(super) fn ok(kind: &str, bytes: &[u8]) -> Reply {
    Reply {
        status: 200,
        headers: vec![("content-type", kind.to_owned())],
        body: Said::Bytes(Bytes::copy_from_slice(bytes)),
    }
}

pub(super) fn redirect(target: &str) -> Reply {
    Reply {
        status: 307,
        headers: vec![("location", target.to_owned())],
        body: Said::Bytes(Bytes::new()),
    }
}

pub(super) fn digest_of(bytes: &[u8]) -> Digest {
    let hash = digest::digest(&digest::SHA256, bytes);
    Digest::from_bytes(Algorithm::Sha256, hash.as_ref()).unwrap()
}

async fn answer(State(source): State<Source>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let is_head = request.method() == "HEAD";
    if path.contains("/blobs/") && !is_head {
        drop(source.gate.acquire().await.unwrap());
    }
    let mut inner = source.inner.lock().unwrap();
    inner.log.push((path.clone(), request.headers().clone()));
    let given = request.headers().get("authorization");
    if let Some((wanted, challenge)) = &inner.wanted
        && given.is_none_or(|given| given != wanted.as_str())
    {
        let refused = Response::builder().status(401);
        let refused = refused.header("www-authenticate", challenge);
        return refused
            .body(Body::from(
                r#"{"errors":[{"code":"UNAUTHORIZED","message":"no"}]}"#,
            ))
            .unwrap();
    }
    let Some(reply) = inner.replies.get(&path).cloned() else {
        return Response::builder().status(404).body(Body::empty()).unwrap();
    };
    let mut answer = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        answer = answer.header(name, value);
    }
    let body = match reply.body {
        Said::Bytes(bytes) if is_head => {
            answer = answer.header("content-length", bytes.len());
            Body::empty()
        }
        Said::Bytes(bytes) => Body::from(bytes),
        Said::Endless => {
            let piece = Bytes::from_static(&[b'x'; 16 * 1024]);
            Body::from_stream(stream::repeat_with(move || {
                Ok::<_, std::io::Error>(piece.clone())
            }))
        }
    };
    answer.body(body).unwrap()
}
