//! Both protocols on one port, and clients that mean harm.

use std::{
    io,
    net::{IpAddr, UdpSocket},
    sync::Arc,
};

use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Semaphore,
};

use super::fixture::{GET, exchange, read_to_end, router, short, start};
use crate::{config::Setting, http::listener::Limits};

#[tokio::test]
async fn one_port_speaks_both() {
    let server = start(&[], router(), Limits::default()).await;
    let plain = exchange(server.connect().await, GET).await;
    assert!(
        plain.starts_with("HTTP/1.1 200 OK\r\n") && plain.ends_with("hello"),
        "{plain}"
    );
    for name in ["localhost", "foo.localhost", "127.0.0.1"] {
        let stream = server.connect_tls(name, &["http/1.1"]).await;
        let answer = exchange(stream, GET).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("x-ms-request-id: "));
    }
    server.end().await;
}

const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const SETTINGS_FRAME: u8 = 4;

#[tokio::test]
async fn http2_is_chosen_by_alpn_and_by_its_preface() {
    let server = start(&[], router(), Limits::default()).await;
    let mut secure = server.connect_tls("localhost", &["h2", "http/1.1"]).await;
    assert_eq!(secure.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let mut head = [0; 9];
    secure.write_all(HTTP2_PREFACE).await.unwrap();
    secure.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], SETTINGS_FRAME);

    let mut plain = server.connect().await;
    // The first two letters alone could still become a method of HTTP/1.
    plain.write_all(&HTTP2_PREFACE[..2]).await.unwrap();
    plain.write_all(&HTTP2_PREFACE[2..]).await.unwrap();
    plain.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], SETTINGS_FRAME);
    drop((secure, plain));
    server.end().await;
}

/// An address of this machine that is not loopback, if it has one; nothing is sent.
fn outside_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

#[tokio::test]
async fn plain_http_from_outside_is_told_to_use_tls() {
    let Some(ip) = outside_address() else {
        eprintln!("skipped: this machine has no address but loopback");
        return;
    };
    for (allow, status) in [("off", "HTTP/1.1 426 "), ("on", "HTTP/1.1 200 ")] {
        let flags = [
            (Setting::Listen, "0.0.0.0:0"),
            (Setting::AllowPlainHttp, allow),
        ];
        let server = start(&flags, router(), Limits::default()).await;
        let outside = TcpStream::connect((ip, server.address.port()))
            .await
            .unwrap();
        let answer = exchange(outside, GET).await;
        assert!(answer.starts_with(status), "{answer}");
        assert_eq!(answer.contains("--allow-plain-http"), allow == "off");
        let inside = TcpStream::connect(("127.0.0.1", server.address.port()))
            .await
            .unwrap();
        assert!(exchange(inside, GET).await.ends_with("hello"));
        server.end().await;
    }
}

#[tokio::test]
async fn slow_clients_are_dropped() {
    let server = start(&[], router(), short()).await;
    let hello: &[u8] = b"\x16\x03\x01\x02\x00\x01";
    for start in [
        b"",
        hello,
        b"G",
        b"GET / HTTP/1.1\r\nHost: local",
        b"PRI",
        b"PRI * HTTP/2.0\r\n",
    ] {
        let answer = exchange(server.connect().await, start).await;
        assert!(!answer.contains("hello"), "{answer}");
    }
    let mut idle = server.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert!(
        read_to_end(idle).await.ends_with("hello"),
        "answered, then closed"
    );
    let mut silent = server.connect_tls("localhost", &["h2"]).await;
    silent.write_all(HTTP2_PREFACE).await.unwrap();
    read_to_end(silent).await;
    server.end().await;
}

/// An answer without an end, which says when it is given up.
struct Endless(Arc<Semaphore>);

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[tokio::test]
async fn a_client_that_takes_no_answer_is_dropped() {
    let given_up = Arc::new(Semaphore::new(0));
    let there = Arc::clone(&given_up);
    let handler = async move || {
        let pieces = futures_util::stream::unfold(Endless(there), async |endless| {
            Some((
                Ok::<_, io::Error>(Bytes::from_static(&[0; 65_536])),
                endless,
            ))
        });
        Body::from_stream(pieces)
    };
    let server = start(&[], Router::new().route("/", get(handler)), short()).await;
    let mut deaf = server.connect().await;
    deaf.write_all(GET).await.unwrap();
    let _given_up = given_up.acquire().await.unwrap();
    drop(deaf);
    server.end().await;
}

#[tokio::test]
async fn garbage_harms_nobody() {
    let server = start(&[], router(), Limits::default()).await;
    let mut noise = vec![0xff; 4096];
    noise.extend_from_slice(b"\r\n\r\n");
    let answer = exchange(server.connect().await, &noise).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
        "{answer}"
    );
    let broken_tls = [&b"\x16\x03\x01\x00\x05"[..], b"\xff\xff\xff\xff\xff"].concat();
    assert!(
        !exchange(server.connect().await, &broken_tls)
            .await
            .contains("HTTP")
    );
    let doubled = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx";
    assert!(
        exchange(server.connect().await, doubled)
            .await
            .starts_with("HTTP/1.1 400 ")
    );
    assert!(
        exchange(server.connect().await, GET)
            .await
            .ends_with("hello")
    );
    server.end().await;
}

#[tokio::test]
async fn huge_heads_are_refused() {
    let server = start(&[], router(), Limits::default()).await;
    let head = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "a".repeat(70_000)
    );
    let answer = exchange(server.connect().await, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let many = "X: y\r\n".repeat(500);
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n");
    let answer = exchange(server.connect().await, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    server.end().await;
}

#[tokio::test]
async fn more_connections_than_allowed_wait() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let server = start(&[], router(), limits).await;
    let mut first = server.connect().await;
    first.write_all(b"G").await.unwrap();
    let second = tokio::spawn(exchange(server.connect().await, GET));
    first.write_all(&GET[1..]).await.unwrap();
    assert!(read_to_end(first).await.ends_with("hello"));
    assert!(second.await.unwrap().ends_with("hello"));
    server.end().await;
}
