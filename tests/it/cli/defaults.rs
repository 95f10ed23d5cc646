//! Names that are not given: variables, az's settings, the registry just created, the folder.

use crate::process::{Client, Server};

#[test]
fn a_name_that_is_not_given_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    let name = |outcome: crate::process::Outcome| {
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        outcome.stdout.trim().to_owned()
    };
    client.must(&["create", "-n", "first", "--sku", "basic"]);
    client.must(&["create", "-n", "second", "--sku", "standard"]);

    let show = ["show", "--query", "name", "-o", "tsv"];
    assert_eq!(name(client.run(&show)), "second");
    let variables = [("AZURE_DEFAULTS_ACR", "first")];
    assert_eq!(name(client.run_with(&show, &variables)), "first");
    let azure = folder.path().join(".azure");
    std::fs::create_dir(&azure).unwrap();
    std::fs::write(
        azure.join("config"),
        "[defaults]\nacr = first\n[core]\noutput = yaml\n",
    )
    .unwrap();
    assert_eq!(name(client.run(&show)), "first");
    assert_eq!(
        client.must(&["show", "-n", "second", "--query", "name"]),
        "second\n...\n"
    );
    std::fs::remove_dir_all(&azure).unwrap();

    client.must(&["delete", "-n", "second", "--yes"]);
    // No default is left: the folder gives its name, and says so.
    let outcome = client.run(&["create", "--sku", "basic", "--query", "name", "-o", "tsv"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let made = outcome.stdout.trim();
    let folder_name = folder
        .path()
        .file_name()
        .unwrap()
        .to_string_lossy()
        .to_lowercase();
    let letters: String = folder_name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    assert!(made.starts_with(&letters), "{made} from {folder_name}");
    assert!(outcome.stderr.contains(made), "{}", outcome.stderr);
}

#[test]
fn a_login_server_is_taken_for_its_registry() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "hello", "--sku", "basic"]);
    let login_server = client.must(&["show", "-n", "hello", "--query", "loginServer", "-o", "tsv"]);
    let login_server = login_server.trim();
    let outcome = client.run(&["show", "-n", login_server, "--query", "name", "-o", "tsv"]);
    assert_eq!(
        (outcome.code, outcome.stdout.as_str()),
        (0, "hello\n"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("automatically omitted"),
        "{}",
        outcome.stderr
    );
    assert_eq!(client.run(&["show", "-n", "hello.azurecr.io"]).code, 1);
    assert_eq!(client.run(&["show", "-n", "no"]).code, 1);
}
