//! The binary under test as processes: a server on a free port, and command lines against it.

use serde_json::Value;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to get ready, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary with an environment that holds nothing of the machine's.
pub(crate) fn acr(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_acr"));
    command
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::null())
        .current_dir(home);
    command
}

/// A running server; it is ended when this is dropped.
pub(crate) struct Server {
    child: Child,
    log_file: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What `admin.json` says.
    pub(crate) admin: Value,
}

impl Server {
    /// Starts a server on a folder, which may hold the state of an earlier one, and waits until it
    /// takes work.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// Starts a server with more options.
    pub(crate) fn start_with(folder: &Path, options: &[&str]) -> Self {
        let data_dir = folder.join("data");
        let log_file = folder.join("server.log");
        let log = File::create(&log_file).expect("the folder is writable");
        let child = acr(folder)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&data_dir)
            .args(options)
            .env("ACR_CONFIG_DIR", folder.join("server-settings"))
            .stdout(log.try_clone().expect("one more handle"))
            .stderr(log)
            .spawn()
            .expect("the binary under test starts");
        let mut server = Self {
            child,
            log_file,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            admin: Value::Null,
        };
        server.wait_until_ready(&data_dir);
        server.admin = read(&data_dir.join("admin.json")).expect("a ready server has it");
        server
    }

    /// A member of `admin.json`.
    pub(crate) fn admin(&self, member: &str) -> &str {
        self.admin[member]
            .as_str()
            .unwrap_or_else(|| panic!("admin.json has no {member}"))
    }

    /// The certificate of the server's authority.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.admin("caFile").into()
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log_file).unwrap_or_default()
    }

    /// Ends it the hard way.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a child of ours");
        self.child.wait().expect("a child of ours");
    }

    fn wait_until_ready(&mut self, data_dir: &Path) {
        let start = Instant::now();
        while !self.is_ready(data_dir) {
            let ended = self.child.try_wait().expect("a child of ours");
            if ended.is_some() || start.elapsed() > PATIENCE {
                panic!("the server is not ready ({ended:?}):\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the record in the folder is this server's, and the server at its address takes work.
    fn is_ready(&mut self, data_dir: &Path) -> bool {
        let Some(record) = read(&data_dir.join("serve.json")) else {
            return false;
        };
        if record["pid"] != self.child.id() {
            return false;
        }
        let address = record["address"].as_str().expect("a record has an address");
        self.address = address.parse().expect("an address");
        let Ok(mut stream) = TcpStream::connect(self.address) else {
            return false;
        };
        let host = self.address.port();
        let request =
            format!("GET /readyz HTTP/1.1\r\nHost: localhost:{host}\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

/// A JSON file, if it is there and whole.
fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A free port on loopback.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("loopback has a free port")
}

/// What a command line ended with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// That of a process that has ended.
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Command lines of somebody who works on one server.
pub(crate) struct Client {
    home: PathBuf,
}

impl Client {
    /// One whose context in use is the server.
    pub(crate) fn of(server: &Server, home: &Path) -> Self {
        let client = Self::without_context(home);
        let admin_file = Path::new(server.admin("caFile")).with_file_name("admin.json");
        let outcome = client.run(&[
            "context",
            "add",
            "under-test",
            "--admin-file",
            admin_file.to_str().expect("a plain path"),
        ]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        client
    }

    /// One that knows no server.
    pub(crate) fn without_context(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
        }
    }

    /// Runs one command line, without the leading `acr`.
    pub(crate) fn run(&self, words: &[&str]) -> Outcome {
        self.run_with(words, &[])
    }

    /// Runs one command line with some variables.
    pub(crate) fn run_with(&self, words: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let output = acr(&self.home)
            .args(words)
            .env("ACR_CONFIG_DIR", self.home.join("settings"))
            .envs(variables.iter().copied())
            .output()
            .expect("the binary under test starts");
        Outcome::of(output)
    }

    /// Runs one command line that finds a text on its standard input.
    pub(crate) fn run_with_input(&self, words: &[&str], input: &str) -> Outcome {
        let mut child = acr(&self.home)
            .args(words)
            .env("ACR_CONFIG_DIR", self.home.join("settings"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary under test starts");
        let mut pipe = child.stdin.take().expect("a pipe was asked for");
        // A command line that does not read to the end closes the pipe.
        let _ = pipe.write_all(input.as_bytes());
        drop(pipe);
        Outcome::of(child.wait_with_output().expect("a child of ours"))
    }

    /// Runs one command line that has to succeed, and gives what it printed.
    #[track_caller]
    pub(crate) fn must(&self, words: &[&str]) -> String {
        let outcome = self.run(words);
        assert_eq!(outcome.code, 0, "{words:?}: {}", outcome.stderr);
        outcome.stdout
    }
}
