//! Services that make us wait: what is said about it.

use crate::process::{Client, acr};
use serde_json::json;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

/// Turns every request away until a minute and a half has passed.
fn throttling_service() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(
                b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 90\r\ncontent-length: 0\r\n\r\n",
            );
        }
    });
    address
}

#[test]
fn a_long_pause_is_told_before_it_begins() {
    let home = tempfile::tempdir().unwrap();
    let address = throttling_service();
    let admin = json!({
        "endpoint": format!("http://{address}"), "tenantId": "t", "subscriptionId": "s",
        "clientId": "c", "clientSecret": "hunter2",
    });
    let file = home.path().join("throttled.json");
    std::fs::write(&file, admin.to_string()).unwrap();
    let client = Client::without_context(home.path());
    client.must(&[
        "context",
        "add",
        "slow",
        "--admin-file",
        file.to_str().unwrap(),
    ]);
    let mut child = acr(home.path())
        .args(["list"])
        .env("ACR_CONFIG_DIR", home.path().join("settings"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = lines.next().unwrap().unwrap();
    // It would wait for another minute and a half.
    child.kill().unwrap();
    child.wait().unwrap();
    let beginning = format!("WARNING: {address} asks to wait 90 s, trying again at ");
    assert!(told.starts_with(&beginning), "{told}");
}
