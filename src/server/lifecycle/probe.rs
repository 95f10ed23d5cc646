//! One question to a server on this machine: can you take work?

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::record::{Record, State};

const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// `HTTP/1.1 200`
const STATUS_BYTES: u64 = 12;

/// Whether the recorded server answers that it is ready.
///
/// Asked without TLS, which is answered on loopback. A server that listens on another address alone refuses
/// that, which shows it is up; then its own record has to do.
pub(super) async fn is_ready(record: &Record) -> bool {
    match timeout(ANSWER_WITHIN, ask(record)).await {
        Ok(Ok(200)) => true,
        Ok(Ok(426)) => record.state == State::Ready,
        Ok(Ok(_) | Err(_)) | Err(_) => false,
    }
}

async fn ask(record: &Record) -> io::Result<u16> {
    let mut stream = TcpStream::connect(reachable(record.address)).await?;
    let host = record.endpoint.trim_start_matches("https://");
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = String::new();
    stream.take(STATUS_BYTES).read_to_string(&mut head).await?;
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    status.ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// A server that listens everywhere listens on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
