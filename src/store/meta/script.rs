//! Executes a batch on SQLite, many statements at a time.
//!
//! SQLite runs on a thread of the driver's own, and each order to it costs two switches of threads: several times what a
//! statement takes. So the statements of a batch go there as one text with all their arguments, and their effects come
//! back as one stream:
//!
//! ```text
//! writes ─▶ "SAVEPOINT …; INSERT …; SELECT …; DELETE …" ─▶ effect of each ─▶ the first that was not met, if any
//! ```
//!
//! Batches of the same kind of work have the same text, so the driver finds its prepared statements again.

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow};
use sqlx::{AnyConnection, AssertSqlSafe, Either, Executor};

use super::batch::Batch;
use super::statement::Effect;
use super::work::Applied;

/// How many writes go together: what is longer is cut into texts that are alike.
const LENGTH: usize = 16;

/// Executes the writes between a savepoint and its end; a batch that is refused leaves nothing behind.
///
/// The outer error is the driver's, after which the caller ends the transaction.
pub(super) async fn batch(
    connection: &mut AnyConnection,
    batch: &Batch,
) -> Result<Applied, sqlx::Error> {
    // A single statement has no effect when it is not met.
    let is_single = batch.writes.len() <= 1;
    let mut before = if is_single { "" } else { "SAVEPOINT piece;" };
    let mut unmet = Vec::new();
    for part in batch.order().chunks(LENGTH) {
        unmet.extend(run(connection, before, batch, part).await?);
        before = "";
    }
    let refused = unmet.into_iter().min();
    if !is_single {
        let end = match refused {
            None => "RELEASE piece",
            Some(_) => "ROLLBACK TO piece; RELEASE piece",
        };
        sqlx::query(end).execute(connection).await?;
    }
    Ok(match refused {
        None => Ok(0),
        Some(first) => Err(batch.writes[first].refusal()),
    })
}

/// Executes some writes of the batch and tells which of them did not find what they need.
async fn run(
    connection: &mut AnyConnection,
    before: &str,
    batch: &Batch,
    part: &[usize],
) -> Result<Vec<usize>, sqlx::Error> {
    let mut text = before.to_owned();
    let mut arguments = AnyArguments::default();
    for &index in part {
        let write = &batch.writes[index];
        push_numberless(&mut text, write.statement());
        write.bind(&mut arguments)?;
    }
    // Made of our own constants; what comes from outside is in the arguments.
    let query = sqlx::query_with(AssertSqlSafe(text), arguments);
    let mut effects = connection.fetch_many(query);
    if !before.is_empty() {
        effect(&mut effects).await?;
    }
    let mut unmet = Vec::new();
    for &index in part {
        let effect = effect(&mut effects).await?;
        if !batch.writes[index].is_met(&effect) {
            unmet.push(index);
        }
    }
    Ok(unmet)
}

/// What the next statement did.
async fn effect(
    effects: &mut BoxStream<'_, Result<Either<AnyQueryResult, AnyRow>, sqlx::Error>>,
) -> Result<Effect, sqlx::Error> {
    let mut rows = 0;
    while let Some(step) = effects.try_next().await? {
        match step {
            Either::Right(_) => rows += 1,
            Either::Left(done) => {
                let written = done.rows_affected();
                return Ok(Effect { rows, written });
            }
        }
    }
    Err(sqlx::Error::Protocol("a statement was not executed".into()))
}

/// Adds a statement whose parameters have no number of their own: they take the arguments one after the other.
fn push_numberless(text: &mut String, statement: &str) {
    let mut parts = statement.split('$');
    text.extend(parts.next());
    for part in parts {
        text.push('?');
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    text.push(';');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_lose_their_numbers() {
        let mut text = String::from("SAVEPOINT piece;");
        push_numberless(&mut text, "SELECT key WHERE a = $1 AND b = $12");
        push_numberless(&mut text, "VACUUM");
        let expected = "SAVEPOINT piece;SELECT key WHERE a = ? AND b = ?;VACUUM;";
        assert_eq!(text, expected);
    }
}
