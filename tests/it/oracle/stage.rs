//! What the server holds before a command line is run.

use acr_http::{Client, Method, Secret, Settings};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

use super::content;
use crate::process::Server;
use crate::registry::Registry;

const API_VERSION: &str = "2026-09-01-preview";
const PATIENCE: Duration = Duration::from_secs(30);

/// What differs from the plain state: `basicreg` and `premreg` in `rg1`, `stdreg` in `rg2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scene {
    Plain,
    /// `basicreg` has tags that each form of answer writes in a way of its own.
    OddTags,
    /// `premreg` has an identity of its own.
    SystemIdentity,
    /// `premreg` may act as `id1`.
    UserIdentity,
    /// `premreg` has both.
    BothIdentities,
    /// `basicreg` keeps what is deleted, for 30 days.
    SoftDelete,
    /// `premreg` is encrypted with a key of the customer's.
    CustomerKey,
    /// `premreg` has dedicated endpoints.
    Endpoints,
    /// `premreg` trusts signed content only.
    ContentTrust,
    /// `premreg` lets in one address and one subnet by rule.
    NetworkRules,
    /// `stdreg` has the scope map `readers` and the token `reader1`, which has its first password.
    Access,
    /// `premreg` has a few images and artifacts.
    Content,
    /// `premreg` has more repositories, and more manifests and tags in one of them, than fit on a page.
    Pages,
    /// `premreg` keeps what is deleted, for 30 days, and has something of the kind.
    Deleted,
}

/// Sets up the server through its own ARM, past the recorder.
pub(super) struct Stage {
    runtime: Runtime,
    http: Client,
    address: SocketAddr,
    endpoint: String,
    subscription: String,
    token: Secret,
    standing: Option<Scene>,
}

impl Stage {
    /// Signs in as the administrator, and makes what all scenes have.
    pub(super) fn new(server: &Server) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let http = Client::new(Settings {
            ca_bundle: Some(server.ca_file()),
            ..Settings::default()
        });
        let token = runtime.block_on(token(&http, server));
        let stage = Self {
            runtime,
            http,
            address: server.address,
            endpoint: server.admin("endpoint").to_owned(),
            subscription: server.admin("subscriptionId").to_owned(),
            token,
            standing: None,
        };
        for (group, location) in [("rg1", "eastus"), ("rg2", "westeurope")] {
            let path = format!(
                "/subscriptions/{}/resourceGroups/{group}",
                stage.subscription
            );
            stage.must(Method::PUT, &path, &json!({ "location": location }));
        }
        let identity = json!({ "location": "eastus" });
        stage.must(Method::PUT, &stage.identity("id1"), &identity);
        stage
    }

    /// Says that the last command line changed something.
    pub(super) fn spoil(&mut self) {
        self.standing = None;
    }

    /// Makes a scene, unless it still stands.
    pub(super) fn set(&mut self, scene: Scene) {
        if self.standing == Some(scene) {
            return;
        }
        self.clear();
        self.put(
            "rg1",
            "basicreg",
            &json!({ "sku": { "name": "Basic" }, "location": "eastus", "tags": { "env": "dev" } }),
        );
        self.put("rg2", "stdreg", &json!({ "sku": { "name": "Standard" }, "location": "westeurope", "tags": { "a": "b" } }));
        let mut premium = json!({ "sku": { "name": "Premium" }, "location": "eastus", "properties": { "adminUserEnabled": true } });
        if scene == Scene::CustomerKey {
            premium["identity"] = self.both_identities();
            premium["properties"]["encryption"] = json!({
                "status": "enabled",
                "keyVaultProperties": {
                    "keyIdentifier": "https://vault.example.org/keys/first",
                    "identity": "system",
                },
            });
        }
        self.put("rg1", "premreg", &premium);
        if scene == Scene::Access {
            self.give_access();
        }
        if let Some((name, change)) = self.change(scene) {
            self.must(Method::PATCH, &self.registry("rg1", name), &change);
        }
        match scene {
            Scene::Content => self.fill(content::push_few),
            Scene::Deleted => self.fill(content::push_and_delete),
            Scene::Pages => self.fill(content::push_many),
            _ => {}
        }
        self.standing = Some(scene);
    }

    fn change(&self, scene: Scene) -> Option<(&'static str, Value)> {
        let identity = |kind: &str, users: Option<Value>| {
            let mut identity = json!({ "type": kind });
            if let Some(users) = users {
                identity["userAssignedIdentities"] = users;
            }
            json!({ "identity": identity })
        };
        let users = Some(json!({ self.identity("id1"): {} }));
        let policies = |policies: Value| json!({ "properties": { "policies": policies } });
        Some(match scene {
            Scene::Plain | Scene::CustomerKey | Scene::Access | Scene::Content | Scene::Pages => {
                return None;
            }
            Scene::OddTags => ("basicreg", json!({ "tags": odd_tags() })),
            Scene::SystemIdentity => ("premreg", identity("SystemAssigned", None)),
            Scene::UserIdentity => ("premreg", identity("UserAssigned", users)),
            Scene::BothIdentities => ("premreg", json!({ "identity": self.both_identities() })),
            Scene::SoftDelete => ("basicreg", policies(soft_delete())),
            Scene::Deleted => ("premreg", policies(soft_delete())),
            Scene::Endpoints => (
                "premreg",
                json!({ "properties": { "dataEndpointEnabled": true, "regionalEndpoints": "Enabled" } }),
            ),
            Scene::ContentTrust => (
                "premreg",
                policies(json!({ "trustPolicy": { "type": "Notary", "status": "enabled" } })),
            ),
            Scene::NetworkRules => (
                "premreg",
                json!({ "properties": { "networkRuleSet": {
                    "defaultAction": "Deny",
                    "ipRules": [{ "value": "1.2.3.4" }],
                    "virtualNetworkRules": [{ "virtualNetworkSubnetResourceId": subnet(&self.subscription) }],
                } } }),
            ),
        })
    }

    fn both_identities(&self) -> Value {
        let users = json!({ self.identity("id1"): {} });
        json!({ "type": "SystemAssigned, UserAssigned", "userAssignedIdentities": users })
    }

    fn give_access(&self) {
        let registry = self.registry("rg2", "stdreg");
        let map = format!("{registry}/scopeMaps/readers");
        let actions = json!({ "properties": { "actions": ["repositories/a/content/read"] } });
        self.must(Method::PUT, &map, &actions);
        let token = format!("{registry}/tokens/reader1");
        let body = json!({ "properties": { "scopeMapId": map, "status": "enabled" } });
        self.must(Method::PUT, &token, &body);
        self.wait(&token, |_, token| {
            token["properties"]["provisioningState"] == "Succeeded"
        });
        let first = json!({ "tokenId": token, "name": "password1" });
        self.must(
            Method::POST,
            &format!("{registry}/generateCredentials"),
            &first,
        );
    }

    /// Pushes something to `premreg`.
    fn fill(&self, push: impl AsyncFnOnce(&Registry)) {
        let path = format!("{}/listCredentials", self.registry("rg1", "premreg"));
        let (_, credentials) = self.send(Method::POST, &path, None);
        let password = credentials["passwords"][0]["value"].as_str();
        let password = password.expect("an admin user has a password").to_owned();
        let registry = Registry::with_password(self.address, "premreg", password);
        self.runtime.block_on(push(&registry));
    }

    fn clear(&self) {
        let all = format!(
            "/subscriptions/{}/providers/Microsoft.ContainerRegistry/registries",
            self.subscription
        );
        let (_, registries) = self.send(Method::GET, &all, None);
        for registry in registries["value"].as_array().expect("a list") {
            let id = registry["id"].as_str().expect("an id");
            self.send(Method::DELETE, id, None);
            self.wait(id, |status, _| status == 404);
        }
    }

    fn put(&self, group: &str, name: &str, body: &Value) {
        let id = self.registry(group, name);
        self.must(Method::PUT, &id, body);
        self.wait(&id, |_, registry| {
            registry["properties"]["provisioningState"] == "Succeeded"
        });
    }

    fn wait(&self, id: &str, is_done: impl Fn(u16, &Value) -> bool) {
        let start = Instant::now();
        loop {
            let (status, body) = self.send(Method::GET, id, None);
            if is_done(status, &body) {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{id} stays as it is: {status} {body}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn must(&self, method: Method, path: &str, body: &Value) {
        let (status, answer) = self.send(method, path, Some(body));
        assert!(status < 300, "{path}: {status} {answer}");
    }

    fn send(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}{path}?api-version={API_VERSION}", self.endpoint);
        let mut request = self.http.request(method, &url).bearer(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        self.runtime.block_on(async {
            let response = request.send().await.expect("the server answers");
            let status = response.status.as_u16();
            let bytes = response.bytes().await.expect("a whole body");
            (status, serde_json::from_slice(&bytes).unwrap_or_default())
        })
    }

    fn registry(&self, group: &str, name: &str) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}",
            self.subscription
        )
    }

    fn identity(&self, name: &str) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/rg1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
            self.subscription
        )
    }
}

/// The subnet that has a rule in [`Scene::NetworkRules`].
pub(super) fn subnet(subscription: &str) -> String {
    format!(
        "/subscriptions/{subscription}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/v1/subnets/s1"
    )
}

fn soft_delete() -> Value {
    json!({ "softDeletePolicy": { "status": "enabled", "retentionDays": 30 } })
}

fn odd_tags() -> Value {
    json!({
        "yes": "yes", "no": "No", "null": "null", "tilde": "~", "one": "1", "float": "1.5", "octal": "010",
        "exponent": "1e3", "time": "12:30", "date": "2026-01-01", "colon": "a: b", "end": "a:", "hash": "a #b",
        "dash": "- x", "empty": "", "blank": " x ", "unicode": "äöü 日本 😀", "quote": "it's \"q\"",
        "lines": "l1\nl2", "tab": "a\tb", "backslash": "a\\b", "star": "*a", "and": "&a", "at": "@x", "percent": "%x",
        "brace": "{a}", "bracket": "[a", "bang": "!x", "pipe": "|x", "question": "? a", "comma": "a,b",
        "long": "eight words that are together longer than eighty letters, so that a line might be folded",
    })
}

async fn token(http: &Client, server: &Server) -> Secret {
    let endpoint = server.admin("endpoint");
    let url = format!("{endpoint}/{}/oauth2/v2.0/token", server.admin("tenantId"));
    let scope = format!("{endpoint}/.default");
    let response = http
        .post(&url)
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", server.admin("clientId")),
            ("client_secret", server.admin("clientSecret")),
            ("scope", &scope),
        ])
        .send()
        .await
        .expect("the server answers");
    let answer: Value = response.json().await.expect("JSON");
    Secret::new(answer["access_token"].as_str().expect("a token").to_owned())
}
