//! Writes as statements of SQLite; PostgreSQL has them in a function: see [`apply`](super::apply).

use sqlx::Arguments;
use sqlx::any::AnyArguments;

use super::batch::{Action, Write};
use Value::{Null, Number, Text};

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
pub(super) const EXPIRE: &str = "DELETE FROM documents WHERE (collection, key) IN \
     (SELECT collection, key FROM documents WHERE expires_ms <= $1 ORDER BY expires_ms LIMIT $2)";

/// What a parameter stands for.
enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Null,
}

/// What a statement did.
#[derive(Default)]
pub(super) struct Effect {
    /// Rows it answered.
    pub(super) rows: u64,
    /// Rows it wrote; a statement that only reads leaves the number of the one before.
    pub(super) written: u64,
}

impl Write {
    pub(super) fn statement(&self) -> &'static str {
        match self.action {
            Action::Insert { .. } => INSERT,
            Action::Replace { .. } => REPLACE,
            Action::Put { .. } => PUT,
            Action::Require { .. } => REQUIRE,
            Action::Remove { .. } => REMOVE,
            Action::RemoveIf { .. } => REMOVE_IF,
            Action::RemoveRange(_) => REMOVE_RANGE,
        }
    }

    /// Adds what the statement's parameters stand for, in the order in which it names them.
    pub(super) fn bind(&self, arguments: &mut AnyArguments) -> Result<(), sqlx::Error> {
        let collection = Text(&self.collection);
        let values = match &self.action {
            Action::Insert {
                key,
                body,
                revision,
            } => vec![collection, Text(key), Text(body), Number(*revision)],
            Action::Replace {
                key,
                body,
                revision,
                seen,
            } => vec![
                Text(body),
                Number(*revision),
                collection,
                Text(key),
                Number(*seen),
            ],
            Action::Put {
                key,
                body,
                revision,
                expires_ms,
            } => vec![
                collection,
                Text(key),
                Text(body),
                Number(*revision),
                expires_ms.map_or(Null, Number),
            ],
            Action::Require { key, seen } | Action::RemoveIf { key, seen } => {
                vec![collection, Text(key), Number(*seen)]
            }
            Action::Remove { key } => vec![collection, Text(key)],
            Action::RemoveRange(range) => {
                vec![collection, Text(&range.lower), Text(&range.upper)]
            }
        };
        for value in values {
            let added = match value {
                Text(text) => arguments.add(text),
                Number(number) => arguments.add(number),
                Null => arguments.add(None::<i64>),
            };
            added.map_err(sqlx::Error::Encode)?;
        }
        Ok(())
    }

    /// Whether the statement found what the write needs.
    pub(super) fn is_met(&self, effect: &Effect) -> bool {
        match self.action {
            Action::Require { .. } => effect.rows > 0,
            Action::Remove { .. } | Action::RemoveRange(_) => true,
            Action::Insert { .. }
            | Action::Replace { .. }
            | Action::Put { .. }
            | Action::RemoveIf { .. } => effect.written > 0,
        }
    }
}
