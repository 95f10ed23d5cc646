//! `/metadata/endpoints`: what this cloud says of itself to `az cloud register`.

use acr_api::auth::{CloudAuthentication, CloudMetadata, CloudSuffixes};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};

use crate::{
    app::App,
    http::{answer, origin},
};

pub(super) async fn show(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let base = origin(&app, &parts);
    let domain = &app.settings().domain;
    let host = domain.split(':').next().unwrap_or(domain);
    let suffix = |kind: &str| format!("{kind}.{host}");
    answer::json(
        StatusCode::OK,
        &CloudMetadata {
            name: "local".to_owned(),
            portal: base.clone(),
            resource_manager: format!("{base}/"),
            graph: format!("{base}/"),
            graph_audience: format!("{base}/"),
            microsoft_graph_resource_id: format!("{base}/"),
            authentication: CloudAuthentication {
                login_endpoint: base.clone(),
                audiences: vec![format!("{base}/"), base],
                tenant: "common".to_owned(),
                identity_provider: "AAD".to_owned(),
            },
            suffixes: CloudSuffixes {
                acr_login_server: domain.clone(),
                storage: suffix("storage"),
                key_vault_dns: suffix("vault"),
                sql_server_hostname: suffix("sql"),
            },
        },
    )
}
