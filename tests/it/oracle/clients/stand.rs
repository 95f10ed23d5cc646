//! Where a client meets the server: a registry, and a machine that knows its name.
//!
//! A client runs with a copy of `/etc` of its own, mounted over the machine's in a mount namespace that ends with it.
//! In the copy, `hosts` has the registry's name; Docker's `certs.d` and whatever else a client reads there can be
//! written without a change to the machine.

use super::image::Image;
use super::program::{self, Programs};
use crate::process::{Outcome, Server};
use crate::registry::Registry;
use acr_http::Method;
use bytes::Bytes;
use std::future::Future;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The registry.
const NAME: &str = "images";

/// The words of a shell that puts `$1` over `/etc` and goes on as the rest.
const ENTER: &str = "mount --bind \"$1\" /etc && shift && exec \"$@\"";

/// A client that answers nothing for this long hangs.
const PATIENCE_SECONDS: &str = "120";

/// Everything a client's test needs.
pub(super) struct Stand {
    programs: Programs,
    pub(super) server: Server,
    registry: Registry,
    runtime: Runtime,
    folder: TempDir,
}

impl Stand {
    /// Makes the place for a client, the first of the programs; `None` after saying loudly why there is none.
    pub(super) fn of(programs: &[&'static str]) -> Option<Self> {
        let client = programs[0];
        let programs = program::find_all(programs)?;
        let folder = tempfile::tempdir().expect("a folder");
        if let Err(why) = copy_etc(&folder.path().join("etc")) {
            return program::skip(client, &why);
        }
        let server = Server::start(folder.path());
        let registry = Registry::create(&server, folder.path(), NAME);
        let certificates = folder.path().join("certificates");
        std::fs::create_dir(&certificates).expect("the folder is writable");
        std::fs::copy(server.ca_file(), certificates.join("ca.crt")).expect("a certificate");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        Some(Self {
            programs,
            server,
            registry,
            runtime,
            folder,
        })
    }

    /// The images that a client has to do with.
    pub(super) fn images(&self) -> [Image; 2] {
        let port = self.server.address.port();
        [Image::by_host(NAME, port), Image::by_path(NAME, port)]
    }

    /// A name and a password: of the admin user by host, of a service principal by path.
    pub(super) fn account(&self, image: &Image) -> (&str, &str) {
        match image.is_by_path {
            true => (
                self.server.admin("clientId"),
                self.server.admin("clientSecret"),
            ),
            false => (&self.registry.user, &self.registry.password),
        }
    }

    /// A folder for what the test keeps.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The clients' own `/etc`.
    pub(super) fn etc(&self) -> PathBuf {
        self.folder.path().join("etc")
    }

    /// A folder with the certificate to trust, as `ca.crt`.
    pub(super) fn certificates(&self) -> PathBuf {
        self.folder.path().join("certificates")
    }

    /// Where a program is.
    pub(super) fn program(&self, name: &str) -> &Path {
        &self.programs[name]
    }

    /// A run of a program that ends by itself.
    pub(super) fn call(&self, name: &str) -> Call {
        let mut command = self.command(&[]);
        command
            .args(["timeout", "--kill-after=5", PATIENCE_SECONDS])
            .arg(self.program(name));
        Call {
            command,
            input: String::new(),
        }
    }

    /// A command that begins with the clients' own `/etc`, entered with more options of `unshare`; the program is
    /// to follow.
    pub(super) fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        command
            .arg("--mount")
            .args(options)
            .args(["sh", "-c", ENTER, "sh"])
            .arg(self.etc())
            .env_clear()
            .env(
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            )
            .env("HOME", self.folder())
            .current_dir(self.folder());
        command
    }

    /// The manifest that a reference names, as the registry has it.
    pub(super) fn manifest(&self, image: &Image, reference: &str) -> Option<Bytes> {
        let path = format!("/v2/{}/manifests/{reference}", image.repository);
        self.wait(self.registry.get(&path))
    }

    /// Deletes a manifest, for clients that cannot.
    pub(super) fn delete(&self, image: &Image, digest: &str) {
        let path = format!("/v2/{}/manifests/{digest}", image.repository);
        let answer = self
            .wait(self.registry.send(Method::DELETE, &path))
            .expect("an answer");
        assert_eq!(answer.status.as_u16(), 202, "{path}");
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

/// Copies `/etc`, with the registry's name in `hosts`, and sees whether it can be put over the machine's.
fn copy_etc(etc: &Path) -> Result<(), String> {
    let copied = Command::new("cp").arg("-a").arg("/etc").arg(etc).output();
    copied.map_err(|error| format!("cp: {error}"))?;
    let hosts = format!("127.0.0.1 localhost {NAME}.localhost\n");
    std::fs::write(etc.join("hosts"), hosts).map_err(|error| error.to_string())?;
    let entered = Command::new("unshare")
        .args(["--mount", "sh", "-c", ENTER, "sh"])
        .arg(etc)
        .arg("true")
        .output();
    match entered {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!(
            "no mount namespace: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
        Err(error) => Err(format!("unshare: {error}")),
    }
}

/// A command line of a client.
pub(super) struct Call {
    command: Command,
    input: String,
}

impl Call {
    /// Adds words.
    pub(super) fn words<S: AsRef<str>>(mut self, words: &[S]) -> Self {
        self.command.args(words.iter().map(AsRef::as_ref));
        self
    }

    /// Adds an option with a path for its value.
    pub(super) fn path(mut self, option: &str, path: &Path) -> Self {
        self.command.arg(option).arg(path);
        self
    }

    /// Sets a variable.
    pub(super) fn variable(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets what it reads.
    pub(super) fn input(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    /// Runs it.
    pub(super) fn run(mut self) -> Outcome {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the client starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        // A client that reads nothing may have ended.
        let _ = stdin.write_all(self.input.as_bytes());
        drop(stdin);
        Outcome::of(child.wait_with_output().expect("a child of ours"))
    }

    /// Runs it to success, and gives what it printed.
    #[track_caller]
    pub(super) fn must(self) -> String {
        let words = format!("{:?}", self.command);
        let outcome = self.run();
        assert_eq!(
            outcome.code, 0,
            "{words}\n{}\n{}",
            outcome.stdout, outcome.stderr
        );
        outcome.stdout
    }
}
