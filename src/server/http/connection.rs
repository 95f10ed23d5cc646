//! One connection: TLS or not, HTTP/1 or 2, from its first byte to its end.

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use axum::body::Body;
use hyper::{Request, body::Incoming, server::conn, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time::{sleep_until, timeout},
};
use tokio_rustls::TlsAcceptor;

use super::{
    activity::Activity,
    listener::{Limits, Setup},
    middleware::{Held, Outbox},
    patient::Patient,
    peer::Peer,
    plain::{self, Protocol},
};
use crate::lifecycle::{Phase, reached};

const HTTP2_STREAMS: u32 = 250;
/// Requests that are cancelled before they were looked at. A client that ends a pull cancels as many as it has; one that
/// floods the server with them does not get further than that.
const HTTP2_CANCELLED_AT_ONCE: usize = HTTP2_STREAMS as usize;
const HTTP2_PING_EVERY: Duration = Duration::from_secs(30);
const HTTP2_PING_ANSWER: Duration = Duration::from_secs(20);

/// Serves one connection to its end.
pub(super) async fn run(
    stream: TcpStream,
    peer: Peer,
    setup: Arc<Setup>,
    mut phase: watch::Receiver<Phase>,
) {
    let opened = tokio::select! {
        opened = open(stream, peer, &setup) => opened,
        () = reached(&mut phase, Phase::Drain) => None,
    };
    match opened {
        Some(Opened::Plain(stream, protocol)) => {
            serve(stream, protocol, peer, &setup, phase).await;
        }
        Some(Opened::Tls(stream)) => {
            let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            let protocol = if is_http2 {
                Protocol::Http2
            } else {
                Protocol::Http1
            };
            let peer = Peer {
                is_tls: true,
                ..peer
            };
            serve(*stream, protocol, peer, &setup, phase).await;
        }
        None => {}
    }
}

enum Opened {
    Plain(TcpStream, Protocol),
    Tls(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

/// Gets the connection to where requests can be read; `None` if it will carry none.
async fn open(stream: TcpStream, peer: Peer, setup: &Setup) -> Option<Opened> {
    let limits = &setup.limits;
    let protocol = match timeout(limits.first_byte, plain::detect(&stream)).await {
        Ok(Ok(Some(protocol))) => protocol,
        Ok(Ok(None)) => return None,
        Ok(Err(error)) => return dropped(peer, &error.to_string()),
        Err(_) => return dropped(peer, "sent nothing in time"),
    };
    if protocol == Protocol::Tls {
        let config = setup.tls.for_connection(peer.local.ip());
        let handshake = TlsAcceptor::from(config).accept(stream);
        return match timeout(limits.handshake, handshake).await {
            Ok(Ok(stream)) => Some(Opened::Tls(Box::new(stream))),
            Ok(Err(error)) => dropped(peer, &format!("TLS handshake: {error}")),
            Err(_) => dropped(peer, "no TLS handshake in time"),
        };
    }
    if setup.allow_plain_http || plain::is_allowed(peer.addr, peer.local) {
        return Some(Opened::Plain(stream, protocol));
    }
    let outcome = plain::refuse(stream).await;
    tracing::debug!(peer = %peer.addr, ?outcome, "plain HTTP refused");
    None
}

fn dropped(peer: Peer, reason: &str) -> Option<Opened> {
    tracing::debug!(peer = %peer.addr, reason, "connection dropped");
    None
}

async fn serve<S>(
    stream: S,
    protocol: Protocol,
    peer: Peer,
    setup: &Setup,
    phase: watch::Receiver<Phase>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Activity::new();
    let running = activity.clone();
    let outbox = Outbox::default();
    let limits = &setup.limits;
    let stream = TokioIo::new(Patient::new(stream, limits.write, outbox.clone()));
    let shell = Arc::clone(&setup.shell);
    let service = service_fn(move |request: Request<Incoming>| {
        let shell = Arc::clone(&shell);
        let running = running.begin();
        let outbox = outbox.clone();
        async move {
            let response = shell.respond(request.map(Body::new), peer).await;
            let response = response.map(|body| body.through(outbox));
            Ok::<_, Infallible>(response.map(|body| Held::new(body, running)))
        }
    });
    if protocol == Protocol::Http2 {
        let connection = http2(limits).serve_connection(stream, service);
        drive(connection, &activity, limits, phase).await;
    } else {
        let connection = http1(limits).serve_connection(stream, service);
        drive(connection, &activity, limits, phase).await;
    }
}

fn http1(limits: &Limits) -> conn::http1::Builder {
    let mut builder = conn::http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_header_size(limits.header_bytes);
    builder
}

fn http2(limits: &Limits) -> conn::http2::Builder<TokioExecutor> {
    let header_bytes = u32::try_from(limits.header_bytes).unwrap_or(u32::MAX);
    let mut builder = conn::http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING_EVERY)
        .keep_alive_timeout(HTTP2_PING_ANSWER)
        .max_concurrent_streams(HTTP2_STREAMS)
        .max_pending_accept_reset_streams(HTTP2_CANCELLED_AT_ONCE)
        .max_header_list_size(header_bytes);
    builder
}

/// Runs the connection until it ends, is idle too long, or the server is no longer wanted.
async fn drive<C>(
    connection: C,
    activity: &Activity,
    limits: &Limits,
    mut phase: watch::Receiver<Phase>,
) where
    C: GracefulConnection,
{
    let mut connection = pin!(connection);
    let mut wanted = Phase::Drain;
    let mut limit = limits.idle;
    let mut is_leaving = false;
    loop {
        let idle_at = activity.idle_at(limit);
        tokio::select! {
            // How a connection ends is the client's affair.
            _ = connection.as_mut() => return,
            () = reached(&mut phase, wanted) => {
                if *phase.borrow() == Phase::End || wanted == Phase::End {
                    return;
                }
                wanted = Phase::End;
                connection.as_mut().graceful_shutdown();
            }
            () = sleep_until(idle_at) => {
                if activity.idle_at(limit) > idle_at {
                    continue;
                }
                if is_leaving {
                    return;
                }
                is_leaving = true;
                limit += limits.goodbye;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
