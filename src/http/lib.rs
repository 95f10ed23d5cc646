//! HTTP transport for every leg of the program: one client, time-outs, retries, redaction.
//!
//! A caller builds a [`Request`] on a [`Client`], says how it may be retried and sends it. What comes
//! back is either a [`Response`], whatever its status, or an [`Error`] that means "no usable answer".
//! What a status means is for the layers above.
//!
//! ```text
//! Request ── send ──▶ attempt ──▶ reqwest (outer: proxies · direct: loopback names)
//!                       ▲   │
//!                       └───┘ Retry: connect errors, 408 429 5xx, Retry-After, jitter
//! ```
//!
//! Content too large for memory goes by [`Request::send_bulk`] and [`Response::chunk`], over
//! connections of its own; such a request is sent once, and the loop around it is its caller's.
//! Both wait by [`Client::pause`], which tells [`Settings::pauses`] when it is the service that asks for it, and
//! of a service that does not answer.
//!
//! Who takes a connection and says nothing is given up within about a minute: a request that only reads has half
//! a minute to be answered, and is sent once more. Content may take any time as long as bytes come.
//!
//! `localhost` and every name under it resolve to the loopback address here, because most resolvers
//! know only the first of them, and such hosts are never asked of a proxy.

mod client;
mod error;
mod link;
mod pause;
mod reach;
mod redact;
mod request;
mod resolve;
mod response;
mod retry;
mod secret;
mod stream;
#[cfg(test)]
mod tests;
mod trust;

pub use client::{Client, Settings};
pub use error::{Error, ErrorKind};
pub use link::Link;
pub use pause::{Pause, Pauses, Reason};
pub use reach::Reach;
pub use redact::redact_url;
pub use request::Request;
pub use reqwest::{Method, StatusCode, header};
pub use resolve::is_loopback;
pub use response::Response;
pub use retry::Retry;
pub use secret::Secret;
pub use stream::{ByteStream, Upload};
pub use trust::{check_bundle, install_crypto};
