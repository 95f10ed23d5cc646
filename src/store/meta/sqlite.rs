//! The store on SQLite: its file, the settings of its connections, the lock of its schema, its error codes.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, ConnectOptions, Connection};
use tokio::time::{self, Instant};

use super::cache::Cache;
use super::handle::{Meta, Writes};
use super::migration::{self, Dialect};
use super::writer::{Queue, Writer};
use super::{cause, limit, sqlite_file, sqlite_lock};
use crate::Error;

/// How long a connection waits for another program's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// Connections that read, beside the one that writes.
const READERS: u32 = 4;

/// `synchronous = FULL` syncs the log at every commit; `fullfsync` makes that sync reach the disk on macOS.
const WRITER_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;";
/// The log is synced as a whole, so the first commit of the store makes a migration before it durable too;
/// if none comes, the next start migrates again.
const MIGRATION_SETTINGS: &str = "PRAGMA synchronous = NORMAL;";
const READER_SETTINGS: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA synchronous = FULL;";

pub(super) async fn open(path: &Path) -> Result<Meta, Error> {
    let path = std::path::absolute(path).map_err(|error| cause::of_io("database path", &error))?;
    let options = options(&path)?;
    let opened = tokio::task::spawn_blocking(move || {
        sqlite_file::create_folder_of(&path)?;
        let lock = sqlite_lock::take(&path, BUSY_TIMEOUT)?;
        sqlite_file::create(&path)?;
        Ok::<_, Error>(lock)
    });
    let lock = opened
        .await
        .map_err(|error| Error::unavailable(error.to_string()))??;
    let mut writer = connect(&options).await?;
    migrate(&mut writer).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(BUSY_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(READER_SETTINGS).execute(connection).await?;
                Ok(())
            })
        })
        .connect_lazy_with(options.clone());
    let cache = Cache::new();
    let writer = Writer {
        connection: writer,
        options,
        cache: Arc::clone(&cache),
    };
    Ok(Meta {
        writes: Writes::Queue(Queue::start(writer, pool.clone(), lock)),
        pool,
        cache: Some(cache),
    })
}

/// Opens a connection that writes.
pub(super) async fn connect(options: &AnyConnectOptions) -> Result<AnyConnection, Error> {
    let mut connection = AnyConnection::connect_with(options)
        .await
        .map_err(cause::of)?;
    let deadline = Instant::now() + BUSY_TIMEOUT;
    loop {
        // SQLite does not wait for a lock by itself when it switches a file to the write-ahead log.
        match sqlx::raw_sql(WRITER_SETTINGS)
            .execute(&mut connection)
            .await
        {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                time::sleep(BUSY_PAUSE).await
            }
            outcome => {
                outcome.map_err(cause::of)?;
                return Ok(connection);
            }
        }
    }
}

async fn migrate(connection: &mut AnyConnection) -> Result<(), Error> {
    execute(connection, MIGRATION_SETTINGS).await?;
    execute(connection, "BEGIN IMMEDIATE").await?;
    // Without a commit the transaction ends with the connection, which the caller drops on an error.
    migration::run(connection, Dialect::SQLITE).await?;
    execute(connection, "COMMIT").await?;
    execute(connection, WRITER_SETTINGS).await
}

async fn execute(connection: &mut AnyConnection, sql: &'static str) -> Result<(), Error> {
    let done = sqlx::raw_sql(sql).execute(connection).await;
    done.map(|_| ()).map_err(cause::of)
}

fn options(path: &Path) -> Result<AnyConnectOptions, Error> {
    let text = path
        .to_str()
        .ok_or_else(|| Error::invalid("database path: it is not UTF-8"))?;
    let mut url = String::from("sqlite:");
    for byte in text.bytes() {
        // Writing to a string cannot fail.
        let _ = write!(url, "%{byte:02X}");
    }
    url.push_str("?mode=rw");
    let options: AnyConnectOptions = url.parse().map_err(cause::of)?;
    Ok(options.disable_statement_logging())
}

fn is_busy(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code & 0xff == BUSY)
}

/// Whether a `ROLLBACK` failed because SQLite had rolled back itself, as it does on a full disk.
pub(super) fn is_outside_transaction(error: &sqlx::Error) -> bool {
    // A rollback that finds a transaction never fails with the generic code.
    code(error) == Some(ERROR)
}

fn code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

// Result codes, https://www.sqlite.org/rescode.html
const ERROR: i32 = 1;
const BUSY: i32 = 5;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const TOO_BIG: i32 = 18;
const NOT_A_DATABASE: i32 = 26;
/// The shared index of the log could not grow.
const IO_SHARED_MEMORY_SIZE: i32 = 4874;

/// What an extended result code means.
pub(super) fn meaning(code: i32, message: &str) -> Error {
    if code == IO_SHARED_MEMORY_SIZE {
        return Error::Full;
    }
    match code & 0xff {
        FULL => Error::Full,
        CORRUPT | NOT_A_DATABASE => Error::corrupt(format!("{message} ({code})")),
        TOO_BIG => Error::invalid(format!("body: it is over {} bytes", limit::BODY_BYTES)),
        _ => Error::unavailable(format!("{message} ({code})")),
    }
}
