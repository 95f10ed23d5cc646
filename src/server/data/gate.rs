//! Lets a request in or turns it away.

use std::sync::Arc;

use axum::{
    http::{header, request::Parts},
    response::Response,
};

use super::host::Destination;
use crate::{
    app::App,
    domain::access::{Access, Demand, Knock, admit},
    http::{Peer, origin, registry_refusal},
};

/// The caller with its rights, or the answer to one that may not do this.
pub(super) async fn enter(
    app: &App,
    destination: &Destination,
    parts: &Parts,
    demand: Demand<'_>,
) -> Result<Arc<Access>, Response> {
    let header = parts.headers.get(header::AUTHORIZATION);
    let knock = Knock {
        registry: &destination.registry,
        peer: parts.extensions.get::<Peer>().map(|peer| peer.addr.ip()),
        authorization: header.and_then(|header| header.to_str().ok()),
    };
    admit(app, knock, demand).await.map_err(|refusal| {
        let refusal = match destination.base.strip_prefix('/') {
            Some(label) => refusal.in_path(label),
            None => refusal,
        };
        let service = &destination.registry.login_server;
        registry_refusal::respond(&refusal, service, &origin(app, parts))
    })
}
