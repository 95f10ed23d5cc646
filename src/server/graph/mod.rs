//! The directory: as much of Microsoft Graph as `az ad` and `az role assignment` need.

mod applications;
mod asker;
mod credential;
mod directory_objects;
mod federated;
mod select;
mod service_principals;
#[cfg(test)]
mod tests;
mod users;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

/// The paths of the directory.
pub(crate) fn routes() -> Router<App> {
    let of_application = Router::new()
        .route("/", get(applications::list).post(applications::create))
        .route(
            "/{id}",
            get(applications::show)
                .patch(applications::change)
                .delete(applications::delete),
        )
        .route("/{id}/addPassword", post(applications::add_password))
        .route("/{id}/removePassword", post(applications::remove_password))
        .route(
            "/{id}/federatedIdentityCredentials",
            get(federated::list).post(federated::create),
        )
        .route(
            "/{id}/federatedIdentityCredentials/{name}",
            get(federated::show)
                .patch(federated::change)
                .delete(federated::delete),
        );
    let of_principal = Router::new()
        .route(
            "/",
            get(service_principals::list).post(service_principals::create),
        )
        .route(
            "/{id}",
            get(service_principals::show).delete(service_principals::delete),
        );
    let of_user = Router::new()
        .route("/", get(users::list).post(users::create))
        .route("/{id}", get(users::show).delete(users::delete));
    Router::new()
        .nest("/v1.0/applications", of_application)
        .nest("/v1.0/servicePrincipals", of_principal)
        .nest("/v1.0/users", of_user)
        .route("/v1.0/me", get(users::me))
        .route(
            "/v1.0/directoryObjects/getByIds",
            post(directory_objects::by_ids),
        )
}
