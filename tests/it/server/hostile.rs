//! Requests that nobody should send, over real sockets: each refused clearly, none of them harmful.

use super::connection::Connection;
use crate::process::Server;
use crate::registry::{Registry, sha256};
use acr_http::{Method, Response, Retry, Secret};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

async fn refusal(answer: Response) -> (u16, String, String) {
    let status = answer.status.as_u16();
    assert!(answer.header("x-ms-request-id").is_some());
    let body: Value = answer.json().await.unwrap();
    let word = |member: &str| {
        body["error"][member]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    (status, word("code"), word("message"))
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_refused_clearly_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    let put = |name: &str| connection.request(Method::PUT, &connection.registry(name));

    let no_json = put("hostile1")
        .header("content-type", "application/json")
        .body("{\"location\":");
    let (status, code, message) = refusal(no_json.send().await.unwrap()).await;
    assert_eq!(
        (status, code.as_str()),
        (400, "InvalidRequestContent"),
        "{message}"
    );

    let huge = put("hostile2")
        .header("content-type", "application/json")
        .body(vec![b' '; 10 << 20]);
    let (status, code, message) = refusal(huge.send().await.unwrap()).await;
    assert_eq!(status, 413, "{code} {message}");

    let (status, code, message) = refusal(connection.create("no").await.unwrap()).await;
    assert_eq!(status, 400, "{code} {message}");

    let deep = "[".repeat(100_000);
    let deep = put("hostile3")
        .header("content-type", "application/json")
        .body(deep);
    let (status, ..) = refusal(deep.send().await.unwrap()).await;
    assert_eq!(status, 400);

    assert!(connection.names().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_ours_open_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    let url = format!(
        "{}{}?api-version=2026-09-01-preview",
        connection.endpoint(),
        connection.registries()
    );
    let good = connection.token().expose();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let mut flipped = signature.to_owned();
    let last = if flipped.pop() == Some('A') { 'B' } else { 'A' };
    flipped.insert(0, last);
    for bad in [
        "",
        "nonsense",
        "a.b.c",
        &format!("{signed}."),
        &format!("{signed}.{flipped}"),
        &good.replace("eyJ", "eyK"),
    ] {
        let request = connection
            .http()
            .get(&url)
            .bearer(&Secret::new(bad))
            .retry(Retry::NEVER);
        let answer = request.send().await.unwrap();
        assert!(answer.header("www-authenticate").is_some(), "{bad}");
        let (status, code, _) = refusal(answer).await;
        assert_eq!(status, 401, "{bad}: {code}");
    }
    let nobody = connection.http().get(&url).send().await.unwrap();
    assert_eq!(nobody.status.as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_refused_in_the_words_of_entra_and_never_logged() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    let url = format!(
        "{}/{}/oauth2/v2.0/token",
        connection.endpoint(),
        server.admin("tenantId")
    );
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", server.admin("clientId")),
        ("client_secret", "correct-horse-battery"),
        ("scope", "https://management.azure.com/.default"),
    ];
    let answer = connection
        .http()
        .post(&url)
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status.as_u16(), 401);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"], "invalid_client");
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with("AADSTS7000215"), "{description}");

    let log = server.log();
    for secret in [
        "correct-horse-battery",
        server.admin("clientSecret"),
        connection.token().expose(),
    ] {
        assert!(!log.contains(secret), "a secret is in the log");
    }
}

/// Much software sends a whole body before it looks for an answer.
#[test]
fn a_refusal_is_seen_by_those_who_send_everything_first() {
    const BODY_BYTES: usize = 16 << 20;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    Registry::create(&server, folder.path(), "eager");
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /v2/a/blobs/uploads/?digest={} HTTP/1.1\r\nHost: eager.localhost\r\nContent-Length: {BODY_BYTES}\r\n\r\n",
        sha256(b"")
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b'x'; BODY_BYTES]).unwrap();
    // The connection is as good as before.
    stream
        .write_all(b"GET /v2/ HTTP/1.1\r\nHost: eager.localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 401 ").count(), 2, "{answers}");
}
