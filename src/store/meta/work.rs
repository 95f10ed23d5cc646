//! What one transaction is to do, and what becomes of it.

use sqlx::AnyConnection;

use super::batch::Batch;
use super::statement::EXPIRE;
use crate::Error;

/// How many documents one transaction of an expiry removes, so that other writers wait shortly.
pub(super) const EXPIRE_SLICE: u32 = 1_000;

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
}

/// How many rows an expiry removed, or why the batch was refused.
pub(super) type Applied = Result<u64, Error>;

/// Removes a slice of what expires at `now_ms` or before and tells how many documents it held.
pub(super) async fn expire(
    connection: &mut AnyConnection,
    now_ms: i64,
) -> Result<u64, sqlx::Error> {
    let query = sqlx::query(EXPIRE)
        .bind(now_ms)
        .bind(i64::from(EXPIRE_SLICE));
    Ok(query.execute(connection).await?.rows_affected())
}
