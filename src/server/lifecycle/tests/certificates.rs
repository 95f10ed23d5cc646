//! Certificates that change while connections are open.

use std::{fs, path::Path};

use rcgen::{CertificateParams, KeyPair};
use tokio_rustls::client::TlsStream;

use super::fixture::{GET, Server, exchange, router, start};
use crate::{config::Setting, http::listener::Limits};

/// Puts a new pair in place and makes it what the clients of these tests trust.
fn renew(pair: &Path, number: u8) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.serial_number = Some(vec![1, number].into());
    let certificate = params.self_signed(&key).unwrap().pem();
    fs::write(pair.join("key.pem"), key.serialize_pem()).unwrap();
    fs::write(pair.join("cert.pem"), certificate).unwrap();
}

async fn connect(server: &Server, pair: &Path) -> Option<TlsStream<tokio::net::TcpStream>> {
    fs::copy(pair.join("cert.pem"), server.dir.path().join("ca.pem")).unwrap();
    server
        .try_connect_tls("localhost", &["http/1.1"])
        .await
        .ok()
}

#[tokio::test]
async fn a_reload_changes_new_connections_and_keeps_old_ones() {
    let pair = tempfile::tempdir().unwrap();
    renew(pair.path(), 1);
    let (certificate, key) = (pair.path().join("cert.pem"), pair.path().join("key.pem"));
    let flags = [
        (Setting::TlsCert, certificate.to_str().unwrap()),
        (Setting::TlsKey, key.to_str().unwrap()),
    ];
    let server = start(&flags, router(), Limits::default()).await;
    let old = connect(&server, pair.path()).await.unwrap();
    renew(pair.path(), 2);
    server.handle.reload();
    let new = loop {
        if let Some(stream) = connect(&server, pair.path()).await {
            break stream;
        }
    };
    assert!(exchange(new, GET).await.ends_with("hello"));
    assert!(exchange(old, GET).await.ends_with("hello"));
    server.end().await;
}
