//! Principals of the directory with roles on the registry, as clients of it.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;
use uuid::Uuid;

use super::fixture::{Client, HOST};
use crate::testing::Answer;

/// Somebody with roles and with an access token for a scope.
pub(super) struct Principal<'a> {
    client: &'a Client,
    authorization: String,
}

impl<'a> Principal<'a> {
    pub(super) async fn with(client: &'a Client, roles: &[&str], scope: &str) -> Self {
        let server = &client.server;
        let (id, token) = server.stranger().await;
        for role in roles {
            let definition = format!(
                "{}/providers/Microsoft.Authorization/roleDefinitions/{role}",
                server.subscription()
            );
            let path = format!(
                "{}/providers/Microsoft.Authorization/roleAssignments/{}",
                server.registry("images"),
                Uuid::new_v4()
            );
            let body = json!({"properties": {"roleDefinitionId": definition, "principalId": id,
                "principalType": "ServicePrincipal"}});
            let answer = server.arm("PUT", &path, Some(body)).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        }
        let fields = [
            ("grant_type", "access_token"),
            ("service", HOST),
            ("access_token", &token),
        ];
        let refresh = post(client, "/oauth2/exchange", &fields).await;
        let refresh = member(&refresh, "refresh_token");
        let fields = [
            ("grant_type", "refresh_token"),
            ("service", HOST),
            ("scope", scope),
            ("refresh_token", &refresh),
        ];
        let access = post(client, "/oauth2/token", &fields).await;
        Self {
            client,
            authorization: format!("Bearer {}", member(&access, "access_token")),
        }
    }

    pub(super) async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::AUTHORIZATION, &self.authorization);
        let request = request.body(body.into()).unwrap();
        self.client.server.send(request).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Body::empty()).await
    }
}

async fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::post(path)
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    client.server.send(request).await
}

fn member(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()[name].as_str().unwrap().to_owned()
}
