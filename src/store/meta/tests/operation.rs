//! Cases: what each operation does.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{Batch, Document, Error, Meta, Scan};

async fn read(meta: &Meta, key: &str) -> Option<Document> {
    meta.get("c", key).await.unwrap()
}

async fn body(meta: &Meta, key: &str) -> Option<Value> {
    let document = read(meta, key).await?;
    Some(document.parse().unwrap())
}

async fn put(meta: &Meta, key: &str, value: impl Into<Value>) -> i64 {
    meta.commit(Batch::new().put("c", key, &value.into()))
        .await
        .unwrap();
    read(meta, key).await.unwrap().revision
}

fn exists(key: &str) -> Result<(), Error> {
    Err(Error::Exists {
        collection: "c".to_owned(),
        key: key.to_owned(),
    })
}

fn precondition(key: &str) -> Result<(), Error> {
    Err(Error::Precondition {
        collection: "c".to_owned(),
        key: key.to_owned(),
    })
}

pub(super) async fn a_document_is_read_as_it_was_written(meta: Meta) {
    let key = "quotes \"'`, line\r\n, \u{2028} é 漢 😀 \u{10ffff} \\u0000 \u{7f}\u{1}";
    let text = format!("NUL \0, {key}");
    let written = json!({
        "z": "secret", "a": [1, -1, 0.1, 1e300, i64::MIN, u64::MAX, true, null], &text: {}, "": [[text]],
    });
    meta.commit(Batch::new().insert("c", key, &written))
        .await
        .unwrap();
    let found = read(&meta, key).await.unwrap();
    assert_eq!(found.parse(), Ok(written.clone()));
    assert_eq!(
        found.body,
        written.to_string(),
        "the order of the keys is kept"
    );
    assert_eq!(found.expires_at_ms, None);
    assert!(found.revision > 0);
    assert_eq!(read(&meta, "other").await, None);
    assert_eq!(meta.get("other", key).await, Ok(None));
    assert_eq!(meta.ping().await, Ok(()));
}

pub(super) async fn a_body_is_parsed_without_telling_it(meta: Meta) {
    #[derive(Debug, serde::Deserialize)]
    struct Text {
        field: String,
    }
    #[derive(Debug, serde::Deserialize)]
    struct Number {
        #[expect(dead_code, reason = "it cannot be parsed")]
        field: u64,
    }
    put(&meta, "k", json!({ "field": "secret" })).await;
    let found = read(&meta, "k").await.unwrap();
    assert_eq!(found.parse::<Text>().unwrap().field, "secret");
    let error = found.parse::<Number>().unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    let batch = Batch::new().put("c", "k", &found.parse::<Value>().unwrap());
    assert!(!format!("{error} {error:?} {found:?} {batch:?}").contains("secret"));
}

pub(super) async fn a_key_is_found_in_any_of_three_collections(meta: Meta) {
    let batch = Batch::new().insert("c", "k", &1).insert("e", "k", &2);
    let batch = batch.insert("f", "k", &3).insert("c", "other", &4);
    meta.commit(batch).await.unwrap();
    let found = meta.get_among(["c", "d", "e"], "k").await.unwrap();
    let mut found: Vec<(&str, &str)> = found
        .iter()
        .map(|(collection, document)| (&**collection, &*document.body))
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("c", "1"), ("e", "2")]);
    for (collections, key) in [
        (["c", "d", "e"], "absent"),
        (["d", "g", "h"], "k"),
        (["c", "d", "e"], "k\0"),
        (["c\0", "d", "e"], "k"),
    ] {
        assert_eq!(meta.get_among(collections, key).await, Ok(Vec::new()));
    }
}

pub(super) async fn insert_wants_an_absent_key(meta: Meta) {
    assert_eq!(meta.commit(Batch::new().insert("c", "k", &1)).await, Ok(()));
    assert_eq!(
        meta.commit(Batch::new().insert("c", "k", &2)).await,
        exists("k")
    );
    assert_eq!(body(&meta, "k").await, Some(json!(1)));
    assert_eq!(meta.commit(Batch::new().insert("d", "k", &3)).await, Ok(()));
    assert_eq!(body(&meta, "k").await, Some(json!(1)));
}

pub(super) async fn replace_wants_the_revision_seen(meta: Meta) {
    assert_eq!(
        meta.commit(Batch::new().replace("c", "k", 1, &2)).await,
        precondition("k")
    );
    let first = put(&meta, "k", 1).await;
    assert_eq!(
        meta.commit(Batch::new().replace("c", "k", first, &2)).await,
        Ok(())
    );
    assert_eq!(
        meta.commit(Batch::new().replace("c", "k", first, &3)).await,
        precondition("k")
    );
    let found = read(&meta, "k").await.unwrap();
    assert_eq!(found.body, "2");
    assert_ne!(found.revision, first);

    meta.commit(Batch::new().put_until("c", "k", &1, 5))
        .await
        .unwrap();
    let seen = read(&meta, "k").await.unwrap().revision;
    meta.commit(Batch::new().replace("c", "k", seen, &2))
        .await
        .unwrap();
    assert_eq!(
        read(&meta, "k").await.unwrap().expires_at_ms,
        Some(5),
        "the expiry stays"
    );
}

pub(super) async fn put_writes_in_either_case(meta: Meta) {
    meta.commit(Batch::new().put_until("c", "k", &1, -7))
        .await
        .unwrap();
    assert_eq!(read(&meta, "k").await.unwrap().expires_at_ms, Some(-7));
    meta.commit(Batch::new().put("c", "k", &2)).await.unwrap();
    let found = read(&meta, "k").await.unwrap();
    assert_eq!((found.body.as_str(), found.expires_at_ms), ("2", None));
}

pub(super) async fn remove_is_content_with_nothing(meta: Meta) {
    put(&meta, "k", 1).await;
    put(&meta, "k2", 1).await;
    assert_eq!(meta.commit(Batch::new().remove("c", "k")).await, Ok(()));
    assert_eq!(meta.commit(Batch::new().remove("c", "k")).await, Ok(()));
    assert_eq!(
        meta.commit(Batch::new().remove("c", "k").remove("c", "nothing"))
            .await,
        Ok(())
    );
    assert_eq!(read(&meta, "k").await, None);
    assert_eq!(meta.count("c", "").await, Ok(1));
}

pub(super) async fn remove_if_wants_the_revision_seen(meta: Meta) {
    let revision = put(&meta, "k", 1).await;
    assert_eq!(
        meta.commit(Batch::new().remove_if("c", "k", revision ^ 1))
            .await,
        precondition("k")
    );
    let elsewhere = Batch::new().remove_if("d", "k", revision);
    assert!(meta.commit(elsewhere).await.is_err());
    assert_eq!(body(&meta, "k").await, Some(json!(1)));
    assert_eq!(
        meta.commit(Batch::new().remove_if("c", "k", revision))
            .await,
        Ok(())
    );
    assert_eq!(
        meta.commit(Batch::new().remove_if("c", "k", revision))
            .await,
        precondition("k")
    );
}

pub(super) async fn require_wants_the_revision_seen(meta: Meta) {
    let require = |revision| {
        Batch::new()
            .require("c", "k", revision)
            .put("c", "other", &1)
    };
    assert_eq!(meta.commit(require(1)).await, precondition("k"));
    let revision = put(&meta, "k", 1).await;
    assert_eq!(meta.commit(require(revision ^ 1)).await, precondition("k"));
    assert_eq!(body(&meta, "other").await, None);
    assert_eq!(meta.commit(require(revision)).await, Ok(()));
    assert_eq!(body(&meta, "other").await, Some(json!(1)));
    let found = read(&meta, "k").await.unwrap();
    assert_eq!((found.revision, found.body.as_str()), (revision, "1"));
    let alone = |revision| Batch::new().require("c", "k", revision);
    assert_eq!(meta.commit(alone(revision)).await, Ok(()));
    assert_eq!(meta.commit(alone(revision ^ 1)).await, precondition("k"));
}

pub(super) async fn remove_prefix_is_exact(meta: Meta) {
    let keys = [
        "a",
        "a/",
        "a/b",
        "a/b/c",
        "a/b0",
        "a/bc",
        "a0",
        "A/b",
        "a%",
        "a/\u{10ffff}z",
        "b",
    ];
    let mut batch = Batch::new().put("d", "a/b", &0);
    for key in keys {
        batch = batch.put("c", key, &0);
    }
    meta.commit(batch).await.unwrap();
    for (prefix, left) in [
        ("a/b/", "A/b a a% a/ a/b a/b0 a/bc a/\u{10ffff}z a0 b"),
        ("nothing", "A/b a a% a/ a/b a/b0 a/bc a/\u{10ffff}z a0 b"),
        ("a\0", "A/b a a% a/ a/b a/b0 a/bc a/\u{10ffff}z a0 b"),
        ("a/", "A/b a a% a0 b"),
        ("", ""),
    ] {
        meta.commit(Batch::new().remove_prefix("c", prefix))
            .await
            .unwrap();
        let scan = Scan {
            collection: "c",
            prefix: "",
            after: None,
            limit: 100,
        };
        let found: Vec<String> = meta
            .scan(scan)
            .await
            .unwrap()
            .into_iter()
            .map(|found| found.key)
            .collect();
        assert_eq!(found.join(" "), left, "after removing `{prefix}`");
    }
    assert_eq!(meta.count("d", "").await, Ok(1));
}

pub(super) async fn revisions_never_repeat(meta: Meta) {
    let mut seen = HashSet::new();
    for _ in 0..20 {
        let revision = put(&meta, "k", "the same").await;
        assert!(revision > 0 && seen.insert(revision));
        meta.commit(Batch::new().replace("c", "k", revision, &"the same"))
            .await
            .unwrap();
        assert!(seen.insert(read(&meta, "k").await.unwrap().revision));
        meta.commit(Batch::new().remove("c", "k")).await.unwrap();
    }
}

pub(super) async fn only_remove_expired_expires(meta: Meta) {
    let batch = Batch::new()
        .put_until("c", "k1", &1, 1_000)
        .put_until("d", "k2", &2, 1_001)
        .put_until("c", "k3", &3, i64::MAX)
        .put("c", "k4", &4);
    meta.commit(batch).await.unwrap();
    assert_eq!(meta.remove_expired(999).await, Ok(0));
    assert!(read(&meta, "k1").await.is_some());
    assert_eq!(meta.remove_expired(1_000).await, Ok(1));
    assert_eq!(read(&meta, "k1").await, None);
    assert_eq!(meta.remove_expired(i64::MAX - 1).await, Ok(1));
    assert_eq!(meta.remove_expired(i64::MIN).await, Ok(0));
    assert_eq!(meta.count("d", "").await, Ok(0));
    assert_eq!(meta.count("c", "").await, Ok(2));
}

pub(super) async fn expiry_goes_on_over_many_slices(meta: Meta) {
    let batch = (0..2_500).fold(Batch::new(), |batch, number| {
        batch.put_until("c", &format!("k{number}"), &number, number)
    });
    meta.commit(batch).await.unwrap();
    assert_eq!(meta.remove_expired(2_399).await, Ok(2_400));
    assert_eq!(meta.count("c", "").await, Ok(100));
}

pub(super) async fn a_batch_happens_whole_or_not_at_all(meta: Meta) {
    let revision = put(&meta, "old", 1).await;
    put(&meta, "taken", 1).await;
    let batch = || {
        Batch::new()
            .insert("c", "new", &1)
            .put("c", "old", &2)
            .remove("c", "taken")
            .remove("c", "absent")
            .remove_prefix("c", "o")
            .put("d", "zzz", &1)
    };
    let refused = [
        batch().insert("d", "zzz", &2),
        batch().replace("c", "absent", revision, &2),
        batch().replace("d", "zzz", revision, &2),
        batch().remove_if("c", "old", revision),
        Batch::new()
            .put("c", "old", &3)
            .put("c", "new", &3)
            .insert("c", "taken", &3),
    ];
    for batch in refused {
        assert!(matches!(
            meta.commit(batch).await,
            Err(Error::Exists { .. } | Error::Precondition { .. })
        ));
        assert_eq!(read(&meta, "old").await.unwrap().revision, revision);
        assert_eq!(meta.count("c", "").await, Ok(2));
        assert_eq!(meta.count("d", "").await, Ok(0));
    }
    assert_eq!(meta.commit(batch()).await, Ok(()));
    assert_eq!(body(&meta, "new").await, Some(json!(1)));
    assert_eq!(meta.count("c", "").await, Ok(1));
    assert_eq!(meta.count("d", "").await, Ok(1));
}

pub(super) async fn writes_of_a_batch_see_the_ones_before(meta: Meta) {
    let batch = Batch::new()
        .insert("c", "k", &1)
        .put("c", "a", &1)
        .remove("c", "k")
        .insert("c", "k", &2);
    meta.commit(batch).await.unwrap();
    assert_eq!(body(&meta, "k").await, Some(json!(2)));
    let batch = Batch::new()
        .remove_prefix("c", "")
        .insert("c", "k", &3)
        .put("c", "a", &3);
    meta.commit(batch).await.unwrap();
    assert_eq!(body(&meta, "k").await, Some(json!(3)));
    let batch = Batch::new().put("c", "k", &4).remove_prefix("c", "k");
    meta.commit(batch).await.unwrap();
    assert_eq!(meta.count("c", "").await, Ok(1));
    let batch = Batch::new()
        .remove("c", "b")
        .remove("c", "b")
        .insert("c", "b", &5);
    meta.commit(batch).await.unwrap();
    assert_eq!(body(&meta, "b").await, Some(json!(5)));
}

pub(super) async fn the_first_refusal_of_a_batch_is_told(meta: Meta) {
    put(&meta, "a", 1).await;
    put(&meta, "z", 1).await;
    let batch = Batch::new()
        .insert("c", "z", &2)
        .insert("c", "a", &2)
        .replace("c", "b", 1, &2);
    assert_eq!(meta.commit(batch).await, exists("z"));
    let batch = Batch::new()
        .remove_if("c", "b", 1)
        .insert("c", "a", &2)
        .insert("c", "z", &2);
    assert_eq!(meta.commit(batch).await, precondition("b"));
}

pub(super) async fn a_long_batch_is_like_a_short_one(meta: Meta) {
    let every_key = |batch: Batch, value: i64| {
        (0..100).fold(batch, |batch, number| {
            batch.insert("c", &format!("{number:02}"), &value)
        })
    };
    let count = async || meta.count("c", "").await.unwrap();
    put(&meta, "50", 1).await;
    put(&meta, "70", 1).await;
    let batch = every_key(Batch::new(), 2);
    assert_eq!(meta.commit(batch).await, exists("50"));
    assert_eq!(count().await, 2);
    let batch = every_key(Batch::new().remove("c", "50").remove("c", "70"), 3);
    assert_eq!(meta.commit(batch).await, Ok(()));
    assert_eq!(count().await, 100);
    assert_eq!(body(&meta, "99").await, Some(json!(3)));
}

pub(super) async fn an_empty_batch_is_nothing(meta: Meta) {
    assert_eq!(meta.commit(Batch::new()).await, Ok(()));
}

pub(super) async fn a_closed_store_is_unavailable(meta: Meta) {
    let clone = meta.clone();
    put(&meta, "k", 1).await;
    meta.close().await;
    meta.close().await;
    assert!(matches!(clone.ping().await, Err(Error::Unavailable { .. })));
    assert!(matches!(
        clone.get("c", "k").await,
        Err(Error::Unavailable { .. })
    ));
    let batch = Batch::new().put("c", "k", &2);
    assert!(matches!(
        clone.commit(batch).await,
        Err(Error::Unavailable { .. })
    ));
    assert!(matches!(
        clone.remove_expired(0).await,
        Err(Error::Unavailable { .. })
    ));
}
