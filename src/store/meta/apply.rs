//! Executes writes one by one inside a transaction the caller has begun, while others may write too: PostgreSQL.

use sqlx::AnyConnection;
use sqlx::any::AnyArguments;

use super::batch::{Action, Batch, Write, random};
use super::statement::{Effect, PUT, REMOVE, REQUIRE_LOCKED};
use super::work::{self, Applied, Work};

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
        Work::Expire { now_ms } => Ok(Ok(work::expire(connection, *now_ms).await?)),
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
    let mut arguments = AnyArguments::default();
    write.bind(&mut arguments)?;
    let mut effect = Effect::default();
    if let Action::Require { .. } = write.action {
        let statement = match beside {
            Beside::Nobody => write.statement(),
            Beside::Others => REQUIRE_LOCKED,
        };
        let query = sqlx::query_with(statement, arguments);
        effect.rows = u64::from(query.fetch_optional(&mut *connection).await?.is_some());
    } else {
        let query = sqlx::query_with(write.statement(), arguments);
        effect.written = query.execute(&mut *connection).await?.rows_affected();
    }
    if let Action::Remove { key } = &write.action
        && effect.written == 0
        && beside == Beside::Others
    {
        claim_absent(connection, &write.collection, key).await?;
    }
    Ok(write.is_met(&effect))
}

/// Keeps others from writing a key that has no row to lock.
async fn claim_absent(
    connection: &mut AnyConnection,
    collection: &str,
    key: &str,
) -> Result<(), sqlx::Error> {
    let claim = sqlx::query(PUT)
        .bind(collection)
        .bind(key)
        .bind("null")
        .bind(random())
        .bind(None::<i64>);
    claim.execute(&mut *connection).await?;
    let remove = sqlx::query(REMOVE).bind(collection).bind(key);
    remove.execute(connection).await?;
    Ok(())
}
