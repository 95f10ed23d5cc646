//! Names that are not given: variables, az's settings, the registry just created, the folder.

use crate::process::{Client, Outcome, Server, acr};

#[test]
fn a_name_that_is_not_given_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    let name = |outcome: Outcome| {
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

#[test]
#[cfg(unix)]
fn a_variable_that_is_no_text_is_refused_and_not_passed_over() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let run = |variable: &str| {
        let mut command = acr(folder.path());
        command.args(["context", "show"]);
        command.env(variable, OsStr::from_bytes(b"/tmp/hunter2\xff"));
        Outcome::of(command.output().unwrap())
    };
    for variable in [
        "ACR_CONFIG_DIR",
        "ACR_CONTEXT",
        "XDG_CONFIG_HOME",
        "AZURE_CLIENT_SECRET",
    ] {
        let outcome = run(variable);
        assert_eq!(outcome.code, 2, "{variable}: {}", outcome.stdout);
        assert!(outcome.stderr.contains(variable), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
    assert_eq!(run("LS_COLORS").code, 0);
}

#[test]
fn a_default_that_cannot_be_kept_undoes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let client = Client::of(&server, folder.path());
    client.must(&["create", "-n", "first", "--sku", "basic"]);
    // A folder where the lock would be: the settings can be read, and not changed.
    let lock = folder.path().join("settings/.contexts.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let words = ["create", "-n", "second", "--sku", "basic"];
    for outcome in [
        client.run(&words),
        client.run(&["delete", "-n", "first", "--yes"]),
    ] {
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let told = outcome.stderr.starts_with("WARNING: The default registry");
        assert!(told, "{}", outcome.stderr);
    }
    let names = client.must(&["list", "--query", "[].name", "-o", "tsv"]);
    assert_eq!(names, "second\n");
}
