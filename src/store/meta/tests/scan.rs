//! Cases: prefixes, pages and the order of keys.

use crate::{Batch, Meta, Scan};

async fn keys(meta: &Meta, prefix: &str, after: Option<&str>, limit: u32) -> Vec<String> {
    let scan = Scan {
        collection: "c",
        prefix,
        after,
        limit,
    };
    meta.scan(scan)
        .await
        .unwrap()
        .into_iter()
        .map(|document| document.key)
        .collect()
}

async fn keys_back(meta: &Meta, prefix: &str, before: Option<&str>, limit: u32) -> Vec<String> {
    let scan = Scan {
        collection: "c",
        prefix,
        after: before,
        limit,
    };
    let page = meta.scan_back(scan).await.unwrap();
    page.into_iter().map(|document| document.key).collect()
}

pub(super) async fn pages_go_backwards_without_gap(meta: Meta) {
    let all = ["a", "b", "b/1", "b/2", "b/3", "b0", "\u{10ffff}"];
    insert(&meta, &all).await;
    for prefix in ["", "b", "b/", "c", "\u{10ffff}"] {
        let mut expected = keys(&meta, prefix, None, 100).await;
        expected.reverse();
        let mut found: Vec<String> = Vec::new();
        loop {
            let page = keys_back(&meta, prefix, found.last().map(String::as_str), 2).await;
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        assert_eq!(found, expected, "prefix {prefix:?}");
    }
    assert_eq!(
        keys_back(&meta, "b/", Some("b/2!"), 9).await,
        ["b/2", "b/1"]
    );
    assert_eq!(
        keys_back(&meta, "b/", Some("b/2\0"), 9).await,
        ["b/2", "b/1"]
    );
    assert_eq!(keys_back(&meta, "b/", Some("a"), 9).await, [""; 0]);
}

async fn insert(meta: &Meta, keys: &[&str]) {
    let batch = keys
        .iter()
        .fold(Batch::new(), |batch, key| batch.insert("c", key, key));
    meta.commit(batch.insert("b", "~", &0).insert("d", "!", &0))
        .await
        .unwrap();
}

/// Checks scan and count of a prefix against the same question put to `str`.
async fn check(meta: &Meta, all: &[&str], prefix: &str) {
    let mut expected: Vec<&str> = all
        .iter()
        .copied()
        .filter(|key| key.starts_with(prefix))
        .collect();
    expected.sort_unstable();
    assert_eq!(
        keys(meta, prefix, None, 1_000).await,
        expected,
        "prefix {prefix:?}"
    );
    assert_eq!(
        meta.count("c", prefix).await,
        Ok(expected.len() as u64),
        "prefix {prefix:?}"
    );
    for after in all {
        let expected: Vec<&str> = expected
            .iter()
            .copied()
            .filter(|key| key > after)
            .take(3)
            .collect();
        assert_eq!(
            keys(meta, prefix, Some(after), 3).await,
            expected,
            "prefix {prefix:?} after {after:?}"
        );
    }
}

pub(super) async fn pages_follow_each_other_without_gap(meta: Meta) {
    let all: Vec<String> = (0..250).map(|number| format!("k/{number:03}")).collect();
    insert(&meta, &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut found: Vec<String> = Vec::new();
    loop {
        let page = keys(&meta, "k/", found.last().map(String::as_str), 60).await;
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    assert_eq!(found, all);
    assert_eq!(keys(&meta, "k/", None, 0).await, [""; 0]);
    assert_eq!(keys(&meta, "", None, u32::MAX).await.len(), 250);
    assert_eq!(meta.count("c", "k/1").await, Ok(100));
    assert_eq!(meta.count("nothing", "").await, Ok(0));
}

pub(super) async fn keys_sort_by_their_bytes(meta: Meta) {
    let all = [
        "Z",
        "a",
        "B",
        "b",
        "_",
        "~",
        "-a",
        "ab",
        "a-b",
        "a b",
        "aB",
        "é",
        "e\u{301}",
        "ß",
        "漢",
        "😀",
        "\u{ffff}",
        "\u{10000}",
        "\u{e000}",
        "\u{d7ff}",
        "\u{1}",
        "\u{7f}",
        "\u{80}",
        "'",
        "\"",
        "10",
        "9",
        " ",
        "i",
        "I",
        "ı",
        "İ",
    ];
    insert(&meta, &all).await;
    for prefix in [
        "", "a", "A", "e", "é", "\u{7f}", "\u{d7ff}", "\u{ffff}", "😀", "1",
    ] {
        check(&meta, &all, prefix).await;
    }
}

pub(super) async fn wildcards_are_plain_characters(meta: Meta) {
    let all = [
        "%", "%a", "_", "_a", "a", "aa", "\\", "\\%", "\\_", "*", "?", "[a]", "a%b", "a_b", "a\\b",
        "axb",
    ];
    insert(&meta, &all).await;
    for prefix in [
        "%", "_", "\\", "\\%", "*", "?", "[", "a", "a%", "a_", "a\\", "%%", "$1", "'",
    ] {
        check(&meta, &all, prefix).await;
    }
}

pub(super) async fn a_prefix_may_end_at_the_last_character(meta: Meta) {
    let last = "\u{10ffff}".repeat(512);
    let all = [
        "\u{10ffff}",
        "\u{10ffff}a",
        "\u{10ffff}\u{10ffff}",
        "\u{10ffff}\u{10ffff}z",
        "a\u{10ffff}",
        "a\u{10ffff}b",
        "b",
        "a",
        "\u{10fffe}",
        &last,
    ];
    insert(&meta, &all).await;
    for prefix in [
        "",
        "\u{10ffff}",
        "\u{10ffff}\u{10ffff}",
        "a\u{10ffff}",
        "\u{10fffe}",
        &last,
    ] {
        check(&meta, &all, prefix).await;
    }
    meta.commit(Batch::new().remove_prefix("c", "\u{10ffff}"))
        .await
        .unwrap();
    assert_eq!(
        keys(&meta, "", None, 100).await,
        ["a", "a\u{10ffff}", "a\u{10ffff}b", "b", "\u{10fffe}"]
    );
}

pub(super) async fn hostile_marks_find_nothing_wrong(meta: Meta) {
    insert(&meta, &["a", "b"]).await;
    let long = "b".repeat(10_000);
    assert_eq!(keys(&meta, "a\0", None, 9).await, [""; 0]);
    assert_eq!(keys(&meta, "", Some("a\0zzz"), 9).await, ["b"]);
    assert_eq!(keys(&meta, "", Some(""), 9).await, ["a", "b"]);
    assert_eq!(keys(&meta, "", Some("\0"), 9).await, ["a", "b"]);
    assert_eq!(keys(&meta, &long, None, 9).await, [""; 0]);
    assert_eq!(keys(&meta, "", Some(&long), 9).await, [""; 0]);
    assert_eq!(meta.count("c", "\0").await, Ok(0));
    assert_eq!(meta.count("c\0", "").await, Ok(0));
    for (collection, key) in [
        ("c", "a\0"),
        ("c\0", "a"),
        ("", ""),
        ("c", ""),
        ("c", long.as_str()),
    ] {
        assert_eq!(meta.get(collection, key).await, Ok(None));
    }
    let scan = Scan {
        collection: "c\0",
        prefix: "",
        after: None,
        limit: 9,
    };
    assert_eq!(meta.scan(scan).await, Ok(Vec::new()));
}
