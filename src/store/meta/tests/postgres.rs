//! What only PostgreSQL can show: its encodings, its lost connections, its secrets.

use sqlx::{AnyConnection, Connection};
use tokio::task::JoinSet;

use super::{concurrency, conformance, crash};
use crate::testing::Postgres;
use crate::{Batch, Error, Meta, Target};

async fn open(url: &str) -> Result<Meta, Error> {
    Meta::open(&Target::Postgres(url.to_owned())).await
}

async fn execute(url: &str, sql: &'static str) {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// One test, because starting a server takes longer than all the cases.
#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    let Some(server) = Postgres::start_or_skip("the PostgreSQL half of the store's suite").await
    else {
        return;
    };
    conformance::run(async || open(&server.database().await.unwrap()).await.unwrap()).await;
    println!("what only PostgreSQL can show");
    many_may_open_a_new_database_at_once(&server.database().await.unwrap()).await;
    a_newer_schema_is_refused(&server.database().await.unwrap()).await;
    an_older_schema_is_brought_up_to_date(&server.database().await.unwrap()).await;
    garbage_in_the_table_is_corrupt(&server.database().await.unwrap()).await;
    a_lost_connection_is_replaced(&server.database().await.unwrap()).await;
    commits_are_synced(&server.database().await.unwrap()).await;
    an_unknown_database_is_unavailable(&server.database().await.unwrap()).await;
    crash::acknowledged_commits_outlive(&Target::Postgres(server.database().await.unwrap())).await;
    batches_do_not_deadlock(&server.database().await.unwrap()).await;
    a_stopped_server_is_unavailable(server).await;
}

async fn many_may_open_a_new_database_at_once(url: &str) {
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let url = url.to_owned();
        tasks.spawn(async move {
            let meta = open(&url).await.unwrap();
            meta.commit(Batch::new().insert("c", &format!("{number}"), &number))
                .await
                .unwrap();
            meta
        });
    }
    for meta in tasks.join_all().await {
        assert_eq!(meta.count("c", "").await, Ok(8));
        meta.close().await;
    }
}

async fn a_newer_schema_is_refused(url: &str) {
    open(url).await.unwrap().close().await;
    execute(url, "INSERT INTO schema_version VALUES (1000)").await;
    let error = open(url).await.unwrap_err();
    assert!(
        matches!(error, Error::Newer { found: 1000, known } if known < 1000),
        "{error:?}"
    );
}

async fn an_older_schema_is_brought_up_to_date(url: &str) {
    let meta = open(url).await.unwrap();
    meta.commit(Batch::new().put("c", "k", &1)).await.unwrap();
    meta.close().await;
    let version_1 = "DROP FUNCTION acr_apply; DELETE FROM schema_version WHERE version > 1";
    execute(url, version_1).await;
    let meta = open(url).await.unwrap();
    assert_eq!(meta.commit(Batch::new().put("c", "k", &2)).await, Ok(()));
    assert_eq!(meta.get("c", "k").await.unwrap().unwrap().body, "2");
    meta.close().await;
}

async fn garbage_in_the_table_is_corrupt(url: &str) {
    let meta = open(url).await.unwrap();
    execute(url, "INSERT INTO documents VALUES ('c', 'text', '{\"a\":', 1, NULL), ('c', 'empty', '', 1, NULL)").await;
    for key in ["text", "empty"] {
        let found = meta.get("c", key).await;
        let outcome = found.and_then(|found| found.unwrap().parse::<serde_json::Value>());
        assert!(
            matches!(outcome, Err(Error::Corrupt { .. })),
            "{key}: {outcome:?}"
        );
    }
    meta.close().await;
}

async fn a_lost_connection_is_replaced(url: &str) {
    let meta = open(url).await.unwrap();
    meta.commit(Batch::new().put("c", "k", &1)).await.unwrap();
    execute(
        url,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    assert_eq!(meta.commit(Batch::new().put("c", "k", &2)).await, Ok(()));
    assert_eq!(meta.get("c", "k").await.unwrap().unwrap().body, "2");
    meta.close().await;
}

/// A database may be set not to wait for its disk; a session of the store waits anyway.
async fn commits_are_synced(url: &str) {
    execute(
        url,
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
    )
    .await;
    let meta = open(url).await.unwrap();
    let setting: String = sqlx::query_scalar("SELECT current_setting('synchronous_commit')")
        .fetch_one(&meta.pool)
        .await
        .unwrap();
    assert_eq!(setting, "on");
    meta.close().await;
}

/// Deadlocks are tried again, so only the server's own count shows that there were none.
async fn batches_do_not_deadlock(url: &str) {
    let meta = open(url).await.unwrap();
    concurrency::opposite_orders_do_not_block_each_other(meta.clone()).await;
    meta.close().await;
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let others = "SELECT COUNT(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    // A session hands in its counts before it disappears from the list.
    while sqlx::query_scalar::<_, i64>(others)
        .fetch_one(&mut connection)
        .await
        .unwrap()
        > 0
    {
        tokio::task::yield_now().await;
    }
    let deadlocks: i64 = sqlx::query_scalar(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(deadlocks, 0);
}

async fn an_unknown_database_is_unavailable(url: &str) {
    let secret = url
        .replace("acr@", "acr:hunter2@")
        .replace("/test_", "/absent_");
    assert!(secret.contains("hunter2") && secret.contains("absent"));
    let wrong = [
        secret.as_str(),
        "postgres://a:hunter2@127.0.0.1:1/x",
        "postgres://a:hunter2@[/x",
        "mysql://a:hunter2@h/x",
    ];
    for url in wrong {
        let error = open(url).await.unwrap_err();
        assert!(
            matches!(error, Error::Unavailable { .. } | Error::Invalid { .. }),
            "{error:?}"
        );
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

async fn a_stopped_server_is_unavailable(server: Postgres) {
    let meta = open(&server.database().await.unwrap()).await.unwrap();
    drop(server);
    let outcome = meta.commit(Batch::new().put("c", "k", &1)).await;
    assert!(
        matches!(outcome, Err(Error::Unavailable { .. })),
        "{outcome:?}"
    );
    assert!(matches!(meta.ping().await, Err(Error::Unavailable { .. })));
}
