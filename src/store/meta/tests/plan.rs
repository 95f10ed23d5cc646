//! What a read costs does not grow with what else there is: every statement looks up its range in an index.

use sqlx::{AnyConnection, Connection, Row};
use tempfile::TempDir;

use crate::meta::{handle, statement};
use crate::{Meta, Target};

#[tokio::test]
async fn sqlite_goes_straight_to_what_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("meta.db");
    let meta = Meta::open(&Target::Sqlite(path.clone())).await.unwrap();
    let mut past = AnyConnection::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    for statement in [
        handle::GET,
        handle::GET_AMONG,
        handle::SCAN,
        handle::SCAN_BACK,
        handle::COUNT,
        statement::REPLACE,
        statement::REMOVE,
        statement::REMOVE_RANGE,
        statement::EXPIRE,
    ] {
        let question = format!("EXPLAIN QUERY PLAN {statement}");
        let steps = sqlx::query(sqlx::AssertSqlSafe(question))
            .fetch_all(&mut past)
            .await
            .unwrap();
        assert!(!steps.is_empty());
        for step in steps {
            let step: String = step.get("detail");
            // Neither a walk over the table nor a sort of what was found.
            let is_straight = !step.starts_with("SCAN") && !step.contains("TEMP B-TREE");
            assert!(is_straight, "{statement}: {step}");
        }
    }
    meta.close().await;
}
