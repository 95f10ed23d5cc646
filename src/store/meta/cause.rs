//! Turns what the database driver reports into what it means.

use std::io;

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

use super::{postgres, sqlite};
use crate::Error;

pub(super) fn of(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Database(error) => of_database(&*error),
        sqlx::Error::Io(error) => of_io("connection", &error),
        sqlx::Error::ColumnDecode { index, .. } => {
            Error::corrupt(format!("column {index} holds a value of another type"))
        }
        sqlx::Error::Decode(_) | sqlx::Error::AnyDriverError(_) => {
            Error::corrupt("a column holds a value of another type")
        }
        // The text of a configuration error may quote the URL.
        sqlx::Error::Configuration(_) => Error::invalid("database URL"),
        sqlx::Error::PoolTimedOut => Error::unavailable("no connection became free in time"),
        sqlx::Error::PoolClosed => closed(),
        other => Error::unavailable(other.to_string()),
    }
}

pub(super) fn of_io(what: &str, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
        _ => Error::unavailable(format!("{what}: {error}")),
    }
}

/// The store was closed.
pub(super) fn closed() -> Error {
    Error::unavailable("the store is closed")
}

fn of_database(error: &(dyn DatabaseError + 'static)) -> Error {
    let code = error.code().unwrap_or_default();
    match error.try_downcast_ref::<SqliteError>() {
        Some(_) => sqlite::meaning(code.parse().unwrap_or_default(), error.message()),
        None => postgres::meaning(&code, error.message()),
    }
}
