//! Executes writes inside a transaction the caller has begun; the statements are the same on both databases.

use sqlx::AnyConnection;

use super::batch::{Action, Batch, Write, random};
use crate::Error;

const INSERT: &str = "INSERT INTO documents (collection, key, body, revision) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (collection, key) DO NOTHING";
pub(super) const REPLACE: &str = "UPDATE documents SET body = $1, revision = $2 WHERE collection = $3 AND key = $4 AND revision = $5";
const PUT: &str = "INSERT INTO documents (collection, key, body, revision, expires_ms) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (collection, key) DO UPDATE \
     SET body = excluded.body, revision = excluded.revision, expires_ms = excluded.expires_ms";
pub(super) const REMOVE: &str = "DELETE FROM documents WHERE collection = $1 AND key = $2";
const REMOVE_IF: &str =
    "DELETE FROM documents WHERE collection = $1 AND key = $2 AND revision = $3";
pub(super) const REMOVE_RANGE: &str =
    "DELETE FROM documents WHERE collection = $1 AND key >= $2 AND key < $3";
const REQUIRE: &str =
    "SELECT key FROM documents WHERE collection = $1 AND key = $2 AND revision = $3";
const REQUIRE_LOCKED: &str =
    "SELECT key FROM documents WHERE collection = $1 AND key = $2 AND revision = $3 FOR SHARE";
pub(super) const EXPIRE: &str = "DELETE FROM documents WHERE (collection, key) IN \
     (SELECT collection, key FROM documents WHERE expires_ms <= $1 ORDER BY expires_ms LIMIT $2)";

/// How many documents one transaction of an expiry removes, so that other writers wait shortly.
pub(super) const EXPIRE_SLICE: u32 = 1_000;

/// What one transaction is to do.
#[derive(Debug)]
pub(super) enum Work {
    Batch(Batch),
    Expire { now_ms: i64 },
}

impl Work {
    pub(super) fn body_bytes(&self) -> usize {
        match self {
            Self::Batch(batch) => batch.body_bytes(),
            Self::Expire { .. } => 0,
        }
    }

    /// A single statement has no effect when it fails; several need a savepoint for that.
    pub(super) fn is_single(&self) -> bool {
        match self {
            Self::Batch(batch) => batch.writes.len() <= 1,
            Self::Expire { .. } => true,
        }
    }

    /// Whether rows are touched that no key of the batch names.
    pub(super) fn has_range(&self) -> bool {
        match self {
            Self::Batch(batch) => batch.has_range(),
            Self::Expire { .. } => true,
        }
    }
}

/// How many rows an expiry removed, or why the batch was refused.
pub(super) type Applied = Result<u64, Error>;

/// Who else writes during the transaction. Beside others, what was only looked at has to be kept as it is until the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Nobody,
    /// Other transactions: rows looked at are locked, and a row written and removed again claims a key that is absent.
    Others,
}

/// Executes the work; the outer error is the driver's, the inner one is a refusal after which the caller rolls back.
pub(super) async fn work(
    connection: &mut AnyConnection,
    work: &Work,
    beside: Beside,
) -> Result<Applied, sqlx::Error> {
    match work {
        Work::Batch(batch) => apply_batch(connection, batch, beside).await,
        Work::Expire { now_ms } => {
            let query = sqlx::query(EXPIRE)
                .bind(*now_ms)
                .bind(i64::from(EXPIRE_SLICE));
            Ok(Ok(query.execute(connection).await?.rows_affected()))
        }
    }
}

/// Answers the refusal of the write that comes first in the batch, whatever order they are executed in.
async fn apply_batch(
    connection: &mut AnyConnection,
    batch: &Batch,
    beside: Beside,
) -> Result<Applied, sqlx::Error> {
    let beside = if batch.writes.len() > 1 {
        beside
    } else {
        Beside::Nobody
    };
    let mut refused = batch.writes.len();
    for index in batch.order() {
        if index < refused && !apply(connection, &batch.writes[index], beside).await? {
            refused = index;
        }
    }
    Ok(batch
        .writes
        .get(refused)
        .map_or(Ok(0), |write| Err(write.refusal())))
}

/// Executes one write and tells whether it found what it needs.
async fn apply(
    connection: &mut AnyConnection,
    write: &Write,
    beside: Beside,
) -> Result<bool, sqlx::Error> {
    let collection = write.collection.as_str();
    let query = match &write.action {
        Action::Insert {
            key,
            body,
            revision,
        } => sqlx::query(INSERT)
            .bind(collection)
            .bind(key)
            .bind(body)
            .bind(*revision),
        Action::Replace {
            key,
            body,
            revision,
            seen,
        } => sqlx::query(REPLACE)
            .bind(body)
            .bind(*revision)
            .bind(collection)
            .bind(key)
            .bind(*seen),
        Action::Put {
            key,
            body,
            revision,
            expires_ms,
        } => sqlx::query(PUT)
            .bind(collection)
            .bind(key)
            .bind(body)
            .bind(*revision)
            .bind(*expires_ms),
        Action::Require { key, seen } => {
            let statement = match beside {
                Beside::Nobody => REQUIRE,
                Beside::Others => REQUIRE_LOCKED,
            };
            let query = sqlx::query(statement)
                .bind(collection)
                .bind(key)
                .bind(*seen);
            return Ok(query.fetch_optional(connection).await?.is_some());
        }
        Action::Remove { key } => return remove(connection, collection, key, beside).await,
        Action::RemoveIf { key, seen } => sqlx::query(REMOVE_IF)
            .bind(collection)
            .bind(key)
            .bind(*seen),
        Action::RemoveRange(range) => {
            let query = sqlx::query(REMOVE_RANGE)
                .bind(collection)
                .bind(&range.lower)
                .bind(&range.upper);
            query.execute(connection).await?;
            return Ok(true);
        }
    };
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

async fn remove(
    connection: &mut AnyConnection,
    collection: &str,
    key: &str,
    beside: Beside,
) -> Result<bool, sqlx::Error> {
    let remove = || sqlx::query(REMOVE).bind(collection).bind(key);
    let removed = remove().execute(&mut *connection).await?.rows_affected();
    if removed == 0 && beside == Beside::Others {
        let claim = sqlx::query(PUT)
            .bind(collection)
            .bind(key)
            .bind("null")
            .bind(random())
            .bind(None::<i64>);
        claim.execute(&mut *connection).await?;
        remove().execute(connection).await?;
    }
    Ok(true)
}
