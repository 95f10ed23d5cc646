//! What tests of this crate share: a home folder, unsigned tokens, and a token service on loopback.

use crate::cloud::Cloud;
use crate::context::Context;
use crate::environment::Environment;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The moment at which all tests take place.
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

pub(crate) fn jwt(claims: Value) -> String {
    let part = |value: String| URL_SAFE_NO_PAD.encode(value);
    format!(
        "{}.{}.c2ln",
        part(r#"{"alg":"none"}"#.to_owned()),
        part(claims.to_string())
    )
}

/// A home folder that goes away with its test.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file where az keeps its own.
    pub(crate) fn write_azure(&self, name: &str, content: &str) -> PathBuf {
        self.write(&format!(".azure/{name}"), content)
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let variables: BTreeMap<_, _> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Environment::from_map(variables, self.path())
    }

    /// A context whose cloud has its token service at `authority`.
    pub(crate) fn context(&self, authority: &str, variables: &[(&str, &str)]) -> Context {
        let mut cloud = Cloud::public();
        cloud.active_directory = authority.to_owned();
        Context {
            environment: self.environment(variables),
            http: acr_http::Client::new(acr_http::Settings::default()),
            cloud,
            subscription: None,
            clock: now,
        }
    }
}

/// What a fake service was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) form: BTreeMap<String, String>,
}

/// A status, headers and a body.
pub(crate) type Said = (u16, Vec<(&'static str, String)>, Value);

type Script = Arc<dyn Fn(&Asked) -> Said + Send + Sync>;

/// A service on loopback that answers by a script and remembers what it was asked.
pub(crate) struct Service {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Service {
    pub(crate) async fn start(script: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let state: (Script, _) = (Arc::new(script), Arc::clone(&asked));
        let router = axum::Router::new().fallback(serve).with_state(state);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, task }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    State((script, log)): State<(Script, Arc<Mutex<Vec<Asked>>>)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let pairs = |text: &[u8]| url::form_urlencoded::parse(text).into_owned().collect();
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        form: pairs(&body),
    };
    let (status, headers, body) = script(&asked);
    log.lock().unwrap().push(asked);
    let mut response = (
        axum::http::StatusCode::from_u16(status).unwrap(),
        axum::Json(body),
    )
        .into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}
