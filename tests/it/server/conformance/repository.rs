//! A repository of its own for each test, on one server that all tests share, and a client with a token for it.

use super::wire::{self, Answer};
use crate::process::{Client, Server};
use crate::registry::Registry;
use acr_api::oci::{Algorithm, Digest};
use acr_client::registry::Hasher;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tempfile::TempDir;

const REGISTRY: &str = "conformance";

/// A server with one registry. It ends with the last test that uses it.
pub(super) struct Shared {
    server: Server,
    registry: Registry,
    folder: TempDir,
}

impl Shared {
    /// The server of all tests, started by the first one.
    pub(super) fn get() -> Arc<Self> {
        static SHARED: Mutex<Weak<Shared>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let started = Arc::new(Self::start(&[]));
        *shared = Arc::downgrade(&started);
        started
    }

    /// A server with options, for one test alone.
    pub(super) fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start_with(folder.path(), options);
        let registry = Registry::create(&server, folder.path(), REGISTRY);
        Self {
            server,
            registry,
            folder,
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.server.address
    }

    fn host(&self) -> String {
        format!("{REGISTRY}.localhost:{}", self.server.address.port())
    }

    /// A request with the headers given and no others.
    pub(super) fn send(&self, call: (&str, &str), headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let host = self.host();
        let headers = [&[("Host", host.as_str())], headers].concat();
        wire::send(self.address(), call, &headers, body)
    }

    /// What the admin user proves itself with.
    pub(super) fn basic(&self) -> String {
        basic(&self.registry.user, &self.registry.password)
    }

    /// A token of the registry that may read and write one repository: what it proves itself with.
    pub(super) fn token_of_registry(&self, name: &str, repository: &str) -> String {
        let client = Client::of(&self.server, self.folder.path());
        let words = [
            "token",
            "create",
            "-r",
            REGISTRY,
            "-n",
            name,
            "--repository",
            repository,
        ];
        let created = client.must(&[&words[..], &["content/read", "content/write"]].concat());
        let created: Value = serde_json::from_str(&created).unwrap();
        let password = &created["credentials"]["passwords"][0]["value"];
        basic(name, password.as_str().unwrap())
    }

    /// A token with these scopes, as the admin user.
    pub(super) fn token(&self, scopes: &[&str]) -> String {
        self.token_for(&self.basic(), scopes)
    }

    /// A token with these scopes, as far as whoever proves itself so has them.
    pub(super) fn token_for(&self, proof: &str, scopes: &[&str]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("service", &self.host());
        for scope in scopes {
            query.append_pair("scope", scope);
        }
        let target = format!("/oauth2/token?{}", query.finish());
        let headers = [("Authorization", proof)];
        let answer = self.send(("GET", &target), &headers, b"").is(200).json();
        format!("Bearer {}", answer["access_token"].as_str().unwrap())
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// A repository, and a client that may do everything with it and nothing with another one.
pub(super) struct Repository {
    pub(super) shared: Arc<Shared>,
    pub(super) name: String,
    pub(super) authorization: String,
}

impl Repository {
    /// One on the server of all tests; the name is the test's own.
    pub(super) fn new(name: &str) -> Self {
        Self::on(&Shared::get(), name)
    }

    pub(super) fn on(shared: &Arc<Shared>, name: &str) -> Self {
        let scope = format!("repository:{name}:pull,push,delete,metadata_write");
        Self {
            shared: shared.clone(),
            name: name.to_owned(),
            authorization: shared.token(&[&scope]),
        }
    }

    /// A request with more headers. A path that begins with a slash is that of the whole request, as
    /// in a `Location`; another one is inside the repository.
    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let inside = format!("/v2/{}/{path}", self.name);
        let target = if path.starts_with('/') { path } else { &inside };
        let proof = ("Authorization", self.authorization.as_str());
        let headers = [&[proof], headers].concat();
        self.shared.send((method, target), &headers, body.as_ref())
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(super) fn head(&self, path: &str) -> Answer {
        self.send("HEAD", path, &[], b"")
    }

    pub(super) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], b"")
    }

    pub(super) fn post(&self, path: &str) -> Answer {
        self.send("POST", path, &[], b"")
    }

    /// Begins an upload and gives its address.
    pub(super) fn begin(&self) -> String {
        let answer = self.post("blobs/uploads/").is(202);
        answer.need("location").to_owned()
    }

    /// Sends a piece of an upload and gives where to go on.
    pub(super) fn patch(&self, location: &str, range: &str, bytes: &str) -> String {
        let headers = [("Content-Range", range)];
        let answer = self.send("PATCH", location, &headers, bytes).is(202);
        answer.need("location").to_owned()
    }

    /// Pushes a blob and gives its digest.
    pub(super) fn push_blob(&self, bytes: impl AsRef<[u8]>) -> String {
        let digest = sha256(bytes.as_ref());
        let path = format!("blobs/uploads/?digest={digest}");
        self.send("POST", &path, &[], bytes).is(201);
        digest
    }

    /// Sends a manifest as what it says it is.
    pub(super) fn put(&self, path: &str, manifest: &Value) -> Answer {
        let kind = manifest["mediaType"].as_str().unwrap();
        let headers = [("Content-Type", kind)];
        self.send(
            "PUT",
            &format!("manifests/{path}"),
            &headers,
            manifest.to_string(),
        )
    }

    /// Pushes a manifest under a tag and gives its digest.
    pub(super) fn push(&self, tag: &str, manifest: &Value) -> String {
        self.put(tag, manifest).is(201);
        sha256(manifest.to_string())
    }

    /// Pushes an image that no other one equals, under a tag.
    pub(super) fn push_image(&self, tag: &str) -> String {
        let image = self.image(tag);
        self.push(tag, &image)
    }

    /// An image whose parts are pushed.
    pub(super) fn image(&self, content: &str) -> Value {
        let config = json!({"os": "linux", "architecture": "amd64", "author": content}).to_string();
        json!({
            "schemaVersion": 2,
            "mediaType": IMAGE,
            "config": self.part("application/vnd.oci.image.config.v1+json", &config),
            "layers": [self.part("application/vnd.oci.image.layer.v1.tar", content)],
        })
    }

    /// The descriptor of a blob that is pushed.
    pub(super) fn part(&self, kind: &str, content: &str) -> Value {
        json!({"mediaType": kind, "digest": self.push_blob(content), "size": content.len()})
    }

    /// Whether a blob is there and is what it should be.
    #[track_caller]
    pub(super) fn has_blob(&self, location: &str, content: impl AsRef<[u8]>) {
        let answer = self.get(location).is(200);
        assert_eq!(answer.body, content.as_ref());
    }
}

pub(super) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The descriptor of a manifest.
pub(super) fn descriptor(manifest: &Value) -> Value {
    let text = manifest.to_string();
    json!({"mediaType": manifest["mediaType"], "digest": sha256(&text), "size": text.len()})
}

pub(super) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    digest(Algorithm::Sha256, bytes).to_string()
}

pub(super) fn sha512(bytes: impl AsRef<[u8]>) -> String {
    digest(Algorithm::Sha512, bytes).to_string()
}

fn digest(algorithm: Algorithm, bytes: impl AsRef<[u8]>) -> Digest {
    Hasher::digest(algorithm, bytes.as_ref())
}
