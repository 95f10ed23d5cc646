//! Collections that are asked for.

use axum::http::{StatusCode, header};

use crate::testing::Server;

fn path(server: &Server) -> String {
    format!(
        "{}/providers/Microsoft.ContainerRegistry/garbageCollections",
        server.subscription()
    )
}

#[tokio::test]
async fn a_collection_is_followed_to_its_report() {
    let server = Server::start().await;
    let begun = server
        .arm("POST", &format!("{}?dryRun=true", path(&server)), None)
        .await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    let location = begun.headers[header::LOCATION].to_str().unwrap();
    let (location, _) = location.split_once('?').unwrap();
    let place = location.strip_prefix(crate::testing::ENDPOINT).unwrap();
    let report = loop {
        let answer = server.arm("GET", place, None).await;
        match answer.status {
            StatusCode::ACCEPTED => tokio::task::yield_now().await,
            status => {
                assert_eq!(status, StatusCode::OK, "{}", answer.text);
                break answer.json();
            }
        }
    };
    assert_eq!(report["isDryRun"], true);
    assert_eq!(report["blobs"]["examined"], 0);
}

#[tokio::test]
async fn only_who_may_change_everything_may_ask() {
    let server = Server::start().await;
    let (_, token) = server.stranger().await;
    for method in ["POST", "GET"] {
        let asked = match method {
            "POST" => path(&server),
            _ => format!("{}/6b1f2b0e-54b7-4f0a-9d7c-1f0e9a7f2c11", path(&server)),
        };
        let refused = server.arm_as(&token, method, &asked, None).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method}");
    }
    let unknown = format!("{}/nothing", path(&server));
    let answer = server.arm("GET", &unknown, None).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.code(), "CollectionNotFound");
    let narrower = path(&server).replace("/providers/", "/resourceGroups/default/providers/");
    let answer = server.arm("POST", &narrower, None).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.code(), "InvalidResourceType");
}
