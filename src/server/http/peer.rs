//! Who is at the other end of a connection.

use std::net::SocketAddr;

/// The connection a request came in on; found in the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The other end's address.
    pub addr: SocketAddr,
    /// Our own address, as the other end reached it.
    pub local: SocketAddr,
    /// Whether the connection is encrypted.
    pub is_tls: bool,
}
