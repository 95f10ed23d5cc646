//! The connection against a small service that pages, works long, fails and lies.

use super::{Arm, Target};
use crate::Error;
use acr_auth::{Chain, Cloud, Environment, ServicePrincipal, Settings};
use acr_http::{Client, Secret, StatusCode};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What the service does: the answer to the n-th request of a method and path.
type Script = fn(&Seen, &str) -> Response;

#[derive(Debug, Clone)]
struct Seen {
    method: String,
    path: String,
    query: String,
    client_request_id: String,
    authorization: String,
    /// How many requests of this method and path came before.
    before: usize,
}

#[derive(Clone)]
struct Service {
    script: Script,
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

async fn answer(State(service): State<Service>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path.ends_with("/oauth2/v2.0/token") {
        return Json(json!({
            "token_type": "Bearer", "expires_in": 3600, "access_token": "a.b.c",
        }))
        .into_response();
    }
    let header = |name: &str| {
        let value = request.headers().get(name);
        value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    };
    let method = request.method().to_string();
    let mut seen = service.seen.lock().unwrap();
    let before = seen
        .iter()
        .filter(|other| other.method == method && other.path == path)
        .count();
    let request = Seen {
        method,
        path,
        query: request.uri().query().unwrap_or_default().to_owned(),
        client_request_id: header("x-ms-client-request-id"),
        authorization: header("authorization"),
        before,
    };
    seen.push(request.clone());
    (service.script)(&request, &service.address)
}

/// A connection to a service that follows a script, and what the service saw.
async fn connect(script: Script) -> (Arm, Arc<Mutex<Vec<Seen>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let service = Service {
        script,
        address: address.clone(),
        seen: Arc::default(),
    };
    let seen = service.seen.clone();
    let router = Router::new().fallback(answer).with_state(service);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let home = tempfile::tempdir().unwrap();
    let http = Client::new(acr_http::Settings::default());
    let mut cloud = Cloud::public();
    cloud.active_directory = address.clone();
    let chain = Chain::new(
        Environment::from_map(BTreeMap::new(), home.path()),
        http.clone(),
        Settings {
            cloud,
            explicit: Some(ServicePrincipal {
                tenant_id: "tenant".to_owned(),
                client_id: "client".to_owned(),
                secret: Secret::new("hunter2"),
            }),
            subscription: None,
            clock: || chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        },
    );
    let target = Target {
        endpoint: address.clone(),
        audience: address,
        subscription: "sub".to_owned(),
        request_id: "request-1".to_owned(),
    };
    (Arm::new(http, Arc::new(chain), target), seen)
}

fn ok(body: Value) -> Response {
    Json(body).into_response()
}

fn with(status: u16, headers: &[(&'static str, String)], body: Value) -> Response {
    let mut response = Json(body).into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

fn refusal(error: Error) -> crate::error::Refusal {
    match error {
        Error::Service(refusal) => *refusal,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let (arm, seen) = connect(|seen, address| match seen.before {
        0 => ok(json!({"value": [1, 2], "nextLink": format!("{address}{}?page=2", seen.path)})),
        1 => ok(json!({"value": [], "nextLink": format!("{address}{}?page=3", seen.path)})),
        _ => ok(json!({"value": [3]})),
    })
    .await;
    assert_eq!(arm.registries().list(None).await.unwrap(), [1, 2, 3]);
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].query, "api-version=2026-09-01-preview");
    assert_eq!(seen[2].query, "page=3");
    assert!(
        seen.iter()
            .all(|seen| seen.client_request_id == "request-1")
    );
    assert!(seen.iter().all(|seen| seen.authorization == "Bearer a.b.c"));
}

#[tokio::test]
async fn a_page_elsewhere_does_not_get_the_token() {
    let (arm, seen) =
        connect(|_, _| ok(json!({"value": [], "nextLink": "http://127.0.0.1:1/steal"}))).await;
    let error = arm.registries().list(None).await.unwrap_err().to_string();
    assert!(error.contains("another host"), "{error}");
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_that_leads_back_to_itself_is_an_error() {
    let (arm, _) = connect(|seen, address| {
        let here = format!("{address}{}?api-version=2026-09-01-preview", seen.path);
        ok(json!({"value": [1], "nextLink": here}))
    })
    .await;
    let error = arm.registries().list(None).await.unwrap_err().to_string();
    assert!(error.contains("circle"), "{error}");
}

/// A PUT that is watched by a status word, with the last word given.
fn operation(seen: &Seen, address: &str, last: Value) -> Response {
    let pause = ("x-ms-retry-after-ms", "5".to_owned());
    match (seen.method.as_str(), seen.path.ends_with("/op")) {
        ("PUT", _) => {
            let watch = ("azure-asyncoperation", format!("{address}/op"));
            with(
                201,
                &[watch, pause],
                json!({"properties": {"provisioningState": "Creating"}}),
            )
        }
        (_, true) if seen.before < 2 => with(200, &[pause], json!({"status": "Creating"})),
        (_, true) => ok(last),
        _ => ok(json!({"final": true})),
    }
}

#[tokio::test]
async fn a_created_resource_is_read_again_when_its_operation_has_succeeded() {
    let (arm, seen) =
        connect(|seen, address| operation(seen, address, json!({"status": "SUCCEEDED"}))).await;
    let body = json!({});
    let created = arm.registries().put("g", "reg", &body).await.unwrap();
    assert_eq!(created, json!({"final": true}));
    let seen = seen.lock().unwrap();
    let verbs: Vec<_> = seen.iter().map(|seen| seen.method.as_str()).collect();
    assert_eq!(verbs, ["PUT", "GET", "GET", "GET", "GET"]);
    assert!(seen[4].path.ends_with("/registries/reg"));
}

#[tokio::test]
async fn an_operation_that_fails_gives_the_services_words() {
    let (arm, _) = connect(|seen, address| {
        let last = json!({"status": "Failed", "error": {"code": "Quota", "message": "No room."}});
        operation(seen, address, last)
    })
    .await;
    let body = json!({});
    let refusal = refusal(arm.registries().put("g", "reg", &body).await.unwrap_err());
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("Quota", "No room.")
    );
}

#[tokio::test]
async fn a_deletion_is_followed_to_its_new_locations() {
    let (arm, seen) = connect(|seen, address| {
        let at = |path: &str| {
            [
                ("location", format!("{address}{path}")),
                ("x-ms-retry-after-ms", "5".to_owned()),
            ]
        };
        match seen.path.as_str() {
            "/one" => with(202, &at("/two"), Value::Null),
            "/two" => StatusCode::OK.into_response(),
            _ => with(
                202,
                &at("/one"),
                json!({"properties": {"provisioningState": "Deleting"}}),
            ),
        }
    })
    .await;
    arm.registries().delete("g", "reg").await.unwrap();
    assert_eq!(seen.lock().unwrap().last().unwrap().path, "/two");
}

#[tokio::test]
async fn what_passes_is_asked_again_and_what_stays_is_shown() {
    let (arm, seen) = connect(|seen, _| match seen.before {
        0 => with(429, &[("x-ms-retry-after-ms", "5".to_owned())], json!({})),
        1 => with(503, &[("x-ms-retry-after-ms", "5".to_owned())], json!({})),
        _ => ok(json!({"ok": true})),
    })
    .await;
    assert_eq!(
        arm.registries().get("g", "reg").await.unwrap(),
        json!({"ok": true})
    );
    assert_eq!(seen.lock().unwrap().len(), 3);

    let (arm, seen) = connect(|_, _| {
        let id = ("x-ms-correlation-request-id", "c-1".to_owned());
        with(
            404,
            &[id],
            json!({"error": {"code": "ResourceNotFound", "message": "Gone."}}),
        )
    })
    .await;
    let refusal = refusal(arm.registries().get("g", "reg").await.unwrap_err());
    assert_eq!(refusal.status, StatusCode::NOT_FOUND);
    assert_eq!(refusal.correlation_id.as_deref(), Some("c-1"));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn names_cannot_break_out_of_their_place_in_the_path() {
    let (arm, seen) = connect(|_, _| ok(json!({}))).await;
    arm.registries().get("a/../b", "x?y#z ").await.unwrap();
    let path = seen.lock().unwrap()[0].path.clone();
    assert!(path.ends_with("/resourceGroups/a%2F..%2Fb/providers/Microsoft.ContainerRegistry/registries/x%3Fy%23z%20"), "{path}");
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_an_error_and_not_a_panic() {
    let (arm, _) = connect(|_, _| "<html>".into_response()).await;
    let error = arm.registries().get("g", "reg").await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
}
