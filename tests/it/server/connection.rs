//! An administrator's connection to a server under test.

use crate::process::Server;
use acr_http::{Client, Method, Response, Retry, Secret, Settings};
use serde_json::{Value, json};

/// Requests as the administrator, each sent once.
#[derive(Clone)]
pub(super) struct Connection {
    http: Client,
    token: Secret,
    endpoint: String,
    subscription: String,
}

impl Connection {
    /// Logs in as the administrator.
    pub(super) async fn open(server: &Server) -> Self {
        let http = Client::new(Settings {
            ca_bundle: Some(server.ca_file()),
            ..Settings::default()
        });
        let endpoint = server.admin("endpoint").to_owned();
        let url = format!("{endpoint}/{}/oauth2/v2.0/token", server.admin("tenantId"));
        let scope = format!("{endpoint}/.default");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", server.admin("clientId")),
            ("client_secret", server.admin("clientSecret")),
            ("scope", &scope),
        ];
        let answer = http.post(&url).form(&form).send().await.unwrap();
        assert_eq!(answer.status.as_u16(), 200);
        let answer: Value = answer.json().await.unwrap();
        Self {
            http,
            token: Secret::new(answer["access_token"].as_str().unwrap()),
            endpoint,
            subscription: server.admin("subscriptionId").to_owned(),
        }
    }

    /// The path of a registry in the group `default`.
    pub(super) fn registry(&self, name: &str) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries/{name}",
            self.subscription
        )
    }

    /// The path of all registries.
    pub(super) fn registries(&self) -> String {
        self.provider("registries")
    }

    /// A path of the provider in the subscription.
    pub(super) fn provider(&self, rest: &str) -> String {
        format!(
            "/subscriptions/{}/providers/Microsoft.ContainerRegistry/{rest}",
            self.subscription
        )
    }

    /// A request under construction, with the administrator's token.
    pub(super) fn request(&self, method: Method, path: &str) -> acr_http::Request {
        let url = format!("{}{path}?api-version=2026-09-01-preview", self.endpoint);
        self.http
            .request(method, &url)
            .bearer(&self.token)
            .retry(Retry::NEVER)
    }

    /// Asks for a registry; an error if no answer came.
    pub(super) async fn create(&self, name: &str) -> Result<Response, acr_http::Error> {
        let body = json!({"location": "local", "sku": {"name": "Basic"}, "properties": {}});
        self.request(Method::PUT, &self.registry(name))
            .json(&body)
            .send()
            .await
    }

    /// Reads what must be there.
    pub(super) async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// The names of all registries, over all pages.
    pub(super) async fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut page = self.get(&self.registries()).await;
        loop {
            let items = page["value"].as_array().unwrap();
            names.extend(
                items
                    .iter()
                    .map(|item| item["name"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["nextLink"].as_str() else {
                return names;
            };
            let request = self.http.get(next).bearer(&self.token);
            page = request.send().await.unwrap().json().await.unwrap();
        }
    }

    /// The address of the server.
    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The client, for requests of another identity.
    pub(super) fn http(&self) -> &Client {
        &self.http
    }

    /// The administrator's token.
    pub(super) fn token(&self) -> &Secret {
        &self.token
    }
}
