//! Which part of the server answers which path.
use axum::Router;

use crate::{app::App, control, identity};

/// The whole server, ready to be served.
pub fn router(app: App) -> Router {
    identity::routes().fallback(control::handle).with_state(app)
}
