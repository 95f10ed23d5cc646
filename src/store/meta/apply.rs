//! Executes a batch on PostgreSQL in one round trip.
//!
//! A function in the database takes all writes as one JSON text, executes them one after the other and answers which one
//! was refused, if any. The question is a transaction by itself:
//!
//! ```text
//! writes ─▶ SELECT acr_apply('[{"kind": "insert", …}, …]') ─▶ nothing, or the place of the first that was not met
//! ```

use serde::Serialize;
use sqlx::{AnyPool, Row};

use super::batch::{Action, Batch, Write, random};
use super::work::Applied;
use crate::Error;

/// Arbitrary, but for ever the same: the advisory lock that keeps batches with a range and others apart.
pub(super) const RANGE_LOCK: i64 = 0x6163_7273_746f_0001;

const APPLY: &str = "SELECT acr_apply($1::jsonb, $2, $3, $4) AS refused";

/// The writes come in the order of their keys, so that no two batches can wait for each other; told is the refusal of
/// the one that comes first in the batch. Beside others, rows that are looked at are locked, and a removal that finds no
/// row writes and removes one of the revision `claim`, so that nobody else writes it meanwhile. What a refused batch
/// wrote is undone here and not by the caller, for whom an error would go to the log of the database.
pub(super) const FUNCTION: &str = r"
CREATE FUNCTION acr_apply(writes jsonb, range_lock bigint, is_alone boolean, claim bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    w record;
    refused bigint;
BEGIN
    IF is_alone THEN
        PERFORM pg_advisory_xact_lock(range_lock);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(range_lock);
    END IF;
    BEGIN
        FOR w IN
            SELECT * FROM jsonb_to_recordset(writes) AS w (place bigint, kind text, collection text, key text,
                upper text, body text, revision bigint, seen bigint, expires_ms bigint)
        LOOP
            CONTINUE WHEN w.place > refused;
            CASE w.kind
            WHEN 'insert' THEN
                INSERT INTO documents AS d (collection, key, body, revision)
                    VALUES (w.collection, w.key, w.body, w.revision) ON CONFLICT (collection, key) DO NOTHING;
            WHEN 'replace' THEN
                UPDATE documents AS d SET body = w.body, revision = w.revision
                    WHERE d.collection = w.collection AND d.key = w.key AND d.revision = w.seen;
            WHEN 'put' THEN
                INSERT INTO documents AS d (collection, key, body, revision, expires_ms)
                    VALUES (w.collection, w.key, w.body, w.revision, w.expires_ms)
                    ON CONFLICT (collection, key) DO UPDATE
                    SET body = excluded.body, revision = excluded.revision, expires_ms = excluded.expires_ms;
            WHEN 'require' THEN
                PERFORM FROM documents AS d
                    WHERE d.collection = w.collection AND d.key = w.key AND d.revision = w.seen FOR SHARE;
            WHEN 'remove' THEN
                DELETE FROM documents AS d WHERE d.collection = w.collection AND d.key = w.key;
                IF NOT FOUND AND NOT is_alone THEN
                    INSERT INTO documents AS d (collection, key, body, revision)
                        VALUES (w.collection, w.key, 'null', claim)
                        ON CONFLICT (collection, key) DO UPDATE SET revision = excluded.revision;
                    DELETE FROM documents AS d WHERE d.collection = w.collection AND d.key = w.key;
                END IF;
                CONTINUE;
            WHEN 'remove_if' THEN
                DELETE FROM documents AS d
                    WHERE d.collection = w.collection AND d.key = w.key AND d.revision = w.seen;
            WHEN 'remove_range' THEN
                DELETE FROM documents AS d
                    WHERE d.collection = w.collection AND d.key >= w.key AND d.key < w.upper;
                CONTINUE;
            END CASE;
            IF NOT FOUND THEN
                refused := w.place;
            END IF;
        END LOOP;
        IF refused IS NOT NULL THEN
            RAISE EXCEPTION SQLSTATE 'ACR01';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'ACR01' THEN NULL;
    END;
    RETURN refused;
END $$;
";

/// One write, as the function reads it.
#[derive(Default, Serialize)]
struct Line<'a> {
    place: usize,
    kind: &'static str,
    collection: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    upper: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_ms: Option<i64>,
}

/// Executes the batch in a transaction of its own; the outer error is the driver's, the inner one is a refusal, after
/// which nothing has happened.
pub(super) async fn batch(pool: &AnyPool, batch: &Batch) -> Result<Applied, sqlx::Error> {
    let lines = batch.order().into_iter();
    let lines: Vec<Line<'_>> = lines
        .map(|place| Line::of(place, &batch.writes[place]))
        .collect();
    let writes =
        serde_json::to_string(&lines).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let query = sqlx::query(APPLY)
        .bind(writes)
        .bind(RANGE_LOCK)
        .bind(batch.has_range())
        .bind(random());
    let answer = query.fetch_one(pool).await?;
    let refused: Option<i64> = answer.try_get("refused")?;
    let refused = refused.map(|place| {
        let write = usize::try_from(place)
            .ok()
            .and_then(|place| batch.writes.get(place));
        let unknown = || Error::corrupt("the database refused a write that was none");
        write.map_or_else(unknown, Write::refusal)
    });
    Ok(refused.map_or(Ok(0), Err))
}

impl<'a> Line<'a> {
    fn of(place: usize, write: &'a Write) -> Self {
        let line = Self {
            place,
            collection: &write.collection,
            ..Self::default()
        };
        match &write.action {
            Action::Insert {
                key,
                body,
                revision,
            } => Self {
                kind: "insert",
                key,
                body: Some(body),
                revision: Some(*revision),
                ..line
            },
            Action::Replace {
                key,
                body,
                revision,
                seen,
            } => Self {
                kind: "replace",
                key,
                body: Some(body),
                revision: Some(*revision),
                seen: Some(*seen),
                ..line
            },
            Action::Put {
                key,
                body,
                revision,
                expires_ms,
            } => Self {
                kind: "put",
                key,
                body: Some(body),
                revision: Some(*revision),
                expires_ms: *expires_ms,
                ..line
            },
            Action::Require { key, seen } => Self {
                kind: "require",
                key,
                seen: Some(*seen),
                ..line
            },
            Action::Remove { key } => Self {
                kind: "remove",
                key,
                ..line
            },
            Action::RemoveIf { key, seen } => Self {
                kind: "remove_if",
                key,
                seen: Some(*seen),
                ..line
            },
            Action::RemoveRange(range) => Self {
                kind: "remove_range",
                key: &range.lower,
                upper: Some(&range.upper),
                ..line
            },
        }
    }
}
