//! The schema, as numbered steps that lead from any earlier version to this one.

use sqlx::{AnyConnection, Row};

use super::{apply, cause};
use crate::Error;

/// One version of the schema; its number is its place in [`STEPS`], from 1 on. Never changed once released.
struct Step {
    sqlite: &'static str,
    postgres: &'static str,
}

const STEPS: &[Step] = &[TABLE, APPLY];

const TABLE: Step = Step {
    sqlite: "CREATE TABLE documents (
            collection TEXT NOT NULL,
            key TEXT NOT NULL,
            body TEXT NOT NULL,
            revision BIGINT NOT NULL,
            expires_ms BIGINT,
            PRIMARY KEY (collection, key)
        );
        CREATE INDEX documents_expiry ON documents (expires_ms) WHERE expires_ms IS NOT NULL;",
    postgres: "CREATE TABLE documents (
            collection TEXT COLLATE \"C\" NOT NULL,
            key TEXT COLLATE \"C\" NOT NULL,
            body TEXT NOT NULL,
            revision BIGINT NOT NULL,
            expires_ms BIGINT,
            PRIMARY KEY (collection, key)
        );
        CREATE INDEX documents_expiry ON documents (expires_ms) WHERE expires_ms IS NOT NULL;",
};

/// SQLite runs in the server itself and needs no function to save round trips.
const APPLY: Step = Step {
    sqlite: "",
    postgres: apply::FUNCTION,
};

const CREATE_VERSIONS: &str = "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY)";
const FIND_VERSION: &str = "SELECT MAX(version) AS version FROM schema_version";
const RECORD_VERSION: &str = "INSERT INTO schema_version (version) VALUES ($1)";

/// What the two databases say differently.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// Answers the number of tables named `schema_version` that an unqualified name would find.
    pub(super) find_versions: &'static str,
    step: fn(&Step) -> &'static str,
}

impl Dialect {
    pub(super) const SQLITE: Self = Self {
        find_versions: "SELECT COUNT(*) AS tables FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
        step: |step| step.sqlite,
    };
    pub(super) const POSTGRES: Self = Self {
        find_versions: "SELECT COUNT(*) AS tables FROM pg_class WHERE oid = to_regclass('schema_version')",
        step: |step| step.postgres,
    };
}

/// Brings the schema up to date, inside a transaction that the caller has begun and locked against other programs.
pub(super) async fn run(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), Error> {
    let found = find_version(connection, dialect).await?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(Error::Newer { found, known });
    }
    for (version, step) in (1..).zip(STEPS) {
        if version <= found {
            continue;
        }
        sqlx::raw_sql((dialect.step)(step))
            .execute(&mut *connection)
            .await
            .map_err(cause::of)?;
        let record = sqlx::query(RECORD_VERSION).bind(version);
        record.execute(&mut *connection).await.map_err(cause::of)?;
        tracing::info!(version, "brought the database schema to a new version");
    }
    Ok(())
}

async fn find_version(connection: &mut AnyConnection, dialect: Dialect) -> Result<i64, Error> {
    let row = sqlx::query(dialect.find_versions)
        .fetch_one(&mut *connection)
        .await
        .map_err(cause::of)?;
    if row.try_get::<i64, _>("tables").map_err(cause::of)? == 0 {
        sqlx::query(CREATE_VERSIONS)
            .execute(&mut *connection)
            .await
            .map_err(cause::of)?;
        return Ok(0);
    }
    let row = sqlx::query(FIND_VERSION)
        .fetch_one(connection)
        .await
        .map_err(cause::of)?;
    let version: Option<i64> = row.try_get("version").map_err(cause::of)?;
    Ok(version.unwrap_or(0))
}
