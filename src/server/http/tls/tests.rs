//! Tests of whole handshakes: a client that trusts only our authority, over a pipe.

use std::{fs, io, net::Ipv4Addr, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::Tls;
use crate::{
    Error,
    config::{Config, Layers, Setting},
    lifecycle::DataDir,
};

fn config(dir: &Path, flags: &[(Setting, &Path)]) -> Config {
    let mut layers = Layers {
        default_data_dir: dir.to_path_buf(),
        ..Layers::default()
    };
    for (setting, value) in flags {
        layers.flags.insert(*setting, value.display().to_string());
    }
    Config::resolve(&layers).unwrap()
}

fn open(dir: &Path) -> Result<Tls, Error> {
    Tls::open(&config(dir, &[]), &DataDir::new(dir))
}

/// The certificate the server shows when asked for this name, or why the client does not take it.
async fn shown(tls: &Tls, authority: &Path, name: &str) -> io::Result<CertificateDer<'static>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(authority).unwrap())
        .unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let (near, far) = tokio::io::duplex(16 * 1024);
    let acceptor = TlsAcceptor::from(tls.for_connection(Ipv4Addr::LOCALHOST.into()));
    let server = acceptor.accept(far);
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connector = TlsConnector::from(Arc::new(client));
    let (client, _server) = tokio::join!(connector.connect(name, near), server);
    let client = client?;
    Ok(client.get_ref().1.peer_certificates().unwrap()[0]
        .clone()
        .into_owned())
}

#[tokio::test]
async fn every_own_name_verifies_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let tls = open(dir.path()).unwrap();
    let authority = tls.ca_file().unwrap();
    for name in [
        "localhost",
        "foo.localhost",
        "foo.local.data.localhost",
        "127.0.0.1",
        "::1",
    ] {
        assert!(shown(&tls, &authority, name).await.is_ok(), "{name}");
    }
    for name in ["management.azure.com", "10.1.2.3"] {
        assert!(shown(&tls, &authority, name).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn the_authority_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    let authority = first.ca_file().unwrap();
    let text = fs::read_to_string(&authority).unwrap();
    let mode = |name: &str| {
        fs::metadata(dir.path().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode("ca.pem"), mode("ca-key.pem")), (0o644, 0o600));
    let second = open(dir.path()).unwrap();
    assert_eq!(fs::read_to_string(&authority).unwrap(), text);
    assert!(shown(&second, &authority, "foo.localhost").await.is_ok());
}

#[test]
fn a_damaged_authority_is_never_replaced_behind_the_users_back() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).unwrap();
    let key = dir.path().join("ca-key.pem");
    let certificate = dir.path().join("ca.pem");
    let message = || open(dir.path()).unwrap_err().to_string();

    fs::write(&key, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    assert!(message().contains("the key beside it is another one's"));
    fs::write(&key, "nonsense").unwrap();
    assert!(message().contains("the key beside it is damaged"));
    assert!(message().contains("ca-key.pem to have a new authority made"));
    fs::remove_file(&key).unwrap();
    assert!(message().contains("the key of"));
    fs::write(&key, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    fs::write(&certificate, "nonsense").unwrap();
    assert!(message().contains("not a PEM certificate"));

    fs::remove_file(&certificate).unwrap();
    assert!(
        open(dir.path()).is_ok(),
        "a start that was cut short leaves a key alone"
    );
}

/// Writes a self-signed certificate and its key.
fn write_pair(dir: &Path, name: &str, not_after: i32) -> KeyPair {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(not_after, 1, 1);
    params.serial_number = Some(super::authority::random_serial());
    let certificate = params.self_signed(&key).unwrap();
    fs::write(dir.join("cert.pem"), certificate.pem()).unwrap();
    fs::write(dir.join("key.pem"), key.serialize_pem()).unwrap();
    key
}

fn open_files(dir: &Path) -> Result<Tls, Error> {
    let (certificate, key) = (dir.join("cert.pem"), dir.join("key.pem"));
    let flags = [
        (Setting::TlsCert, certificate.as_path()),
        (Setting::TlsKey, key.as_path()),
    ];
    Tls::open(&config(dir, &flags), &DataDir::new(dir))
}

#[tokio::test]
async fn files_are_served_and_read_again() {
    let dir = tempfile::tempdir().unwrap();
    write_pair(dir.path(), "registry.test", 4000);
    let tls = open_files(dir.path()).unwrap();
    assert!(tls.ca_file().is_none() && !dir.path().join("ca.pem").exists());
    let authority = dir.path().join("cert.pem");
    let first = shown(&tls, &authority, "registry.test").await.unwrap();
    assert!(!tls.reload_if_changed().unwrap());

    write_pair(dir.path(), "other-registry.test", 4000);
    assert!(tls.reload_if_changed().unwrap());
    let second = shown(&tls, &authority, "other-registry.test")
        .await
        .unwrap();
    assert_ne!(first, second);

    fs::write(dir.path().join("key.pem"), "broken").unwrap();
    assert!(tls.reload().is_err());
    let third = shown(&tls, &authority, "other-registry.test")
        .await
        .unwrap();
    assert_eq!(second, third, "what worked stays in use");
}

#[test]
fn unusable_files_are_refused_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let message = || open_files(dir.path()).unwrap_err().to_string();
    assert!(message().starts_with("cannot read"));
    write_pair(dir.path(), "registry.test", 2001);
    assert!(message().contains("cert.pem: the certificate expired on 2001-01-01"));
    write_pair(dir.path(), "registry.test", 4000);
    fs::write(
        dir.path().join("key.pem"),
        KeyPair::generate().unwrap().serialize_pem(),
    )
    .unwrap();
    assert!(message().contains("key.pem: not the key of"));
    fs::write(dir.path().join("key.pem"), "").unwrap();
    assert!(message().contains("key.pem: holds no usable PEM key"));
    fs::write(dir.path().join("cert.pem"), "hello").unwrap();
    assert!(message().contains("holds no PEM certificate"));
}
