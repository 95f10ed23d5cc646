//! A server with one registry and somebody of every kind.

use std::{net::IpAddr, sync::Arc};

use acr_api::{auth::Action, oci::RepositoryName};
use acr_http::Secret;
use acr_store::Batch;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    domain::{
        access::{
            Access, Asked, Demand, Grant, Knock, Refusal, Registry, admit, find, scopes, token,
        },
        directory::{
            Application, ClientSecret, Principal, PrincipalKind, keep_application, keep_principal,
        },
    },
    testing::Server,
};

pub(super) const NAME: &str = "contoso";
pub(super) const HOST: &str = "contoso.localhost:5480";
pub(super) const TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

const ACTIONS: [(Action, char); 5] = [
    (Action::Pull, 'p'),
    (Action::Push, 'w'),
    (Action::Delete, 'd'),
    (Action::MetadataRead, 'r'),
    (Action::MetadataWrite, 'm'),
];

pub(super) struct World {
    pub(super) server: Server,
}

/// A service principal with a secret.
pub(super) struct Program {
    pub(super) object_id: String,
    pub(super) app_id: String,
    pub(super) secret: Secret,
}

impl World {
    pub(super) async fn with(sku: &str, properties: Value) -> Self {
        let server = Server::start().await;
        server.create(NAME, sku, properties).await;
        Self { server }
    }

    pub(super) fn id(&self) -> String {
        self.server.registry(NAME)
    }

    pub(super) async fn registry(&self) -> Arc<Registry> {
        find(&self.server.app, HOST).await.unwrap().unwrap()
    }

    pub(super) async fn patch(&self, properties: Value) {
        let body = json!({"properties": properties});
        self.done("PATCH", &self.id(), body).await;
    }

    pub(super) async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.server.arm(method, path, Some(body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json()
    }

    pub(super) async fn program(&self) -> Program {
        let id = || Uuid::new_v4().to_string();
        let now = self.server.app.now();
        let (secret, kept) = ClientSecret::make(None, now, TimeDelta::days(1)).unwrap();
        let (object_id, app_id) = (id(), id());
        let principal = Principal {
            id: object_id.clone(),
            kind: PrincipalKind::ServicePrincipal,
            display_name: "program".to_owned(),
            app_id: Some(app_id.clone()),
            user_principal_name: None,
            password: None,
        };
        let application = Application {
            id: id(),
            app_id: app_id.clone(),
            display_name: "program".to_owned(),
            created: now,
            principal_id: Some(object_id.clone()),
            secrets: vec![kept],
            keys: Vec::new(),
            federated: Vec::new(),
            identifier_uris: Vec::new(),
        };
        let batch = keep_principal(keep_application(Batch::new(), &application), &principal);
        self.server.app.meta().commit(batch).await.unwrap();
        Program {
            object_id,
            app_id,
            secret,
        }
    }

    /// Assigns a role; gives the assignment's id.
    pub(super) async fn assign(
        &self,
        scope: &str,
        program: &Program,
        role: &str,
        condition: Option<&str>,
    ) -> String {
        let id = format!(
            "{scope}/providers/Microsoft.Authorization/roleAssignments/{}",
            Uuid::new_v4()
        );
        let role = format!(
            "{}/providers/Microsoft.Authorization/roleDefinitions/{role}",
            self.server.subscription()
        );
        let mut properties = json!({"roleDefinitionId": role, "principalId": program.object_id});
        if let Some(condition) = condition {
            properties["condition"] = condition.into();
            properties["conditionVersion"] = "2.0".into();
        }
        self.done("PUT", &id, json!({"properties": properties}))
            .await;
        id
    }

    /// Makes a token of the registry with this scope map; gives its passwords.
    pub(super) async fn token(&self, name: &str, map: &str, expiry: Option<&str>) -> Vec<String> {
        let id = format!("{}/tokens/{name}", self.id());
        let map = format!("{}/scopeMaps/{map}", self.id());
        let body = json!({"properties": {"scopeMapId": map}});
        self.done("PUT", &id, body).await;
        let asked = json!({"tokenId": id, "expiry": expiry});
        let path = format!("{}/generateCredentials", self.id());
        let made = self.done("POST", &path, asked).await;
        let rows = made["passwords"].as_array().unwrap();
        rows.iter()
            .map(|row| row["value"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(super) async fn admin_password(&self) -> String {
        let path = format!("{}/listCredentials", self.id());
        let answer = self.done("POST", &path, json!({})).await;
        answer["passwords"][0]["value"].as_str().unwrap().to_owned()
    }

    /// An access token for everything that this grant gives, and what came with it.
    pub(super) async fn granted(&self, grant: Grant<'_>) -> Result<String, Refusal> {
        let asked = [
            "repository:team/app:* repository:other:*",
            "registry:catalog:*",
        ];
        let scopes = scopes(asked.into_iter())?;
        let asked = Asked { grant, scopes };
        let registry = self.registry().await;
        let granted = token(&self.server.app, &registry, asked).await?;
        Ok(granted.access_token)
    }

    pub(super) async fn knock(
        &self,
        authorization: Option<&str>,
        demand: Demand<'_>,
    ) -> Result<Arc<Access>, Refusal> {
        let registry = self.registry().await;
        let knock = Knock {
            registry: &registry,
            peer: Some(IpAddr::from([127, 0, 0, 1])),
            authorization,
        };
        admit(&self.server.app, knock, demand).await
    }

    /// What may be done with `team/app`, with `other` and with the catalog, a letter for each;
    /// asked one by one, as requests would.
    pub(super) async fn rights(&self, authorization: &str) -> String {
        let mut text = String::new();
        for name in ["team/app", "other"] {
            let repository: RepositoryName = name.parse().unwrap();
            for (action, letter) in &ACTIONS {
                let actions = [action.clone()];
                let demand = Demand::Repository(&repository, &actions);
                if self.is_met(authorization, demand).await {
                    text.push(*letter);
                }
            }
            text.push('|');
        }
        if self.is_met(authorization, Demand::Catalog).await {
            text.push('c');
        }
        text
    }

    async fn is_met(&self, authorization: &str, demand: Demand<'_>) -> bool {
        match self.knock(Some(authorization), demand).await {
            Ok(_) => true,
            Err(Refusal::Unauthorized { error, .. }) => {
                assert_eq!(error, Some("insufficient_scope"), "{authorization}");
                false
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

pub(super) fn bearer(token: &str) -> String {
    format!("bearer {token}")
}
