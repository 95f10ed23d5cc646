//! Clients of HTTP/2 that take back what they asked for: honest ones, and those that do nothing else.

use axum::{Router, body::Bytes, routing::get};
use futures_util::future::join_all;
use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, Response, body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
};

use super::fixture::{Server, start};
use crate::http::listener::Limits;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// `GET / HTTP/2` at `http://a`, in HPACK.
const HEADERS: &[u8] = b"\x82\x86\x84\x41\x01a";
const HEADERS_FRAME: u8 = 1;
const RESET_FRAME: u8 = 3;
const GOAWAY_FRAME: u8 = 7;
const END_OF_HEADERS_AND_STREAM: u8 = 0x05;
const CANCEL: [u8; 4] = [0, 0, 0, 8];
const ENHANCE_YOUR_CALM: [u8; 4] = [0, 0, 0, 11];

/// Larger than what is sent ahead of a client that does not read.
const LARGE: usize = 256 * 1024;
/// How many requests a client gives up, and how many at a time.
const CANCELLED: usize = 2_000;
const AT_ONCE: usize = 100;

fn large() -> Router {
    Router::new().route("/", get(async || Bytes::from_static(&[0; LARGE])))
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// Requests that are cancelled before the server can have seen them, and one that is not.
fn burst(cancelled: u32) -> Vec<u8> {
    let mut bytes = PREFACE.to_vec();
    for stream in (1..).step_by(2).take(cancelled as usize) {
        bytes.extend(frame(
            HEADERS_FRAME,
            END_OF_HEADERS_AND_STREAM,
            stream,
            HEADERS,
        ));
        bytes.extend(frame(RESET_FRAME, 0, stream, &CANCEL));
    }
    let last = cancelled * 2 + 1;
    bytes.extend(frame(
        HEADERS_FRAME,
        END_OF_HEADERS_AND_STREAM,
        last,
        HEADERS,
    ));
    bytes
}

/// The kind, the stream and the payload of the first answer or farewell.
async fn outcome(stream: &mut TcpStream) -> (u8, u32, Vec<u8>) {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.unwrap();
        if matches!(head[3], HEADERS_FRAME | GOAWAY_FRAME) {
            let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            return (head[3], id, payload);
        }
    }
}

type Sender = http2::SendRequest<Full<Bytes>>;

/// A connection, and its task.
async fn connect(server: &Server) -> (Sender, JoinHandle<hyper::Result<()>>) {
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        // As clients do that go on for long: what comes for a request that was cancelled is no error to them.
        .max_concurrent_reset_streams(CANCELLED)
        .handshake(TokioIo::new(server.connect().await))
        .await
        .unwrap();
    (sender, tokio::spawn(connection))
}

async fn ask(sender: &Sender, method: Method, body: &'static [u8]) -> Response<Incoming> {
    let mut sender = sender.clone();
    sender.ready().await.unwrap();
    let request = Request::builder().method(method).uri("http://localhost/");
    let request = request.body(Full::new(Bytes::from_static(body))).unwrap();
    sender.send_request(request).await.unwrap()
}

/// Sends requests whose answers are dropped unread, and wants the connection to be there for another one.
async fn cancel(method: Method, body: &'static [u8]) {
    let server = start(&[], large(), Limits::default()).await;
    let (sender, connection) = connect(&server).await;
    for _ in 0..CANCELLED / AT_ONCE {
        join_all((0..AT_ONCE).map(|_| ask(&sender, method.clone(), body))).await;
    }
    let answer = ask(&sender, Method::GET, b"").await;
    let body = answer.into_body().collect().await.unwrap();
    assert_eq!(body.to_bytes().len(), LARGE);
    drop(sender);
    connection.await.unwrap().unwrap();
    server.end().await;
}

#[tokio::test]
async fn a_client_that_drops_answers_keeps_its_connection() {
    cancel(Method::GET, b"").await;
}

#[tokio::test]
async fn a_client_that_is_refused_before_it_has_sent_all_keeps_its_connection() {
    cancel(Method::POST, &[0; LARGE]).await;
}

#[tokio::test]
async fn many_requests_may_be_cancelled_at_once() {
    let server = start(&[], large(), Limits::default()).await;
    let mut stream = server.connect().await;
    stream.write_all(&burst(200)).await.unwrap();
    let (kind, id, _) = outcome(&mut stream).await;
    assert_eq!((kind, id), (HEADERS_FRAME, 401));
    drop(stream);
    server.end().await;
}

#[tokio::test]
async fn a_flood_of_cancelled_requests_ends_the_connection() {
    let server = start(&[], large(), Limits::default()).await;
    let mut stream = server.connect().await;
    // The server may have closed before it has read all of it.
    let _ = stream.write_all(&burst(20_000)).await;
    let (kind, _, payload) = outcome(&mut stream).await;
    assert_eq!(kind, GOAWAY_FRAME);
    assert_eq!(payload[4..8], ENHANCE_YOUR_CALM);
    drop(stream);
    server.end().await;
}
