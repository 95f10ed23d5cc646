//! The accept loop: takes connections up to a limit, and lets them finish when the server drains.

use std::{io, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};

use super::{connection, middleware::Shell, peer::Peer, tls::Tls};
use crate::lifecycle::{Phase, reached};

/// How long each step of a connection may take, and how much of everything there may be.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// Until the first byte.
    pub(crate) first_byte: Duration,
    /// For the TLS handshake.
    pub(crate) handshake: Duration,
    /// For the head of a request, counted from when the connection waits for it.
    pub(crate) header: Duration,
    /// Without any request.
    pub(crate) idle: Duration,
    /// To take leave after that.
    pub(crate) goodbye: Duration,
    /// Without the client taking anything of an answer.
    pub(crate) write: Duration,
    /// Size of a request's head.
    pub(crate) header_bytes: usize,
    /// Open at once.
    pub(crate) connections: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(15),
            handshake: Duration::from_secs(15),
            header: Duration::from_secs(60),
            idle: Duration::from_secs(120),
            goodbye: Duration::from_secs(5),
            write: Duration::from_secs(120),
            header_bytes: 64 * 1024,
            connections: 8192,
        }
    }
}

/// What every connection needs.
pub(crate) struct Setup {
    pub(crate) shell: Arc<Shell>,
    pub(crate) tls: Arc<Tls>,
    pub(crate) limits: Limits,
    pub(crate) allow_plain_http: bool,
    pub(crate) drain_timeout: Duration,
}

const FIRST_BACKOFF: Duration = Duration::from_millis(10);
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);

/// Accepts until the phase says drain, then waits for what is open, but no longer than the setup allows.
pub(crate) async fn run(listener: TcpListener, setup: Setup, mut phase: watch::Receiver<Phase>) {
    let setup = Arc::new(setup);
    let slots = Arc::new(Semaphore::new(setup.limits.connections as usize));
    // Connections end when this sender says so, or is gone.
    let (to_connections, of_connections) = watch::channel(Phase::Run);
    tokio::select! {
        () = accept_forever(&listener, &setup, &slots, &of_connections) => {}
        () = reached(&mut phase, Phase::Drain) => {}
    }
    drop(listener);
    setup.shell.set_draining();
    to_connections.send_replace(Phase::Drain);
    let all_ended = slots.acquire_many(setup.limits.connections);
    tokio::select! {
        drained = timeout(setup.drain_timeout, all_ended) => {
            if drained.is_err() {
                let open = setup.limits.connections as usize - slots.available_permits();
                tracing::warn!(open, "connections were cut: they did not end in time");
            }
        }
        () = reached(&mut phase, Phase::End) => tracing::warn!("ended without waiting for open connections"),
    }
    to_connections.send_replace(Phase::End);
}

async fn accept_forever(
    listener: &TcpListener,
    setup: &Arc<Setup>,
    slots: &Arc<Semaphore>,
    phase: &watch::Receiver<Phase>,
) {
    let mut backoff = FIRST_BACKOFF;
    loop {
        // Without a free slot newcomers wait in the system's queue.
        let Ok(slot) = Arc::clone(slots).acquire_owned().await else {
            return;
        };
        match accept(listener).await {
            Ok((stream, peer)) => {
                backoff = FIRST_BACKOFF;
                let setup = Arc::clone(setup);
                let phase = phase.clone();
                tokio::spawn(async move {
                    let open = setup.shell.metrics().connection();
                    connection::run(stream, peer, Arc::clone(&setup), phase).await;
                    drop((open, slot));
                });
            }
            Err(error) if concerns_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted; trying again");
                sleep(backoff).await;
                backoff = (backoff * 2).min(LONGEST_BACKOFF);
            }
        }
    }
}

async fn accept(listener: &TcpListener) -> io::Result<(TcpStream, Peer)> {
    let (stream, addr) = listener.accept().await?;
    stream.set_nodelay(true)?;
    let peer = Peer {
        addr,
        local: stream.local_addr()?,
        is_tls: false,
    };
    Ok((stream, peer))
}

/// A client that left before it was accepted is no reason to slow down.
fn concerns_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::NotConnected
            | io::ErrorKind::InvalidInput
    )
}
