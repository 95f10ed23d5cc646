//! Clients that ask `GET /v2/` of the server's own host how to sign in, before they name a registry.

use acr_api::auth::Challenge;
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use super::fixture::Client;
use crate::testing::Answer;

const OWN_HOSTS: [&str; 2] = ["localhost:5480", "127.0.0.1:5480"];

async fn get(client: &Client, host: &str, path: &str, authorization: Option<&str>) -> Answer {
    let mut request = Request::get(path).header(header::HOST, host);
    if let Some(value) = authorization {
        request = request.header(header::AUTHORIZATION, value);
    }
    let request = request.body(Body::empty()).unwrap();
    client.server.send(request).await
}

/// Asks for a token as the challenge of `GET /v2/` says.
async fn ask(client: &Client, host: &str, scopes: &[&str], login: Option<&str>) -> Answer {
    let root = get(client, host, "/v2/", None).await;
    assert_eq!(root.status, StatusCode::UNAUTHORIZED);
    assert_eq!(root.refusal(), "UNAUTHORIZED");
    let challenges = Challenge::parse_all(root.header("www-authenticate"));
    let [Challenge::Bearer(bearer)] = &*challenges else {
        panic!("{challenges:?}");
    };
    assert_eq!(bearer.realm, format!("https://{host}/oauth2/token"));
    assert_eq!(
        (bearer.service.as_deref(), &bearer.scope),
        (Some(host), &None)
    );
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("service", host);
    query.extend_pairs(scopes.iter().map(|scope| ("scope", scope)));
    let path = format!("/oauth2/token?{}", query.finish());
    get(client, host, &path, login).await
}

/// The token of an answer, as a header.
fn bearer(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
}

async fn pulls(client: &Client, host: &str, token: &str) -> StatusCode {
    let path = "/v2/images/team/app/manifests/v1";
    get(client, host, path, Some(token)).await.status
}

async fn started() -> Client {
    let client = Client::start().await;
    client.push_image("team/app", "v1", "one").await;
    client
}

const PULL: &str = "repository:images/team/app:pull";

#[tokio::test]
async fn with_a_login_a_token_is_given_for_the_registry_in_the_scope() {
    let client = started().await;
    let me = Some(&*client.authorization);
    for host in OWN_HOSTS {
        // `docker login` names no repository yet.
        let blank = bearer(&ask(&client, host, &[], me).await);
        assert_eq!(
            get(&client, host, "/v2/", Some(&blank)).await.status,
            StatusCode::OK
        );
        assert_eq!(pulls(&client, host, &blank).await, StatusCode::UNAUTHORIZED);
        let scopes = [
            "repository:images/team/app:pull,push",
            "repository:other/a:pull",
        ];
        let token = bearer(&ask(&client, host, &scopes, me).await);
        assert_eq!(pulls(&client, host, &token).await, StatusCode::OK);
        let other = get(&client, host, "/v2/images/other/a/tags/list", Some(&token)).await;
        assert_eq!(other.status, StatusCode::UNAUTHORIZED);
        let wrong = ask(&client, host, &[PULL], Some("Basic aW1hZ2VzOndyb25n")).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn without_one_a_registry_is_read_that_everybody_may_read() {
    let client = started().await;
    let host = OWN_HOSTS[0];
    let closed = ask(&client, host, &[PULL], None).await;
    assert_eq!(
        (closed.status, &*closed.refusal()),
        (StatusCode::UNAUTHORIZED, "UNAUTHORIZED")
    );
    let open = json!({"properties": {"anonymousPullEnabled": true}});
    let path = client.server.registry("images");
    client.server.arm("PATCH", &path, Some(open)).await;
    let token = bearer(
        &ask(
            &client,
            host,
            &["repository:images/team/app:pull,push"],
            None,
        )
        .await,
    );
    assert_eq!(pulls(&client, host, &token).await, StatusCode::OK);
    let request = Request::post("/v2/images/team/app/blobs/uploads/")
        .header(header::HOST, host)
        .header(header::AUTHORIZATION, &token);
    let push = client
        .server
        .send(request.body(Body::empty()).unwrap())
        .await;
    assert_eq!(push.status, StatusCode::UNAUTHORIZED);
    // What it lacks is worded as this client words it: some ask with these scopes before their own.
    let challenges = Challenge::parse_all(push.header("www-authenticate"));
    let [Challenge::Bearer(demand)] = &*challenges else {
        panic!("{challenges:?}");
    };
    assert_eq!(demand.error.as_deref(), Some("insufficient_scope"));
    let missing = demand.scope.as_deref().unwrap();
    assert_eq!(missing, "repository:images/team/app:pull,push");
    let service = demand.service.as_deref().unwrap();
    let query = format!("/oauth2/token?service={service}&scope={missing}");
    let token = bearer(&get(&client, host, &query, None).await);
    assert_eq!(pulls(&client, host, &token).await, StatusCode::OK);
}

/// Not by the token service, whose refusals not every client shows.
#[tokio::test]
async fn a_registry_that_is_not_there_is_told_with_its_name() {
    let client = started().await;
    for login in [None, Some(&*client.authorization)] {
        let token = bearer(&ask(&client, OWN_HOSTS[0], &["repository:nosuch/a:pull"], login).await);
        let path = "/v2/nosuch/a/manifests/v1";
        let answer = get(&client, OWN_HOSTS[0], path, Some(&token)).await;
        assert_eq!(
            (answer.status, &*answer.refusal()),
            (StatusCode::NOT_FOUND, "NAME_UNKNOWN")
        );
        assert!(answer.text.contains("'nosuch'"), "{}", answer.text);
        assert_eq!(
            pulls(&client, OWN_HOSTS[0], &token).await,
            StatusCode::UNAUTHORIZED
        );
    }
}
