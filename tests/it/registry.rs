//! A registry of a server under test, and plain requests to its data plane as its admin user.

use crate::process::{Client, Server};
use acr_api::oci::{Algorithm, Digest};
use acr_http::{Method, Request, Response, Retry, Settings};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::net::SocketAddr;
use std::path::Path;

/// A registry that has an admin user.
#[derive(Clone)]
pub(crate) struct Registry {
    http: acr_http::Client,
    origin: String,
    host: String,
    authorization: String,
    /// The name of its admin user, which is its own.
    pub(crate) user: String,
    /// The password of that.
    pub(crate) password: String,
}

impl Registry {
    /// Makes a registry.
    pub(crate) fn create(server: &Server, home: &Path, name: &str) -> Self {
        let client = Client::of(server, home);
        client.must(&["create", "-n", name, "--sku", "premium", "--admin-enabled"]);
        Self::open(server, home, name)
    }

    /// Opens one that was made before.
    pub(crate) fn open(server: &Server, home: &Path, name: &str) -> Self {
        let shown = Client::of(server, home).must(&["credential", "show", "-n", name]);
        let credentials: Value = serde_json::from_str(&shown).expect("JSON");
        let password = credentials["passwords"][0]["value"]
            .as_str()
            .expect("an admin user has a password")
            .to_owned();
        Self::with_password(server.address, name, password)
    }

    /// One whose password is known.
    pub(crate) fn with_password(server: SocketAddr, name: &str, password: String) -> Self {
        Self {
            http: acr_http::Client::new(Settings::default()),
            origin: format!("http://{server}"),
            host: format!("{name}.localhost:{}", server.port()),
            authorization: format!("Basic {}", STANDARD.encode(format!("{name}:{password}"))),
            user: name.to_owned(),
            password,
        }
    }

    /// The same registry after a restart of its server, which listens elsewhere now.
    pub(crate) fn on(&self, server: &Server) -> Self {
        Self {
            origin: origin(server, &self.user),
            ..self.clone()
        }
    }

    /// A request under construction, sent once.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request {
        self.http
            .request(method, &format!("{}{path}", self.origin))
            .header("host", &self.host)
            .authorization(&self.authorization)
            .retry(Retry::NEVER)
    }

    /// Sends a request without a body.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
    ) -> Result<Response, acr_http::Error> {
        self.request(method, path).send().await
    }

    /// The bytes at a path, or `None` if there is nothing.
    pub(crate) async fn get(&self, path: &str) -> Option<Bytes> {
        let answer = self.send(Method::GET, path).await.unwrap();
        match answer.status.as_u16() {
            200 => Some(answer.bytes().await.unwrap()),
            404 => None,
            status => panic!("{path}: {status} {}", answer.text().await.unwrap()),
        }
    }
}

fn origin(server: &Server, name: &str) -> String {
    format!("http://{name}.localhost:{}", server.address.port())
}

/// The digest of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Digest::from_bytes(Algorithm::Sha256, &Sha256::digest(bytes))
        .expect("32 bytes")
        .to_string()
}
