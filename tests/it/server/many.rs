//! Ten thousand registries.

use super::connection::Connection;
use crate::process::{Client, Server};
use std::collections::BTreeSet;

const REGISTRIES: usize = 10_000;
const AT_ONCE: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_registries_are_listed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let connection = Connection::open(&server).await;
    let makers = (0..AT_ONCE).map(|maker| {
        let connection = connection.clone();
        tokio::spawn(async move {
            for number in (maker..REGISTRIES).step_by(AT_ONCE) {
                let answer = connection
                    .create(&format!("many{number:05}"))
                    .await
                    .unwrap();
                assert!(answer.status.is_success());
                // Over HTTP/2 an answer that is dropped unread is a reset, and too many of those end the connection.
                answer.bytes().await.unwrap();
            }
        })
    });
    for maker in makers.collect::<Vec<_>>() {
        maker.await.unwrap();
    }
    let names: BTreeSet<String> = connection.names().await.into_iter().collect();
    assert_eq!(names.len(), REGISTRIES);

    let client = Client::of(&server, folder.path());
    let output = client.run(&["list", "--query", "length(@)"]);
    assert_eq!(
        output.stdout.trim(),
        REGISTRIES.to_string(),
        "{}",
        output.stderr
    );
    let output = client.run(&["show", "-n", "many09999", "--query", "name", "-o", "tsv"]);
    assert_eq!(output.stdout.trim(), "many09999", "{}", output.stderr);
}
