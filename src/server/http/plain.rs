//! What a connection's first bytes say, and the answer to plain HTTP where only TLS is spoken.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// The record type every TLS connection begins with.
const TLS_HANDSHAKE: u8 = 0x16;
/// What HTTP/2 without TLS begins with; no HTTP/1 method starts so.
const HTTP2_START: &[u8; 4] = b"PRI ";
/// How much of a refused request is read, so that the answer is not lost to a reset.
const REFUSED_BYTES: u64 = 64 * 1024;
const REFUSED_TIME: Duration = Duration::from_secs(2);

const REFUSAL: &str = concat!(
    r#"{"error":{"code":"TlsRequired","message":"This server speaks TLS here: use https://. "#,
    r#"To answer plain HTTP beyond this machine, start it with --allow-plain-http."}}"#
);

/// What the client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Tls,
    Http1,
    Http2,
}

/// Looks at the first bytes without taking them; `None` if the client left without a word.
pub(super) async fn detect(stream: &TcpStream) -> io::Result<Option<Protocol>> {
    let mut seen = 0;
    loop {
        stream.readable().await?;
        let mut start = [0; HTTP2_START.len()];
        let length = stream.peek(&mut start).await?;
        let start = &start[..length];
        if start.is_empty() {
            return Ok(None);
        }
        if start[0] == TLS_HANDSHAKE {
            return Ok(Some(Protocol::Tls));
        }
        if start == HTTP2_START {
            return Ok(Some(Protocol::Http2));
        }
        if !HTTP2_START.starts_with(start) {
            return Ok(Some(Protocol::Http1));
        }
        if length == seen {
            // A peek takes nothing, so the socket stays readable: wait for more without spinning.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        seen = length;
    }
}

/// Whether plain HTTP may be answered on this connection: only if it never leaves the machine.
pub(super) fn is_allowed(peer: SocketAddr, local: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback() && local.ip().to_canonical().is_loopback()
}

/// Answers that TLS is needed, and closes.
pub(super) async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    let answer = format!(
        "HTTP/1.1 426 Upgrade Required\r\n\
         Upgrade: TLS/1.2, HTTP/1.1\r\n\
         Connection: Upgrade, close\r\n\
         Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{REFUSAL}",
        REFUSAL.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    let mut rest = stream.take(REFUSED_BYTES);
    // What the client still sends is of no interest, nor is whether it ends in time.
    let _ = timeout(
        REFUSED_TIME,
        tokio::io::copy(&mut rest, &mut tokio::io::sink()),
    )
    .await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_the_machine() {
        let allowed = |peer: &str, local: &str| {
            is_allowed(
                format!("{peer}:1").parse().unwrap(),
                format!("{local}:2").parse().unwrap(),
            )
        };
        assert!(allowed("127.0.0.1", "127.0.0.1"));
        assert!(allowed("127.9.9.9", "127.0.0.2"));
        assert!(allowed("[::1]", "[::1]"));
        assert!(allowed("[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]"));
        assert!(!allowed("10.0.0.7", "10.0.0.1"));
        assert!(!allowed("[fe80::1]", "[fe80::2]"));
        assert!(!allowed("10.0.0.7", "127.0.0.1"));
    }
}
