//! A PostgreSQL server of its own for one test: installed binaries, temporary folder, no port.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use tempfile::TempDir;

/// Where Debian and Ubuntu put the binaries of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
const SUPERUSER: &str = "acr";
/// How often, with a pause between, the server is asked whether it is up.
const START_ATTEMPTS: u32 = 1_500;
const START_PAUSE: Duration = Duration::from_millis(20);

/// A running server; it stops when this is dropped.
///
/// It listens only on a socket in its own folder, so servers of several tests never meet, and it does not sync.
#[derive(Debug)]
pub struct Postgres {
    binaries: PathBuf,
    folder: TempDir,
    user: Option<User>,
    server: Child,
    databases: AtomicU32,
}

/// Who runs the server: it refuses to run as root.
#[derive(Clone, Copy, Debug)]
struct User {
    uid: u32,
    gid: u32,
}

impl Postgres {
    /// Starts a server, or says loudly why the test does not run and answers `None`.
    ///
    /// # Panics
    /// With `ACR_REQUIRE_POSTGRES=1` in the environment, when there is no server to be had.
    pub async fn start_or_skip(test: &str) -> Option<Self> {
        match Self::start().await {
            Ok(server) => Some(server),
            Err(error) => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "tests have no settings but the environment"
                )]
                let is_required =
                    std::env::var_os("ACR_REQUIRE_POSTGRES").is_some_and(|value| value == "1");
                assert!(!is_required, "{test} needs PostgreSQL: {error}");
                // Unlike `eprintln!`, this is seen of a test that passes.
                let _ = writeln!(io::stderr(), "NOT RUN: {test} needs PostgreSQL: {error}");
                None
            }
        }
    }

    /// Starts a server.
    pub async fn start() -> io::Result<Self> {
        let (version, binaries) = newest_version()?;
        let folder = TempDir::with_prefix("acr-postgres-")?;
        let user = User::to_run_as(folder.path())?;
        init(version, &binaries, folder.path(), user)?;
        let log = File::create(folder.path().join("log"))?;
        let server = command(&binaries.join("postgres"), folder.path(), user)
            .arg("-D")
            .arg(folder.path().join("data"))
            .arg("-k")
            .arg(folder.path())
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
            ])
            .stderr(log)
            .spawn()?;
        let mut postgres = Self {
            binaries,
            folder,
            user,
            server,
            databases: AtomicU32::new(0),
        };
        postgres.wait_until_up().await?;
        Ok(postgres)
    }

    /// Makes a new empty database and answers its URL.
    pub async fn database(&self) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect().await.map_err(io::Error::other)?;
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create)
            .execute(&mut connection)
            .await
            .map_err(io::Error::other)?;
        connection.close().await.map_err(io::Error::other)?;
        Ok(self.url(&name))
    }

    fn url(&self, database: &str) -> String {
        let folder: String =
            url::form_urlencoded::byte_serialize(self.folder.path().as_os_str().as_encoded_bytes())
                .collect();
        format!("postgres://{SUPERUSER}@localhost/{database}?host={folder}")
    }

    async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.url("postgres")).await
    }

    async fn wait_until_up(&mut self) -> io::Result<()> {
        for _ in 0..START_ATTEMPTS {
            if let Ok(connection) = self.connect().await {
                return connection.close().await.map_err(io::Error::other);
            }
            if let Some(status) = self.server.try_wait()? {
                let log = fs::read_to_string(self.folder.path().join("log"))?;
                return Err(io::Error::other(format!(
                    "the server ended with {status}:\n{log}"
                )));
            }
            tokio::time::sleep(START_PAUSE).await;
        }
        Err(io::Error::other("the server did not come up"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Asked to stop rather than killed, the server also gives back its shared memory.
        let stopped = command(&self.binaries.join("pg_ctl"), self.folder.path(), self.user)
            .args(["stop", "-w", "-m", "immediate", "-D"])
            .arg(self.folder.path().join("data"))
            .stderr(Stdio::null())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

impl User {
    /// The user that owns the folder, us, unless that is root; then the folder is given to somebody else.
    fn to_run_as(folder: &Path) -> io::Result<Option<Self>> {
        if fs::metadata(folder)?.uid() != 0 {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd")?;
        let user = ["postgres", "nobody"]
            .iter()
            .find_map(|name| Self::find(&users, name));
        let user =
            user.ok_or_else(|| io::Error::other("no user `postgres` or `nobody` to run it"))?;
        chown(folder, Some(user.uid), Some(user.gid))?;
        Ok(Some(user))
    }

    fn find(users: &str, name: &str) -> Option<Self> {
        let line = users
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1);
        Some(Self {
            uid: fields.next()?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    }
}

fn newest_version() -> io::Result<(u32, PathBuf)> {
    let versions = fs::read_dir(VERSIONS)
        .map_err(|error| io::Error::new(error.kind(), format!("{VERSIONS}: {error}")))?;
    versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, binaries)| {
            binaries.join("initdb").is_file() && binaries.join("postgres").is_file()
        })
        .max()
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("no server under {VERSIONS}"),
            )
        })
}

fn init(version: u32, binaries: &Path, folder: &Path, user: Option<User>) -> io::Result<()> {
    let mut init = command(&binaries.join("initdb"), folder, user);
    init.args([
        "--no-sync",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--username",
        SUPERUSER,
    ]);
    if version >= 15 {
        // Sorts unlike bytes do, so that a column without a collation of its own is noticed.
        init.args(["--locale-provider=icu", "--icu-locale=en-US"]);
    }
    let output = init.arg("-D").arg(folder.join("data")).output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!(
            "initdb ended with {}:\n{text}",
            output.status
        )));
    }
    Ok(())
}

fn command(program: &Path, folder: &Path, user: Option<User>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
    command
}
