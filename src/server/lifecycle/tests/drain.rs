//! How a server ends, and who may start one.

use std::sync::Arc;

use axum::{Router, routing::get};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, sync::Semaphore};

use super::fixture::{GET, config, read_to_end, router, start};
use crate::{
    Error,
    config::Setting,
    http::listener::Limits,
    lifecycle::{Admin, DataDir, Identity, Instance, status},
};

/// A route that says when a request has come, and answers when it may.
fn gated() -> (Router, Arc<Semaphore>, Arc<Semaphore>) {
    let (came, may_go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (came_there, may_go_there) = (Arc::clone(&came), Arc::clone(&may_go));
    let handler = move || async move {
        came_there.add_permits(1);
        let _go = may_go_there.acquire().await.unwrap();
        "finished"
    };
    (Router::new().route("/", get(handler)), came, may_go)
}

#[tokio::test]
async fn a_running_request_is_finished() {
    let (router, came, may_go) = gated();
    let server = start(&[], router, Limits::default()).await;
    let mut running = server.connect().await;
    running
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let waiting = server.connect().await;
    let _came = came.acquire().await.unwrap();
    server.handle.stop();
    assert_eq!(
        read_to_end(waiting).await,
        "",
        "a connection without a request ends"
    );
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "nobody new gets in"
    );
    may_go.add_permits(1);
    let answer = read_to_end(running).await;
    assert!(
        answer.contains("connection: close") && answer.ends_with("finished"),
        "{answer}"
    );
    server.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_second_stop_and_a_short_patience_end_it_at_once() {
    for patience in ["3600", "0"] {
        let (router, came, _may_go) = gated();
        let server = start(
            &[(Setting::DrainTimeout, patience)],
            router,
            Limits::default(),
        )
        .await;
        let mut hanging = server.connect().await;
        hanging.write_all(GET).await.unwrap();
        let _came = came.acquire().await.unwrap();
        server.handle.stop();
        server.handle.stop();
        server.task.await.unwrap().unwrap();
        assert_eq!(read_to_end(hanging).await, "");
    }
}

#[tokio::test]
async fn a_folder_has_one_server() {
    let server = start(&[], router(), Limits::default()).await;
    let second = Instance::open(config(server.dir.path(), &[])).await;
    let error = second.err().unwrap();
    assert!(matches!(error, Error::Locked { pid, .. } if pid == Some(std::process::id())));
    assert!(
        error
            .to_string()
            .contains(&format!("(process {})", std::process::id()))
    );
    let data_dir = DataDir::new(server.dir.path());
    let seen = status(&data_dir).await.unwrap();
    assert!(seen.running && seen.ready);
    assert_eq!(
        seen.endpoint,
        Some(format!("https://localhost:{}", server.address.port()))
    );

    server.handle.stop();
    server.task.await.unwrap().unwrap();
    let seen = status(&data_dir).await.unwrap();
    assert!(!seen.running && !seen.ready && seen.pid.is_none());
    assert!(Instance::open(config(server.dir.path(), &[])).await.is_ok());
}

#[tokio::test]
async fn a_taken_port_is_said_plainly() {
    let server = start(&[], router(), Limits::default()).await;
    let dir = tempfile::tempdir().unwrap();
    let address = server.address.to_string();
    let second = Instance::open(config(dir.path(), &[(Setting::Listen, &address)])).await;
    let message = second.err().unwrap().to_string();
    assert!(
        message.starts_with(&format!("cannot listen on {address}: ")),
        "{message}"
    );
    server.end().await;
}

#[tokio::test]
async fn the_administrator_is_written_for_scripts() {
    let dir = tempfile::tempdir().unwrap();
    let instance = Instance::open(config(dir.path(), &[])).await.unwrap();
    let identity = Identity {
        tenant_id: "t".to_owned(),
        subscription_id: "s".to_owned(),
        client_id: "c".to_owned(),
        client_secret: "hunter2".to_owned(),
    };
    let admin = instance.write_admin(identity).unwrap();
    assert_eq!(
        Admin::read(instance.data_dir()).unwrap().as_ref(),
        Some(&admin)
    );
    assert!(!format!("{admin:?}").contains("hunter2"));
    let text = std::fs::read_to_string(dir.path().join("admin.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let keys: Vec<_> = value.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "endpoint",
            "tenantId",
            "subscriptionId",
            "clientId",
            "clientSecret",
            "loginServerSuffix",
            "caFile"
        ]
    );
    assert_eq!(value["caFile"], dir.path().join("ca.pem").to_str().unwrap());
}
