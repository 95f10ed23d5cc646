//! Registries: a clear refusal, nothing half-done, and work again when there is room.

use super::super::connection::Connection;
use super::disk::SmallDisk;
use crate::process::Server;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_leaves_nothing_half_done() {
    let test = "a_full_disk_is_told_and_leaves_nothing_half_done";
    let Some(disk) = SmallDisk::mount(test, 6) else {
        return;
    };
    let server = Server::start(disk.path());
    let connection = Connection::open(&server).await;
    assert!(
        connection
            .create("before")
            .await
            .unwrap()
            .status
            .is_success()
    );
    disk.fill();

    let mut refusal = None;
    for number in 0..2_000 {
        let name = format!("full{number:04}");
        let answer = connection.create(&name).await.unwrap();
        if !answer.status.is_success() {
            refusal = Some((name, answer));
            break;
        }
    }
    let (name, answer) = refusal.expect("the disk has an end");
    assert_eq!(answer.status.as_u16(), 507);
    let body: Value = answer.json().await.unwrap();
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.contains("space"), "{message}");

    let names = connection.names().await;
    assert!(!names.contains(&name));
    assert!(names.contains(&"before".to_owned()));
    disk.clear();
    assert!(connection.create(&name).await.unwrap().status.is_success());
}
