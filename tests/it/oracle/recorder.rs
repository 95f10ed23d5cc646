//! A proxy in front of the server that writes down every request and changes none.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::convert::Infallible;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::recorded::Recorded;
use super::tls;
use crate::process::Server;

/// A recorder that has its port but nothing behind it yet.
pub(super) struct Bound {
    /// Its port.
    pub(super) port: u16,
    listener: TcpListener,
    runtime: Runtime,
}

/// A running recorder; it ends when this is dropped.
pub(super) struct Recorder {
    /// Where clients find it.
    pub(super) endpoint: String,
    /// The authority that they must trust.
    pub(super) ca_file: PathBuf,
    tape: Tape,
    _runtime: Runtime,
}

type Tape = Arc<Mutex<Vec<Recorded>>>;

impl Recorder {
    /// Takes a port, so that a server can take the same one on another address.
    pub(super) fn bind() -> Bound {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("loopback has a free port");
        let port = listener.local_addr().expect("an address").port();
        Bound {
            port,
            listener,
            runtime,
        }
    }

    /// The requests since the last time.
    pub(super) fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.tape.lock().expect("no writer panics"))
    }
}

impl Bound {
    /// Starts in front of a server.
    pub(super) fn start(self, server: &Server, folder: &Path) -> Recorder {
        let ca_file = folder.join("recorder-ca.pem");
        let acceptor = TlsAcceptor::from(tls::front(&ca_file));
        let tape = Tape::default();
        let relay = Relay {
            server: server.address,
            config: tls::back(&server.ca_file()),
            tape: Arc::clone(&tape),
        };
        self.runtime.spawn(listen(self.listener, acceptor, relay));
        Recorder {
            endpoint: format!("https://localhost:{}", self.port),
            ca_file,
            tape,
            _runtime: self.runtime,
        }
    }
}

async fn listen(listener: TcpListener, acceptor: TlsAcceptor, relay: Relay) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, acceptor.clone(), relay.clone()));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, relay: Relay) {
    // A client that does not trust us ends the handshake; the test sees that in the client's words.
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let service = service_fn(|request| relay.clone().answer(request));
    // A client that ends the connection in the middle ends this, too.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

#[derive(Clone)]
struct Relay {
    server: SocketAddr,
    config: Arc<ClientConfig>,
    tape: Tape,
}

impl Relay {
    async fn answer(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        Ok(self.forward(request).await.unwrap_or_else(|error| {
            let mut response = Response::new(Full::from(format!("recorder: {error}")));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }))
    }

    async fn forward(
        self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Box<dyn Error + Send + Sync>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let recorded = Recorded::new(&parts, &body);
        let answer = self.ask_server(parts, body).await?;
        // A request that is turned away at the door is how a client asks for the way in.
        if answer.status() != StatusCode::UNAUTHORIZED {
            self.tape.lock().expect("no writer panics").push(recorded);
        }
        let (mut parts, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        parts.headers.remove(TRANSFER_ENCODING);
        parts.headers.remove(CONNECTION);
        Ok(Response::from_parts(parts, Full::new(body)))
    }

    /// Sends a request as it came, the `Host` header with it: the server builds its addresses from that.
    async fn ask_server(
        &self,
        mut parts: Parts,
        body: Bytes,
    ) -> Result<Response<Incoming>, Box<dyn Error + Send + Sync>> {
        let stream = TcpStream::connect(self.server).await?;
        let name = ServerName::try_from("localhost")?;
        let connector = TlsConnector::from(Arc::clone(&self.config));
        let stream = connector.connect(name, stream).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        parts.headers.remove(TRANSFER_ENCODING);
        parts.headers.remove(CONNECTION);
        Ok(sender
            .send_request(Request::from_parts(parts, Full::new(body)))
            .await?)
    }
}
