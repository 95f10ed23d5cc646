//! What lies between us and the service: proxies, certificates of others, no check at all.

use crate::process::{Client, Server};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

/// A proxy that refuses its first client, and what that client asked for.
fn refusing_proxy() -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (address, asked)
}

#[test]
fn azure_is_reached_through_the_proxy_and_a_server_of_our_own_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    let (proxy, asked) = refusing_proxy();
    let through_proxy = [("HTTPS_PROXY", proxy.as_str()), ("HTTP_PROXY", &proxy)];
    let outcome = client.run_with(&["list"], &through_proxy);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);

    let mut variables = through_proxy.to_vec();
    variables.extend([
        ("AZURE_TENANT_ID", "11111111-2222-3333-4444-555555555555"),
        ("AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555"),
        ("AZURE_CLIENT_SECRET", "hunter2"),
    ]);
    let outcome = client.run_with(&["list", "--context", "azure"], &variables);
    assert_eq!(outcome.code, 1);
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    let asked = asked.join().unwrap();
    assert!(
        asked.starts_with("CONNECT login.microsoftonline.com:443"),
        "{asked}"
    );
}

/// A context that does not say which authority to trust.
fn forget_authority(server: &Server, home: &Path) {
    let mut admin = server.admin.clone();
    admin["caFile"] = json!(null);
    let file = home.join("bare.json");
    std::fs::write(&file, admin.to_string()).unwrap();
    let client = Client::without_context(home);
    client.must(&[
        "context",
        "add",
        "bare",
        "--admin-file",
        file.to_str().unwrap(),
    ]);
}

#[test]
fn certificates_are_checked_against_the_bundle_that_is_named_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    forget_authority(&server, folder.path());
    let client = Client::without_context(folder.path());
    let outcome = client.run(&["list"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("REQUESTS_CA_BUNDLE"),
        "{}",
        outcome.stderr
    );
    let bundle = [("REQUESTS_CA_BUNDLE", server.admin("caFile"))];
    assert_eq!(client.run_with(&["list"], &bundle).code, 0);
    let blind = [("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", "1")];
    assert_eq!(client.run_with(&["list"], &blind).code, 0);
}
