//! Which part of the server answers which path.
use axum::Router;

use crate::{app::App, control, graph, identity};

/// The whole server, ready to be served.
pub fn router(app: App) -> Router {
    identity::routes()
        .merge(graph::routes())
        .fallback(control::handle)
        .with_state(app)
}
