//! A registry with its admin user, and the few things most tests push.

use acr_api::oci::{Digest, media_type};
use aws_lc_rs::digest;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::testing::{Answer, Server};

/// The host of the registry.
pub(super) const HOST: &str = "images.localhost:5480";

/// A client of a registry, signed in as its admin user.
pub(super) struct Client {
    pub(super) server: Server,
    pub(super) authorization: String,
}

impl Client {
    pub(super) async fn start() -> Self {
        Self::of(Server::start().await).await
    }

    pub(super) async fn of(server: Server) -> Self {
        server
            .create("images", "Premium", json!({"adminUserEnabled": true}))
            .await;
        let path = format!("{}/listCredentials", server.registry("images"));
        let credentials = server.arm("POST", &path, None).await.json();
        let password = credentials["passwords"][0]["value"].as_str().unwrap();
        let pair = STANDARD.encode(format!("images:{password}"));
        Self {
            server,
            authorization: format!("Basic {pair}"),
        }
    }

    /// Sends a request with more headers.
    pub(super) async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::AUTHORIZATION, &self.authorization);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request.body(body.into()).unwrap()).await
    }

    pub(super) async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.send_with(method, path, &[], body).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Body::empty()).await
    }

    /// Begins an upload and gives its address.
    pub(super) async fn begin(&self, name: &str) -> String {
        let answer = self
            .send("POST", &format!("/v2/{name}/blobs/uploads/"), Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        answer.location()
    }

    /// Pushes a blob and gives its digest.
    pub(super) async fn push_blob(&self, name: &str, bytes: &'static str) -> String {
        let digest = sha256(bytes);
        let path = format!("/v2/{name}/blobs/uploads/?digest={digest}");
        let answer = self.send("POST", &path, bytes).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        digest
    }

    /// Pushes an image of a configuration and one layer; gives its digest and its bytes.
    pub(super) async fn push_image(
        &self,
        name: &str,
        reference: &str,
        layer: &'static str,
    ) -> (String, String) {
        const CONFIG: &str = r#"{"architecture":"arm64","os":"linux"}"#;
        let config = self.push_blob(name, CONFIG).await;
        let digest = self.push_blob(name, layer).await;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type::IMAGE_MANIFEST,
            "config": {"mediaType": media_type::IMAGE_CONFIG, "digest": config, "size": CONFIG.len()},
            "layers": [{"mediaType": media_type::LAYER, "digest": digest, "size": layer.len()}],
        })
        .to_string();
        let answer = self.put(name, reference, manifest.clone()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        (sha256(&manifest), manifest)
    }

    /// Pushes an artifact that is about another manifest and gives its digest.
    pub(super) async fn push_referrer(&self, name: &str, subject: &str, kind: &str) -> String {
        let empty = self.push_blob(name, "{}").await;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type::IMAGE_MANIFEST,
            "artifactType": kind,
            "config": {"mediaType": media_type::EMPTY, "digest": empty, "size": 2},
            "layers": [],
            "subject": {"mediaType": media_type::IMAGE_MANIFEST, "digest": subject, "size": 1},
            "annotations": {"kind": kind},
        })
        .to_string();
        let digest = sha256(&manifest);
        let answer = self.put(name, &digest, manifest).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.headers["oci-subject"], subject);
        digest
    }

    /// Pushes a manifest that says itself what it is.
    pub(super) async fn put(&self, name: &str, reference: &str, manifest: String) -> Answer {
        let path = format!("/v2/{name}/manifests/{reference}");
        let parsed: Value = serde_json::from_str(&manifest).unwrap_or_default();
        let kind = parsed["mediaType"]
            .as_str()
            .unwrap_or(media_type::IMAGE_MANIFEST);
        self.send_with("PUT", &path, &[("content-type", kind)], manifest)
            .await
    }

    /// Changes attributes.
    pub(super) async fn patch(&self, path: &str, change: Value) -> Answer {
        self.send("PATCH", path, change.to_string()).await
    }
}

impl Answer {
    pub(super) fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a registry's refusal.
    pub(super) fn refusal(&self) -> String {
        let body = self.json();
        body["errors"][0]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

pub(super) fn sha256(text: &str) -> String {
    Digest::Sha256(
        digest::digest(&digest::SHA256, text.as_bytes())
            .as_ref()
            .try_into()
            .unwrap(),
    )
    .to_string()
}

pub(super) fn sha512(text: &str) -> String {
    Digest::Sha512(
        digest::digest(&digest::SHA512, text.as_bytes())
            .as_ref()
            .try_into()
            .unwrap(),
    )
    .to_string()
}
