//! The store on PostgreSQL: its pool, the settings of its sessions, its locks, its error codes.

use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, ConnectOptions};

use super::apply::{self, RANGE_LOCK};
use super::batch::random;
use super::handle::{Meta, Writes};
use super::migration::{self, Dialect};
use super::work::{self, Applied, Work};
use super::{cause, target};
use crate::Error;

const CONNECTIONS: u32 = 16;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a transaction is tried that the database broke off in favour of another.
const ATTEMPTS: u32 = 10;

/// Waits end in an error instead of a hang, a forgotten transaction ends itself, each statement sees what was committed
/// before it, and an answered commit is on the disk.
const SESSION_SETTINGS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; \
     SET default_transaction_isolation = 'read committed'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';";
const FIND_ENCODING: &str = "SELECT current_setting('server_encoding') = 'UTF8' AS is_utf8";

/// Every key a batch touches is locked by its row or by the index until the commit. A range is not: rows may appear in it.
/// So a batch with a range runs alone, all others run together, and with their keys in order they cannot deadlock.
const LOCK_ALONE: &str = "SELECT pg_advisory_xact_lock($1)";
/// Like [`RANGE_LOCK`], another number.
const SCHEMA_LOCK: i64 = 0x6163_7273_746f_0002;

pub(super) async fn open(url: &str) -> Result<Meta, Error> {
    if !target::is_postgres(url) {
        return Err(Error::invalid(
            "database URL: it must start with `postgres://`",
        ));
    }
    let options: AnyConnectOptions = url.parse().map_err(cause::of)?;
    let pool = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(SESSION_SETTINGS).execute(connection).await?;
                Ok(())
            })
        })
        .connect_with(options.disable_statement_logging())
        .await
        .map_err(cause::of)?;
    migrate(&pool).await?;
    Ok(Meta {
        pool,
        writes: Writes::Pool,
        cache: None,
    })
}

async fn migrate(pool: &AnyPool) -> Result<(), Error> {
    let mut transaction = pool.begin().await.map_err(cause::of)?;
    let is_utf8: bool = sqlx::query_scalar(FIND_ENCODING)
        .fetch_one(&mut *transaction)
        .await
        .map_err(cause::of)?;
    if !is_utf8 {
        return Err(Error::invalid("database: its encoding must be UTF8"));
    }
    let lock = sqlx::query(LOCK_ALONE).bind(SCHEMA_LOCK);
    lock.execute(&mut *transaction).await.map_err(cause::of)?;
    migration::run(&mut transaction, Dialect::POSTGRES).await?;
    transaction.commit().await.map_err(cause::of)
}

/// Does the work in a transaction of its own.
pub(super) async fn write(pool: &AnyPool, work: Work) -> Applied {
    let pool = pool.clone();
    // As a task of its own it goes on when the caller's future is dropped: a connection whose `BEGIN` was
    // cut off would go back to the pool with the transaction, and its locks, still open.
    let task = tokio::spawn(async move { write_repeatedly(&pool, &work).await });
    task.await
        .map_err(|error| Error::unavailable(error.to_string()))?
}

async fn write_repeatedly(pool: &AnyPool, work: &Work) -> Applied {
    let mut attempt = 1;
    loop {
        match write_once(pool, work).await {
            Err(error) if attempt < ATTEMPTS && is_transient(&error) => {
                tracing::debug!(attempt, %error, "trying a transaction again");
                let longest_ms = 5_i64 << attempt;
                let pause = Duration::from_millis((random() % longest_ms).unsigned_abs());
                tokio::time::sleep(pause).await;
                attempt += 1;
            }
            outcome => return outcome.map_err(cause::of)?,
        }
    }
}

async fn write_once(pool: &AnyPool, work: &Work) -> Result<Applied, sqlx::Error> {
    match work {
        Work::Batch(batch) => apply::batch(pool, batch).await,
        Work::Expire { now_ms } => {
            let mut transaction = pool.begin().await?;
            let lock = sqlx::query(LOCK_ALONE).bind(RANGE_LOCK);
            lock.execute(&mut *transaction).await?;
            let removed = work::expire(&mut transaction, *now_ms).await?;
            transaction.commit().await?;
            Ok(Ok(removed))
        }
    }
}

/// Serialization failure and deadlock: nothing has happened and nothing stands in the way of another try.
fn is_transient(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "40001" || code == "40P01")
}

/// What an SQLSTATE means, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn meaning(code: &str, message: &str) -> Error {
    match code {
        "53100" => Error::Full,
        "XX001" | "XX002" => Error::corrupt(format!("{message} ({code})")),
        _ => Error::unavailable(format!("{message} ({code})")),
    }
}
