//! Tests of the shell around a router, in process.

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
    routing::{any, post},
};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use serde_json::Value;

use super::*;
use crate::http::Peer;

const PEER: Peer = Peer {
    addr: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1),
    local: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 2),
    is_tls: false,
};

fn router() -> Router {
    Router::new()
        .route(
            "/size",
            post(|body: Bytes| async move { body.len().to_string() }),
        )
        .route("/count", post(count))
        .route(
            "/panic",
            any(async || -> &'static str { panic!("on purpose") }),
        )
        .route(
            "/who",
            any(
                async |Extension(id): Extension<RequestId>, Extension(peer): Extension<Peer>| {
                    format!("{} {}", id.correlation, peer.addr)
                },
            ),
        )
}

async fn count(body: Body) -> String {
    let mut frames = body.into_data_stream();
    let mut bytes = 0;
    while let Some(Ok(frame)) = frames.next().await {
        bytes += frame.len();
    }
    bytes.to_string()
}

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answer {
    fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.text).unwrap();
        body["error"]["code"].as_str().unwrap().to_owned()
    }
}

async fn send(shell: &Shell, request: Request<Body>) -> Answer {
    let response = shell.respond(request, PEER).await;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

fn get(path: &str) -> Request<Body> {
    Request::get(path)
        .header(header::HOST, "localhost:5480")
        .body(Body::empty())
        .unwrap()
}

/// A body whose length is not announced.
fn streamed(pieces: usize, piece_bytes: usize) -> Body {
    let pieces =
        (0..pieces).map(move |_| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; piece_bytes])));
    Body::from_stream(futures_util::stream::iter(pieces))
}

#[tokio::test]
async fn ids_reach_the_handler_and_the_client() {
    let shell = Shell::new(Site::new(router()));
    let mut request = get("/who");
    request
        .headers_mut()
        .insert("x-ms-correlation-request-id", "mine".parse().unwrap());
    let answer = send(&shell, request).await;
    assert_eq!(answer.text, "mine 127.0.0.1:1");
    assert_eq!(answer.headers["x-ms-correlation-request-id"], "mine");
    assert_eq!(answer.headers["x-ms-request-id"].len(), 36);
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn a_panic_is_one_failed_request() {
    let shell = Shell::new(Site::new(router()));
    let answer = send(&shell, get("/panic")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.code(), "InternalServerError");
    let id = answer.headers["x-ms-request-id"].to_str().unwrap();
    assert!(answer.text.contains(id) && !answer.text.contains("on purpose"));
    assert_eq!(send(&shell, get("/who")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_in_azures_shape() {
    let shell = Shell::new(Site::new(router()));
    let post = |body| Request::post("/size").body(body).unwrap();
    let limit = 4 * 1024 * 1024;
    let answer = send(&shell, post(Body::from(vec![b'x'; limit]))).await;
    assert_eq!(answer.text, limit.to_string());
    for body in [
        Body::from(vec![b'x'; limit + 1]),
        streamed(10, 1 << 20),
        streamed(1, limit + 1),
    ] {
        let answer = send(&shell, post(body)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(answer.code(), "RequestContentTooLarge");
    }
    let large = Site::new(router()).large_bodies_on(|parts| parts.uri.path() == "/count");
    let count = Request::post("/count").body(streamed(10, 1 << 20)).unwrap();
    let answer = send(&Shell::new(large), count).await;
    assert_eq!(
        (answer.status, answer.text),
        (StatusCode::OK, (10 << 20).to_string())
    );
}

#[tokio::test]
async fn operators_are_answered_on_their_host_only() {
    let site = Site::new(router())
        .operations_on(|host| host == "localhost")
        .ready(async || Err("no database".to_owned()));
    let shell = Shell::new(site);
    let answer = send(&shell, get("/healthz")).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::OK, "ok\n")
    );
    let answer = send(&shell, get("/readyz")).await;
    assert_eq!(
        (answer.status, answer.text.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "no database\n")
    );
    let answer = send(&shell, get("/metrics")).await;
    assert!(
        answer
            .text
            .contains(r#"route="operations",status="503"} 1"#),
        "{}",
        answer.text
    );

    for host in ["foo.localhost:5480", "", "localhost.evil.com"] {
        let mut request = get("/metrics");
        request
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        assert_eq!(
            send(&shell, request).await.status,
            StatusCode::NOT_FOUND,
            "{host}"
        );
    }
    let post = Request::post("http://LOCALHOST:5480/readyz")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        send(&shell, post).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn a_draining_server_is_not_ready() {
    let shell = Shell::new(Site::new(router()));
    assert_eq!(send(&shell, get("/readyz")).await.status, StatusCode::OK);
    shell.set_draining();
    assert_eq!(send(&shell, get("/readyz")).await.text, "draining\n");
    assert_eq!(send(&shell, get("/healthz")).await.status, StatusCode::OK);
}
