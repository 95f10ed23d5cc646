//! `acr serve` from outside: in the background, asked, pointed at, stopped.

use crate::process::{Client, Server, free_address};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_server_in_the_background_is_started_used_and_stopped() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    let data = home.path().join("data");
    let data = data.to_str().unwrap();
    let listen = free_address().to_string();

    let started =
        json(&client.must(&["serve", "--detach", "--listen", &listen, "--data-dir", data]));
    let status = json(&client.must(&["serve", "status", "--data-dir", data]));
    assert_eq!(status["ready"], true);
    assert_eq!(status["pid"], started["pid"]);
    assert_eq!(status["endpoint"], started["endpoint"]);
    client.must(&["create", "-n", "hello", "--sku", "basic"]);
    assert_eq!(
        client.must(&["list", "--query", "[].name", "-o", "tsv"]),
        "hello\n"
    );

    let again = client.run(&["serve", "--detach", "--listen", &listen, "--data-dir", data]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains(&started["pid"].to_string()),
        "{}",
        again.stderr
    );
    let lines = client.must(&["serve", "env", "--data-dir", data]);
    assert!(lines.contains("REQUESTS_CA_BUNDLE"), "{lines}");

    client.must(&["serve", "stop", "--data-dir", data]);
    let status = json(&client.must(&["serve", "status", "--data-dir", data]));
    assert_eq!(status["running"], false);
    assert_eq!(client.run(&["serve", "stop", "--data-dir", data]).code, 1);

    // What was made is there when it starts again.
    client.must(&["serve", "--detach", "--listen", &listen, "--data-dir", data]);
    assert_eq!(
        client.must(&["list", "--query", "[].name", "-o", "tsv"]),
        "hello\n"
    );
    client.must(&["serve", "stop", "--data-dir", data]);
}

#[test]
fn a_second_server_takes_the_context_of_none_that_runs() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    let folders = ["one", "two"].map(|name| home.path().join(name));
    let folders = folders.each_ref().map(|folder| folder.to_str().unwrap());
    let start = |data| {
        let listen = free_address().to_string();
        client.run(&["serve", "--detach", "--listen", &listen, "--data-dir", data])
    };
    let current = || json(&client.must(&["serve", "status"]))["dataDir"].clone();
    let stop = |data| client.must(&["serve", "stop", "--data-dir", data]);

    let first = start(folders[0]);
    let told = "Commands go to 'local' from now on.\n";
    assert_eq!((first.code, first.stderr.as_str()), (0, told));
    let second = start(folders[1]);
    assert_eq!(second.code, 0, "{}", second.stderr);
    let said = format!("stays with the server in {}", folders[0]);
    assert!(second.stderr.contains(&said), "{}", second.stderr);
    assert_eq!(current(), folders[0]);
    // Who has a name for the second one needs no advice.
    let file = format!("{}/admin.json", folders[1]);
    client.must(&["context", "add", "two", "--admin-file", &file]);
    stop(folders[1]);
    let named = start(folders[1]);
    assert_eq!((named.code, named.stderr.as_str()), (0, ""));
    client.must(&["context", "remove", "two"]);
    let outcome = client.run(&["serve", "gc", "--data-dir", "/nowhere"]);
    assert_eq!(outcome.code, 1);
    assert!(!outcome.stderr.contains("context"), "{}", outcome.stderr);
    stop(folders[0]);
    let outcome = client.run(&["serve", "env"]);
    assert!(
        outcome.stderr.contains("No server runs"),
        "{}",
        outcome.stderr
    );
    stop(folders[1]);
    let again = start(folders[1]);
    assert_eq!((again.code, again.stderr.as_str()), (0, ""));
    assert_eq!(current(), folders[1]);
    stop(folders[1]);
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::without_context(home.path());
    let data = home.path().join("data");
    let data = data.to_str().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    for line in [
        &["serve", "--listen", &listen, "--data-dir", data][..],
        &["serve", "--detach", "--listen", &listen, "--data-dir", data],
    ] {
        let outcome = client.run(line);
        assert_eq!(outcome.code, 1, "{line:?}");
        assert!(
            outcome.stderr.contains(&listen),
            "{line:?}: {}",
            outcome.stderr
        );
    }
    std::fs::create_dir_all(data).unwrap();
    std::fs::write(
        home.path().join("data/serve.toml"),
        "region = \"here\"\nnonsense = 1\n",
    )
    .unwrap();
    let outcome = client.run(&["serve", "--data-dir", data]);
    assert_ne!(outcome.code, 0);
    assert!(outcome.stderr.contains("nonsense"), "{}", outcome.stderr);
    std::fs::write(home.path().join("data/serve.toml"), "region = = 1").unwrap();
    let outcome = client.run(&["serve", "--data-dir", data]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("serve.toml:1"),
        "{}",
        outcome.stderr
    );
    std::fs::remove_file(home.path().join("data/serve.toml")).unwrap();
    let variables = [
        ("ACR_SERVE_LISTN", "x"),
        ("ACR_SERVE_PORT", "tcp://10.0.0.1:5480"),
    ];
    let line = ["serve", "--listen", &listen, "--data-dir", data];
    let outcome = client.run_with(&line, &variables);
    assert!(
        outcome.stderr.contains("ACR_SERVE_LISTN"),
        "{}",
        outcome.stderr
    );
    assert!(
        !outcome.stderr.contains("ACR_SERVE_PORT"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn without_a_folder_the_server_of_the_context_is_meant() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(home.path());
    let client = Client::of(&server, home.path());
    let data = home.path().join("data");
    let data = data.to_str().unwrap();

    let outcome = client.run(&["serve", "status"]);
    let status = json(&outcome.stdout);
    assert_eq!(status["dataDir"], data);
    assert_eq!(status["ready"], true);
    let said = format!("the server in {data}.");
    assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
    let outcome = client.run(&["serve", "env"]);
    assert!(outcome.stdout.contains(data), "{}", outcome.stdout);
    assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
    let quiet = client.run(&["serve", "env", "--only-show-errors"]);
    assert!(!quiet.stdout.contains("ACR_CONTEXT"), "{}", quiet.stdout);
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (outcome.stdout, ""));

    // The lines make every program of that shell go to one server.
    let env = ["serve", "env", "--context", "azure", "--data-dir", data];
    let outcome = client.run(&env);
    let named = "export ACR_CONTEXT='under-test';";
    assert!(outcome.stdout.contains(named), "{}", outcome.stdout);
    let nameless = client.run_with(&env, &[("ACR_CONFIG_DIR", "/nowhere")]);
    assert!(
        nameless.stderr.contains("context add"),
        "{}",
        nameless.stderr
    );

    // Azure has no folder, and what is set stands before the context.
    let usual = client.run(&["serve", "status", "--context", "azure"]);
    let status = json(&usual.stdout);
    assert_eq!(status["running"], false);
    let folder = status["dataDir"].as_str().unwrap();
    assert!(folder.ends_with(".local/share/acr"), "{folder}");
    assert_eq!(usual.stderr, "");
    let elsewhere = home.path().join("elsewhere");
    let variables = [("ACR_SERVE_DATA_DIR", elsewhere.to_str().unwrap())];
    let outcome = client.run_with(&["serve", "status"], &variables);
    assert_eq!(json(&outcome.stdout)["running"], false);
    assert!(outcome.stderr.contains("elsewhere."), "{}", outcome.stderr);
    assert_eq!(client.run(&["serve", "stop"]).code, 0);
}
