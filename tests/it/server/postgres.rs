//! Metadata in PostgreSQL: the whole way, over a restart, and shared by servers.

use super::connection::Connection;
use crate::process::Server;
use acr_http::Method;
use acr_store::testing::Postgres;
use serde_json::json;
use std::path::Path;

/// A server whose blobs are in a folder of their own, as those of several servers on one database have to be.
async fn start(folder: &Path, database: &str, blobs: &Path) -> (Server, Connection) {
    let blobs = blobs.to_str().unwrap();
    let server = Server::start_with(folder, &["--database", database, "--blobs", blobs]);
    let connection = Connection::open(&server).await;
    (server, connection)
}

async fn create(connection: &Connection, name: &str) {
    let answer = connection.create(name).await.unwrap();
    assert_eq!(answer.status.as_u16(), 201, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn registries_live_in_postgres() {
    let Some(postgres) = Postgres::start_or_skip("registries_live_in_postgres").await else {
        return;
    };
    let database = postgres.database().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let blobs = folder.path().join("blobs");
    let (server, connection) = start(folder.path(), &database, &blobs).await;
    for name in ["gone1", "kept1", "kept2"] {
        create(&connection, name).await;
    }
    assert_eq!(connection.names().await, ["gone1", "kept1", "kept2"]);
    let (gone, kept) = (connection.registry("gone1"), connection.registry("kept1"));
    let change = json!({"tags": {"team": "a"}, "properties": {"adminUserEnabled": true}});
    let changed = connection.request(Method::PATCH, &kept).json(&change);
    assert_eq!(changed.send().await.unwrap().status.as_u16(), 200);
    let deleted = connection.request(Method::DELETE, &gone).send().await;
    assert_eq!(deleted.unwrap().status.as_u16(), 202);
    let before = connection.get(&kept).await;
    assert_eq!(before["tags"], json!({"team": "a"}));
    server.kill();

    let (server, connection) = start(folder.path(), &database, &blobs).await;
    assert_eq!(connection.names().await, ["kept1", "kept2"]);
    let mut after = connection.get(&kept).await;
    // The port, and with it the host name, is another one.
    after["properties"]["loginServer"] = before["properties"]["loginServer"].clone();
    assert_eq!(after, before);
    create(&connection, "gone1").await;
    assert!(!folder.path().join("data/acr.db").exists());
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_on_one_database_are_one() {
    let Some(postgres) = Postgres::start_or_skip("servers_on_one_database_are_one").await else {
        return;
    };
    let database = postgres.database().await.unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let blobs = folders[0].path().join("blobs");
    let (one, to_one) = start(folders[0].path(), &database, &blobs).await;
    let (two, to_two) = start(folders[1].path(), &database, &blobs).await;
    assert_eq!(one.admin("tenantId"), two.admin("tenantId"));
    assert_eq!(one.admin("subscriptionId"), two.admin("subscriptionId"));

    create(&to_one, "first1").await;
    create(&to_two, "second1").await;
    for connection in [&to_one, &to_two] {
        assert_eq!(connection.names().await, ["first1", "second1"]);
    }
    let taken = to_two.create("first1").await.unwrap();
    assert_eq!(taken.status.as_u16(), 200, "it is the same registry");
    let deleted = to_two.request(Method::DELETE, &to_two.registry("first1"));
    assert_eq!(deleted.send().await.unwrap().status.as_u16(), 202);
    assert_eq!(to_one.names().await, ["second1"]);
}
