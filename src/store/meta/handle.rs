//! The handle of an open store and its operations.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row};
use tokio::time::timeout;

use super::batch::Batch;
use super::cache::{Cache, Kept, Looked};
use super::document::{Document, Parsed, Scan};
use super::range::Range;
use super::target::Target;
use super::work::{EXPIRE_SLICE, Work};
use super::writer::Queue;
use super::{cause, postgres, sqlite};
use crate::Error;

pub(super) const GET: &str =
    "SELECT key, body, revision, expires_ms FROM documents WHERE collection = $1 AND key = $2";
pub(super) const GET_AMONG: &str = "SELECT collection, key, body, revision, expires_ms FROM documents \
     WHERE collection IN ($1, $2, $3) AND key = $4";
pub(super) const SCAN: &str = "SELECT key, body, revision, expires_ms FROM documents \
     WHERE collection = $1 AND key >= $2 AND key < $3 ORDER BY key LIMIT $4";
pub(super) const SCAN_BACK: &str = "SELECT key, body, revision, expires_ms FROM documents \
     WHERE collection = $1 AND key >= $2 AND key < $3 ORDER BY key DESC LIMIT $4";
pub(super) const COUNT: &str =
    "SELECT COUNT(*) AS documents FROM documents WHERE collection = $1 AND key >= $2 AND key < $3";
const PING: &str = "SELECT MAX(version) AS version FROM schema_version";
/// Shorter than the wait for a connection, because who asks wants to know now.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// A document store: JSON documents in named collections, sorted by the bytes of their keys.
///
/// Cheap to clone; all clones are one store.
#[derive(Clone, Debug)]
pub struct Meta {
    pub(super) pool: AnyPool,
    pub(super) writes: Writes,
    /// Only where nobody else writes.
    pub(super) cache: Option<Arc<Cache>>,
}

/// The way a transaction takes.
#[derive(Clone, Debug)]
pub(super) enum Writes {
    /// One writer that commits many batches at once: SQLite.
    Queue(Queue),
    /// A connection of the pool per transaction: PostgreSQL.
    Pool,
}

impl Meta {
    /// Opens the store, makes it when it is missing and brings its schema up to date.
    ///
    /// A SQLite file belongs to one open store at a time; this waits a while for the one before to end.
    pub async fn open(target: &Target) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        match target {
            Target::Sqlite(path) => sqlite::open(path).await,
            Target::Postgres(url) => postgres::open(url).await,
        }
    }

    /// Reads one document; a key that cannot be stored is simply absent.
    pub async fn get(&self, collection: &str, key: &str) -> Result<Option<Document>, Error> {
        let kept = self.find(collection, key).await?;
        Ok(kept.map(|kept| match Arc::try_unwrap(kept) {
            Ok(kept) => kept.into_document(),
            Err(kept) => kept.document().clone(),
        }))
    }

    /// Reads one document as `T`. What is read often costs neither a read nor a parse then.
    pub async fn get_as<T>(&self, collection: &str, key: &str) -> Result<Option<Parsed<T>>, Error>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let kept = self.find(collection, key).await?;
        kept.map(|kept| kept.parsed()).transpose()
    }

    /// Reads the documents of one key in three collections at one moment, so that none is missed that a batch moves from
    /// one of them to another; each with the name of its collection.
    pub async fn get_among(
        &self,
        collections: [&str; 3],
        key: &str,
    ) -> Result<Vec<(String, Document)>, Error> {
        if key.contains('\0') || collections.iter().any(|name| name.contains('\0')) {
            return Ok(Vec::new());
        }
        let [first, second, third] = collections;
        let query = sqlx::query(GET_AMONG)
            .bind(first)
            .bind(second)
            .bind(third)
            .bind(key);
        let rows = query.fetch_all(&self.pool).await.map_err(cause::of)?;
        let read = |row: &AnyRow| {
            let collection = row.try_get("collection").map_err(cause::of)?;
            Ok((collection, Document::from_row(row)?))
        };
        rows.iter().map(read).collect()
    }

    async fn find(&self, collection: &str, key: &str) -> Result<Option<Arc<Kept>>, Error> {
        if collection.contains('\0') || key.contains('\0') {
            return Ok(None);
        }
        if self.pool.is_closed() {
            return Err(cause::closed());
        }
        let ticket = match self.cache.as_ref().map(|cache| cache.look(collection, key)) {
            Some(Looked::Held(kept)) => return Ok(Some(kept)),
            Some(Looked::Missing(ticket)) => ticket,
            None => None,
        };
        // In a box, so that the room it needs is not made and moved for every look-up.
        let Some(document) = Box::pin(self.read_one(collection, key)).await? else {
            return Ok(None);
        };
        let kept = Arc::new(Kept::new(collection, document));
        if let Some(ticket) = ticket {
            ticket.keep(&kept);
        }
        Ok(Some(kept))
    }

    async fn read_one(&self, collection: &str, key: &str) -> Result<Option<Document>, Error> {
        let query = sqlx::query(GET).bind(collection).bind(key);
        let row = query.fetch_optional(&self.pool).await.map_err(cause::of)?;
        row.as_ref().map(Document::from_row).transpose()
    }

    /// Reads a page of documents, ascending by the bytes of their keys.
    pub async fn scan(&self, scan: Scan<'_>) -> Result<Vec<Document>, Error> {
        let range = match (Range::of_prefix(scan.prefix), scan.after) {
            (Some(range), Some(after)) => range.after(after),
            (range, _) => range,
        };
        self.read(SCAN, scan, range).await
    }

    /// Reads a page of documents, descending by the bytes of their keys; `after` is then the key they come before.
    pub async fn scan_back(&self, scan: Scan<'_>) -> Result<Vec<Document>, Error> {
        let range = match (Range::of_prefix(scan.prefix), scan.after) {
            (Some(range), Some(before)) => range.before(before),
            (range, _) => range,
        };
        self.read(SCAN_BACK, scan, range).await
    }

    async fn read(
        &self,
        statement: &'static str,
        scan: Scan<'_>,
        range: Option<Range>,
    ) -> Result<Vec<Document>, Error> {
        let Some(range) = range.filter(|_| scan.limit > 0 && !scan.collection.contains('\0'))
        else {
            return Ok(Vec::new());
        };
        let query = sqlx::query(statement)
            .bind(scan.collection)
            .bind(range.lower)
            .bind(range.upper)
            .bind(i64::from(scan.limit));
        // Row by row, so that a page is never in memory twice.
        let documents = query.map(|row| Document::from_row(&row));
        let documents = documents.fetch_all(&self.pool).await.map_err(cause::of)?;
        documents.into_iter().collect()
    }

    /// Counts the documents whose keys start with `prefix`.
    pub async fn count(&self, collection: &str, prefix: &str) -> Result<u64, Error> {
        let range = Range::of_prefix(prefix).filter(|_| !collection.contains('\0'));
        let Some(range) = range else {
            return Ok(0);
        };
        let query = sqlx::query(COUNT)
            .bind(collection)
            .bind(range.lower)
            .bind(range.upper);
        let row = query.fetch_one(&self.pool).await.map_err(cause::of)?;
        let count: i64 = row.try_get("documents").map_err(cause::of)?;
        u64::try_from(count).map_err(|_| Error::corrupt("a count is negative"))
    }

    /// Executes all writes of the batch, or none; they are durable once this answers `Ok`.
    ///
    /// Batches behave as if they were executed one after the other. A batch whose future is dropped may still happen.
    pub async fn commit(&self, batch: Batch) -> Result<(), Error> {
        let batch = batch.checked()?;
        if !batch.writes.is_empty() {
            self.write(Work::Batch(batch)).await?;
        }
        Ok(())
    }

    /// Removes the documents that expire at `now_ms` or before and tells how many there were.
    ///
    /// Nothing else makes an expired document invisible: the store has no clock.
    pub async fn remove_expired(&self, now_ms: i64) -> Result<u64, Error> {
        let mut removed = 0;
        loop {
            let slice = self.write(Work::Expire { now_ms }).await?;
            removed += slice;
            if slice < u64::from(EXPIRE_SLICE) {
                return Ok(removed);
            }
        }
    }

    /// Answers `Ok` if the store can serve.
    pub async fn ping(&self) -> Result<(), Error> {
        if let Writes::Queue(queue) = &self.writes {
            queue.check()?;
        }
        let answer = sqlx::query(PING).fetch_one(&self.pool);
        match timeout(PING_TIMEOUT, answer).await {
            Ok(answer) => answer.map_err(cause::of)?,
            Err(_) => return Err(Error::unavailable("it does not answer")),
        };
        Ok(())
    }

    /// Ends what is under way and lets go of the database; later operations answer [`Error::Unavailable`].
    pub async fn close(&self) {
        match &self.writes {
            Writes::Queue(queue) => queue.close().await,
            Writes::Pool => self.pool.close().await,
        }
    }

    async fn write(&self, work: Work) -> Result<u64, Error> {
        match &self.writes {
            Writes::Queue(queue) => queue.write(work).await,
            Writes::Pool => postgres::write(&self.pool, work).await,
        }
    }
}
