//! A server on a free port and an empty folder, and clients that speak to it byte by byte.

use std::{io, path::Path, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    Error,
    config::{Config, Layers, Setting},
    http::{listener::Limits, middleware::Site},
    lifecycle::{Control, Handle, Instance, serve::serve_within},
};

pub(super) struct Server {
    pub(super) handle: Handle,
    pub(super) address: std::net::SocketAddr,
    pub(super) dir: tempfile::TempDir,
    pub(super) task: JoinHandle<Result<(), Error>>,
}

pub(super) fn config(dir: &Path, flags: &[(Setting, &str)]) -> Config {
    let mut layers = Layers {
        default_data_dir: dir.to_path_buf(),
        ..Layers::default()
    };
    layers
        .flags
        .insert(Setting::Listen, "127.0.0.1:0".to_owned());
    for (setting, value) in flags {
        layers.flags.insert(*setting, (*value).to_owned());
    }
    Config::resolve(&layers).unwrap()
}

pub(super) fn router() -> Router {
    Router::new().route("/", get(async || "hello"))
}

/// Limits so short that a test can wait for them.
pub(super) fn short() -> Limits {
    Limits {
        first_byte: Duration::from_millis(50),
        handshake: Duration::from_millis(50),
        header: Duration::from_millis(50),
        idle: Duration::from_millis(50),
        goodbye: Duration::from_millis(50),
        write: Duration::from_millis(50),
        ..Limits::default()
    }
}

pub(super) async fn start(flags: &[(Setting, &str)], router: Router, limits: Limits) -> Server {
    let dir = tempfile::tempdir().unwrap();
    let instance = Instance::open(config(dir.path(), flags)).await.unwrap();
    let address = instance.address();
    let (handle, control) = Control::manual();
    let task = tokio::spawn(serve_within(instance, Site::new(router), control, limits));
    Server {
        handle,
        address,
        dir,
        task,
    }
}

impl Server {
    pub(super) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub(super) async fn connect_tls(&self, name: &str, protocols: &[&str]) -> TlsStream<TcpStream> {
        self.try_connect_tls(name, protocols).await.unwrap()
    }

    pub(super) async fn try_connect_tls(
        &self,
        name: &str,
        protocols: &[&str],
    ) -> io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(self.dir.path().join("ca.pem")).unwrap();
        roots.add(authority).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let stream = self.connect().await;
        TlsConnector::from(Arc::new(client))
            .connect(name, stream)
            .await
    }

    pub(super) async fn end(self) {
        self.handle.stop();
        self.task.await.unwrap().unwrap();
    }
}

/// Sends bytes and reads until the server closes.
pub(super) async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    bytes: &[u8],
) -> String {
    stream.write_all(bytes).await.unwrap();
    read_to_end(stream).await
}

/// Reads until the server closes; a reset ends it as well.
pub(super) async fn read_to_end<S: AsyncRead + Unpin>(mut stream: S) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(super) const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
