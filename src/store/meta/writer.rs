//! The one writer of a SQLite store: takes waiting work from a queue and commits many pieces with one sync of the disk.

use std::fs::File;
use std::sync::Arc;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AnyPool, Connection};
use tokio::sync::{mpsc, oneshot};

use super::cache::{Cache, Closing};
use super::work::{self, Applied, Work};
use super::{cause, script, sqlite};
use crate::Error;

/// How much work may wait; who comes later waits for a place.
const QUEUE_LENGTH: usize = 1_024;
/// Bounds of one transaction: it must not grow so large that its first piece waits long.
const GROUP_LENGTH: usize = 512;
const GROUP_BYTES: usize = 8 * 1024 * 1024;

/// The way to the writer.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    sender: mpsc::Sender<Message>,
}

#[derive(Debug)]
enum Message {
    Write(Job),
    Close(oneshot::Sender<()>),
}

#[derive(Debug)]
struct Job {
    work: Work,
    answer: oneshot::Sender<Applied>,
}

impl Queue {
    /// Starts the writer. When it ends, it closes the connections that read, and gives up the lock after everything else.
    pub(super) fn start(writer: Writer, readers: AnyPool, lock: File) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_LENGTH);
        tokio::spawn(writer.run(receiver, readers, lock));
        Self { sender }
    }

    pub(super) async fn write(&self, work: Work) -> Applied {
        let (answer, answered) = oneshot::channel();
        let job = Message::Write(Job { work, answer });
        self.sender.send(job).await.map_err(|_| cause::closed())?;
        answered.await.map_err(|_| cause::closed())?
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        if self.sender.is_closed() {
            return Err(cause::closed());
        }
        Ok(())
    }

    /// Lets the writer end what came before and waits for its end.
    pub(super) async fn close(&self) {
        let (done, ended) = oneshot::channel();
        if self.sender.send(Message::Close(done)).await.is_ok() {
            // An error means that somebody else's close came first, which is as good.
            let _ = ended.await;
        }
    }
}

/// The writer, and what it needs.
pub(super) struct Writer {
    pub(super) connection: AnyConnection,
    /// To open another connection if this one breaks.
    pub(super) options: AnyConnectOptions,
    /// Must not hold what is being written.
    pub(super) cache: Arc<Cache>,
}

/// Why no piece of a group was committed.
enum Failure {
    /// One piece broke the transaction, for instance by its size.
    Piece(Error),
    /// The transaction itself could not begin or end.
    Transaction(Error),
}

impl Writer {
    async fn run(mut self, mut receiver: mpsc::Receiver<Message>, readers: AnyPool, lock: File) {
        let mut closing = None;
        while closing.is_none()
            && let Some(first) = receiver.recv().await
        {
            let group;
            (group, closing) = collect(first, &mut receiver);
            self.serve(group).await;
        }
        // Writes are refused first: nobody shall write down that reads fail because the store is closing.
        drop(receiver);
        readers.close().await;
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the database was not closed cleanly");
        }
        drop(lock);
        drop(closing);
    }

    async fn serve(&mut self, group: Vec<Job>) {
        if group.is_empty() {
            return;
        }
        match self.commit(&group).await {
            Err(Failure::Piece(_)) if group.len() > 1 => {
                // The others shall not suffer for one, so each gets a transaction of its own.
                for job in group {
                    let outcome = self.commit(std::slice::from_ref(&job)).await;
                    answer(vec![job], outcome);
                }
            }
            outcome => answer(group, outcome),
        }
    }

    async fn commit(&mut self, group: &[Job]) -> Result<Vec<Applied>, Failure> {
        let outcome = transact(&mut self.connection, &self.cache, group).await;
        if outcome.is_err() {
            self.recover().await;
        }
        outcome
    }

    /// Leaves no transaction open behind a failure.
    async fn recover(&mut self) {
        let rollback = sqlx::query("ROLLBACK").execute(&mut self.connection).await;
        let is_broken = rollback.is_err_and(|error| !sqlite::is_outside_transaction(&error));
        // The old connection closes after the new one is open, because the last one to close also removes the log.
        if is_broken && let Ok(connection) = sqlite::connect(&self.options).await {
            tracing::warn!("opened the database again after a failure");
            self.connection = connection;
        }
    }
}

/// Takes what waits behind the first message, within the bounds of a group.
fn collect(
    first: Message,
    receiver: &mut mpsc::Receiver<Message>,
) -> (Vec<Job>, Option<oneshot::Sender<()>>) {
    let (mut group, mut bytes) = (Vec::new(), 0);
    let mut next = Some(first);
    while let Some(message) = next {
        match message {
            Message::Close(done) => return (group, Some(done)),
            Message::Write(job) => {
                bytes += job.work.body_bytes();
                group.push(job);
            }
        }
        let has_room = group.len() < GROUP_LENGTH && bytes < GROUP_BYTES;
        next = if has_room {
            receiver.try_recv().ok()
        } else {
            None
        };
    }
    (group, None)
}

/// Executes the whole group in one transaction; a refused piece undoes only itself.
async fn transact(
    connection: &mut AnyConnection,
    cache: &Arc<Cache>,
    group: &[Job],
) -> Result<Vec<Applied>, Failure> {
    let transaction = |error| Failure::Transaction(cause::of(error));
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut *connection)
        .await
        .map_err(transaction)?;
    let mut outcome = Vec::with_capacity(group.len());
    for job in group {
        let applied = execute(connection, &job.work).await;
        outcome.push(applied.map_err(|error| Failure::Piece(cause::of(error)))?);
    }
    let _closing = Closing::begin(cache, group.iter().map(|job| &job.work));
    sqlx::query("COMMIT")
        .execute(connection)
        .await
        .map_err(transaction)?;
    Ok(outcome)
}

/// Executes one piece; one that is refused undoes itself.
async fn execute(connection: &mut AnyConnection, work: &Work) -> Result<Applied, sqlx::Error> {
    match work {
        Work::Batch(batch) => script::batch(connection, batch).await,
        Work::Expire { now_ms } => Ok(Ok(work::expire(connection, *now_ms).await?)),
    }
}

/// Answers every piece; nobody listens any more where the caller's future was dropped.
fn answer(group: Vec<Job>, outcome: Result<Vec<Applied>, Failure>) {
    match outcome {
        Ok(applied) => {
            for (job, applied) in group.into_iter().zip(applied) {
                let _ = job.answer.send(applied);
            }
        }
        Err(Failure::Piece(error) | Failure::Transaction(error)) => {
            for job in group {
                let _ = job.answer.send(Err(error.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::ConnectOptions;

    use super::*;
    use crate::Batch;

    /// A writer on a new file that may not grow beyond 40 pages.
    async fn writer(path: &std::path::Path) -> Writer {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite:{}?mode=rwc", path.display());
        let options: AnyConnectOptions = url.parse().unwrap();
        let options = options.disable_statement_logging();
        let mut connection = sqlite::connect(&options).await.unwrap();
        let schema =
            "CREATE TABLE documents (collection TEXT, key TEXT, body TEXT, revision BIGINT,
            expires_ms BIGINT, PRIMARY KEY (collection, key)); PRAGMA max_page_count = 40;";
        sqlx::raw_sql(schema)
            .execute(&mut connection)
            .await
            .unwrap();
        Writer {
            connection,
            options,
            cache: Cache::new(),
        }
    }

    async fn serve(writer: &mut Writer, batches: Vec<Batch>) -> Vec<Applied> {
        let (mut group, mut answers) = (Vec::new(), Vec::new());
        for batch in batches {
            let (answer, answered) = oneshot::channel();
            let work = Work::Batch(batch);
            group.push(Job { work, answer });
            answers.push(answered);
        }
        writer.serve(group).await;
        let mut applied = Vec::new();
        for answer in answers {
            applied.push(answer.await.unwrap());
        }
        applied
    }

    async fn keys(writer: &mut Writer) -> Vec<String> {
        let keys = sqlx::query_scalar("SELECT key FROM documents ORDER BY key");
        keys.fetch_all(&mut writer.connection).await.unwrap()
    }

    #[tokio::test]
    async fn a_refused_piece_undoes_only_itself() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut writer = writer(&folder.path().join("meta.db")).await;
        let batches = vec![
            Batch::new().insert("c", "a", &1).insert("c", "b", &1),
            Batch::new().insert("c", "c", &1).insert("c", "a", &1),
            Batch::new().insert("c", "a", &1),
            Batch::new().insert("c", "d", &1).remove("c", "b"),
        ];
        let applied = serve(&mut writer, batches).await;
        let is_ok: Vec<bool> = applied.iter().map(Result::is_ok).collect();
        assert_eq!(is_ok, [true, false, false, true], "{applied:?}");
        assert_eq!(keys(&mut writer).await, ["a", "d"]);
    }

    #[tokio::test]
    async fn a_piece_that_does_not_fit_spoils_no_other() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut writer = writer(&folder.path().join("meta.db")).await;
        let batches = vec![
            Batch::new().insert("c", "a", &1),
            Batch::new()
                .insert("c", "b", &1)
                .insert("c", "large", &"x".repeat(1_000_000)),
            Batch::new().insert("c", "d", &1),
        ];
        let applied = serve(&mut writer, batches).await;
        assert_eq!(applied, [Ok(0), Err(Error::Full), Ok(0)]);
        assert_eq!(keys(&mut writer).await, ["a", "d"]);
        let applied = serve(&mut writer, vec![Batch::new().insert("c", "e", &1)]).await;
        assert_eq!(applied, [Ok(0)]);
    }

    #[tokio::test]
    async fn a_failed_commit_fails_the_whole_group() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut writer = writer(&folder.path().join("meta.db")).await;
        // A deferred constraint is the one error that SQLite finds no sooner than at the commit.
        let trap = "PRAGMA foreign_keys = ON;
            CREATE TABLE trap (id INTEGER REFERENCES trap_end (id) DEFERRABLE INITIALLY DEFERRED);
            CREATE TABLE trap_end (id INTEGER PRIMARY KEY);
            CREATE TRIGGER spring AFTER INSERT ON documents WHEN new.key = 'trap'
                BEGIN INSERT INTO trap VALUES (1); END;";
        sqlx::raw_sql(trap)
            .execute(&mut writer.connection)
            .await
            .unwrap();
        let batches = vec![
            Batch::new().insert("c", "a", &1),
            Batch::new().insert("c", "trap", &1),
            Batch::new().insert("c", "b", &1).put("c", "d", &1),
        ];
        let applied = serve(&mut writer, batches).await;
        assert!(applied.iter().all(Result::is_err), "{applied:?}");
        assert_eq!(keys(&mut writer).await, [""; 0]);
        let applied = serve(&mut writer, vec![Batch::new().insert("c", "e", &1)]).await;
        assert_eq!(applied, [Ok(0)]);
        assert_eq!(keys(&mut writer).await, ["e"]);
    }
}
