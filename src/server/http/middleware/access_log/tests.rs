//! Tests of the log of requests: what is shown of their paths, and which answers are said to be cut.

use std::{
    convert::Infallible,
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, Response, StatusCode, Uri, header},
    routing::get,
};
use bytes::Bytes;
use futures_util::stream;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::{
    Outbox,
    access::{End, PATH_BYTES, end_of, shown},
};
use crate::http::{
    Peer,
    middleware::{Shell, Site},
    patient::Patient,
};

const PEER: Peer = Peer {
    addr: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1),
    local: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 2),
    is_tls: false,
};
/// More than is kept anywhere on the way.
const LARGE_BYTES: usize = 8 * 1024 * 1024;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Bytes whose end is not known before it is reached.
fn pieces(bytes: usize) -> Body {
    let piece = Bytes::from_static(&[b'x'; 1024]);
    let pieces = (0..bytes / piece.len()).map(move |_| Ok::<_, Infallible>(piece.clone()));
    Body::from_stream(stream::iter(pieces))
}

fn announced(status: StatusCode, bytes: usize, body: Body) -> Response<Body> {
    let response = Response::builder().status(status);
    let response = response.header(header::CONTENT_LENGTH, bytes);
    response.body(body).unwrap()
}

fn router() -> Router {
    let ok = StatusCode::OK;
    let failing = || {
        let frames = [Ok(Bytes::from_static(b"x")), Err("lost")];
        Body::from_stream(stream::iter(frames))
    };
    Router::new()
        .route("/empty", get(async || ""))
        .route("/text", get(async || "text"))
        .route("/chunked", get(async || pieces(4096)))
        .route(
            "/stream",
            get(async move || announced(ok, 4096, pieces(4096))),
        )
        .route(
            "/part",
            get(async || announced(StatusCode::PARTIAL_CONTENT, 2048, pieces(2048))),
        )
        .route(
            "/known",
            get(async || announced(StatusCode::NOT_MODIFIED, 4096, Body::empty())),
        )
        .route(
            "/large",
            get(async move || announced(ok, LARGE_BYTES, pieces(LARGE_BYTES))),
        )
        .route("/memory", get(async || Body::from(vec![b'x'; LARGE_BYTES])))
        .route(
            "/short",
            get(async move || announced(ok, 4096, pieces(2048))),
        )
        .route("/failing", get(async move || announced(ok, 2, failing())))
}

/// Sends a request over a connection, reads so many bytes of the answer, and gives what was logged.
async fn logged(method: &str, path: &str, read_bytes: usize) -> Value {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let shell = Arc::new(Shell::new(Site::new(router())));
    let (mut client, server) = duplex(1024);
    let outbox = Outbox::default();
    let server = Patient::new(server, Duration::from_secs(60), outbox.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (shell, outbox) = (Arc::clone(&shell), outbox.clone());
        async move {
            let response = shell.respond(request.map(Body::new), PEER).await;
            Ok::<_, Infallible>(response.map(|body| body.through(outbox)))
        }
    });
    let served = async {
        let served = http1::Builder::new();
        drop(served.serve_connection(TokioIo::new(server), service).await);
    };
    let request = format!("{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    let asked = async move {
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let mut part = client.take(read_bytes as u64);
        part.read_to_end(&mut answer).await.unwrap();
    };
    tokio::join!(served, asked);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut lines = lines.filter(|line: &Value| line["fields"]["message"] == "request");
    lines.next().unwrap()["fields"].clone()
}

#[tokio::test]
async fn answers_that_arrived_are_not_cut() {
    for (method, path, bytes) in [
        ("GET", "/empty", 0),
        ("GET", "/text", 4),
        ("GET", "/chunked", 4096),
        ("GET", "/stream", 4096),
        ("GET", "/part", 2048),
        ("GET", "/known", 0),
        ("GET", "/large", LARGE_BYTES),
        ("GET", "/memory", LARGE_BYTES),
        ("HEAD", "/stream", 0),
        ("HEAD", "/text", 0),
        ("GET", "/nowhere", 0),
    ] {
        let line = logged(method, path, usize::MAX).await;
        assert_eq!(line["cut"], false, "{method} {path}: {line}");
        assert_eq!(line["bytes"], bytes, "{method} {path}: {line}");
    }
}

#[tokio::test]
async fn answers_that_broke_off_are_cut() {
    for (path, read_bytes) in [
        ("/large", 4096),
        ("/memory", 4096),
        ("/stream", 64),
        ("/short", usize::MAX),
        ("/failing", usize::MAX),
    ] {
        let line = logged("GET", path, read_bytes).await;
        assert_eq!(line["cut"], true, "{path}: {line}");
    }
}

#[test]
fn an_answer_that_nobody_waited_for_is_cut() {
    let end = |body| end_of(&Method::GET, &Response::new(body));
    assert_eq!(end(Body::from("x")), End::At(1));
    assert_eq!(end(pieces(1024)), End::Unknown);
    assert_eq!(end(Body::empty()), End::Reached);
}

#[test]
fn credentials_in_a_query_are_not_shown() {
    let shown = |uri: &str| shown(&uri.parse::<Uri>().unwrap());
    assert_eq!(shown("/v2/"), "/v2/");
    assert_eq!(shown("https://a.localhost/x?n=1"), "/x?n=1");
    let line = shown(
        "/blob?sv=1&sig=SECRETVALUE&code=SECRETVALUE&ACCESS_TOKEN=SECRETVALUE&%73ig=SECRETVALUE",
    );
    assert!(
        !line.contains("SECRETVALUE") && line.contains("sv=1"),
        "{line}"
    );
    assert!(shown(&format!("/{}", "a".repeat(9000))).len() < PATH_BYTES + 8);
    assert_eq!(shown("*"), "*");
}
