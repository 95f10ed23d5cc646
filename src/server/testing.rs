//! A whole server in process for tests: a database of its own and a clock that is set by hand.

use std::sync::{Arc, Mutex};

use acr_store::Target;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    app::{App, Options},
    domain::{
        directory::{
            Application, ClientSecret, Principal, PrincipalKind, keep_application, keep_principal,
        },
        seed::Administrator,
    },
    http::router,
};

/// The address the server believes to have.
pub(crate) const ENDPOINT: &str = "https://localhost:5480";
const VERSION: &str = "api-version=2026-09-01-preview";

/// A server.
pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) administrator: Administrator,
    pub(crate) router: Router,
    pub(crate) token: String,
    clock: Arc<Mutex<DateTime<Utc>>>,
    folder: TempDir,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Mutex::new("2026-09-10T09:00:00Z".parse().unwrap()));
        let mut options = options(&folder, &clock);
        change(&mut options);
        let (app, administrator) = App::open(options).await.unwrap();
        let mut server = Self {
            router: router(app.clone()),
            app,
            administrator,
            token: String::new(),
            clock,
            folder,
        };
        server.token = server.administrator_token().await;
        server
    }

    /// Opens the same database once more, as after a restart.
    pub(crate) async fn open_again(
        &self,
        change: impl FnOnce(&mut Options),
    ) -> (App, Administrator) {
        self.app.meta().close().await;
        let mut options = options(&self.folder, &self.clock);
        change(&mut options);
        App::open(options).await.unwrap()
    }

    /// The same clients in front of a server that was opened again.
    pub(crate) fn with_app(self, app: App) -> Self {
        Self {
            router: router(app.clone()),
            app,
            ..self
        }
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.clock.lock().unwrap() += by;
    }

    pub(crate) async fn administrator_token(&self) -> String {
        let answer = self
            .client_credentials(
                &self.administrator.client_id,
                self.administrator.client_secret.expose(),
            )
            .await;
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn client_credentials(&self, client_id: &str, secret: &str) -> Answer {
        self.token_request(&[
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", secret),
            ("scope", &format!("{ENDPOINT}//.default")),
        ])
        .await
    }

    pub(crate) async fn token_request(&self, fields: &[(&str, &str)]) -> Answer {
        let path = format!("/{}/oauth2/v2.0/token", self.administrator.tenant_id);
        self.form(&path, fields).await
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        request
            .headers_mut()
            .entry(header::HOST)
            .or_insert("localhost:5480".parse().unwrap());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Sends a management request as the administrator.
    pub(crate) async fn arm(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.arm_as(&self.token, method, path, body).await
    }

    pub(crate) async fn arm_as(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let separator = if path.contains('?') { '&' } else { '?' };
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{path}{separator}{VERSION}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        self.send(request).await
    }

    /// Makes a service principal without any role; gives its object id and a token.
    pub(crate) async fn stranger(&self) -> (String, String) {
        let id = || Uuid::new_v4().to_string();
        let now = self.app.now();
        let (secret, kept) = ClientSecret::make(None, now, TimeDelta::days(1)).unwrap();
        let principal = Principal {
            id: id(),
            kind: PrincipalKind::ServicePrincipal,
            display_name: "stranger".to_owned(),
            app_id: Some(id()),
            user_principal_name: None,
            password: None,
        };
        let application = Application {
            id: id(),
            app_id: principal.app_id.clone().unwrap(),
            display_name: "stranger".to_owned(),
            created: now,
            principal_id: Some(principal.id.clone()),
            secrets: vec![kept],
            keys: Vec::new(),
            federated: Vec::new(),
            identifier_uris: Vec::new(),
        };
        let batch = keep_application(acr_store::Batch::new(), &application);
        let batch = keep_principal(batch, &principal);
        self.app.meta().commit(batch).await.unwrap();
        let answer = self
            .client_credentials(&application.app_id, secret.expose())
            .await;
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        (principal.id, token)
    }

    pub(crate) fn subscription(&self) -> String {
        format!("/subscriptions/{}", self.administrator.subscription_id)
    }

    pub(crate) fn group(&self) -> String {
        format!("{}/resourceGroups/default", self.subscription())
    }

    /// The id of a registry in the group `default`.
    pub(crate) fn registry(&self, name: &str) -> String {
        format!(
            "{}/providers/Microsoft.ContainerRegistry/registries/{name}",
            self.group()
        )
    }

    /// Makes a registry and gives its body.
    pub(crate) async fn create(&self, name: &str, sku: &str, properties: Value) -> Value {
        let body = serde_json::json!({"location": "East US", "sku": {"name": sku}, "properties": properties});
        let answer = self.arm("PUT", &self.registry(name), Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()
    }
}

fn options(folder: &TempDir, clock: &Arc<Mutex<DateTime<Utc>>>) -> Options {
    let database = Target::Sqlite(folder.path().join("acr.db"));
    let clock = Arc::clone(clock);
    Options {
        clock: Arc::new(move || *clock.lock().unwrap()),
        ..Options::new(database, ENDPOINT, "localhost:5480")
    }
}
