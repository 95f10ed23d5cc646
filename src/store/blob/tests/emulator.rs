//! Starts a real server of an object store's protocol for one test, or says why the test does not run.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// How one emulator is found and started.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// The environment variable that holds the path of the program.
    pub(super) variable: &'static str,
    /// The environment variable that makes it a failure when there is no such program.
    pub(super) required: &'static str,
    /// Where it lies below `target/oracle` when it was installed for the tests.
    pub(super) cached: &'static str,
    /// With port 0: the kernel chooses, and the program says what it got.
    pub(super) arguments: &'static [&'static str],
}

/// A running server; it stops when this is dropped.
pub(super) struct Emulator {
    server: Child,
    /// `HOST:PORT`
    pub(super) address: String,
}

impl Program {
    /// # Panics
    /// When the program is required and does not start.
    pub(super) fn start_or_skip(&self, test: &str) -> Option<Emulator> {
        match self.start() {
            Ok(emulator) => Some(emulator),
            Err(error) => {
                let is_required = variable(self.required).is_some_and(|value| value == "1");
                let reason = format!("{test} needs {}: {error}", self.name);
                assert!(!is_required, "{reason}");
                // Unlike `eprintln!`, this is seen of a test that passes.
                let _ = writeln!(io::stderr(), "NOT RUN: {reason}");
                None
            }
        }
    }

    fn start(&self) -> io::Result<Emulator> {
        let cached = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/oracle");
        let program = variable(self.variable)
            .map_or_else(|| PathBuf::from(cached).join(self.cached), PathBuf::from);
        if !program.exists() {
            let message = format!("no {} (see {})", program.display(), self.variable);
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        // One pipe for both outputs: which of them tells the address differs.
        let (output, writer) = io::pipe()?;
        let mut server = Command::new(program)
            .args(self.arguments)
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .spawn()?;
        let mut output = BufReader::new(output);
        match address(&mut output) {
            Ok(address) => {
                // A full pipe would stop the server.
                std::thread::spawn(move || io::copy(&mut output, &mut io::sink()));
                Ok(Emulator { server, address })
            }
            Err(error) => {
                let _ = server.kill();
                let _ = server.wait();
                Err(error)
            }
        }
    }
}

impl Emulator {
    /// Sends a request without a body, on which a container is made, and panics unless it is accepted.
    pub(super) fn put(&self, path: &str, headers: &str) {
        let host = &self.address;
        let mut connection = TcpStream::connect(host).unwrap();
        write!(
            connection,
            "PUT {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\nconnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1);
        assert!(matches!(status, Some("200" | "201")), "{answer}");
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Waits for the line in which the server says where it listens.
fn address(output: &mut impl BufRead) -> io::Result<String> {
    let mut said = String::new();
    for line in output.lines() {
        let line = line?;
        if let Some((_, address)) = line.split_once("http://127.0.0.1:") {
            let port: String = address.chars().take_while(char::is_ascii_digit).collect();
            return Ok(format!("127.0.0.1:{port}"));
        }
        said += &line;
        said += "\n";
    }
    Err(io::Error::other(format!(
        "it ended without listening: {said}"
    )))
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings but the environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
