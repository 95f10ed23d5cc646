//! Which part of the server answers which path.

use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{self, Next},
    response::Response,
};

use crate::{app::App, control, data, graph, identity};

/// The whole server, ready to be served.
pub fn router(app: App) -> Router {
    let management = identity::routes()
        .merge(graph::routes())
        .fallback(control::handle)
        .layer(middleware::from_fn_with_state(app.clone(), forget))
        .layer(middleware::from_fn_with_state(app.clone(), data::guard));
    // The token service has the same paths on every host, in front of the guard.
    management.merge(data::oauth2::routes()).with_state(app)
}

/// Whatever a management request changes may be about callers of a registry: before it is answered,
/// what was worked out about them is forgotten.
async fn forget(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_reading = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let response = next.run(request).await;
    if !is_reading {
        app.access_memory().forget();
    }
    response
}
