//! Cases: what is refused, and what is just not.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{Batch, Error, Meta};

pub(super) async fn names_that_cannot_be_stored(meta: Meta) {
    for (collection, key) in [("c", ""), ("", "k"), ("c", "a\0b"), ("c\0", "k")] {
        for batch in [
            Batch::new().insert(collection, key, &1),
            Batch::new().put(collection, key, &1),
            Batch::new().replace(collection, key, 1, &1),
            Batch::new().remove(collection, key),
            Batch::new().remove_if(collection, key, 1),
        ] {
            let outcome = meta.commit(batch).await;
            assert!(
                matches!(outcome, Err(Error::Invalid { .. })),
                "{collection:?} {key:?}: {outcome:?}"
            );
        }
    }
    let outcome = meta
        .commit(Batch::new().put("c", &"k".repeat(2_049), &1))
        .await;
    assert_eq!(
        outcome,
        Err(Error::TooLarge {
            what: "key",
            bytes: 2_049,
            limit: 2_048
        })
    );
    let outcome = meta
        .commit(Batch::new().put(&"c".repeat(257), "k", &1))
        .await;
    assert_eq!(
        outcome,
        Err(Error::TooLarge {
            what: "collection",
            bytes: 257,
            limit: 256
        })
    );
    assert_eq!(meta.count("c", "").await, Ok(0));
}

pub(super) async fn bodies_that_cannot_be_stored(meta: Meta) {
    let limit = 9 * 1024 * 1024;
    let outcome = meta
        .commit(Batch::new().put("c", "k", &"x".repeat(limit - 1)))
        .await;
    assert_eq!(
        outcome,
        Err(Error::TooLarge {
            what: "body",
            bytes: limit + 1,
            limit
        })
    );

    let no_json = BTreeMap::from([((1, 2), 3)]);
    let outcome = meta.commit(Batch::new().put("c", "k", &no_json)).await;
    assert!(matches!(outcome, Err(Error::Invalid { .. })), "{outcome:?}");

    let nested = |levels| (0..levels).fold(json!(1), |inner, _| json!({ "a": inner }));
    let outcome = meta.commit(Batch::new().put("c", "k", &nested(128))).await;
    assert!(matches!(outcome, Err(Error::Invalid { .. })), "{outcome:?}");
    assert_eq!(meta.count("c", "").await, Ok(0));

    meta.commit(Batch::new().put("c", "k", &nested(127)))
        .await
        .unwrap();
    let found = meta.get("c", "k").await.unwrap().unwrap();
    assert_eq!(found.parse(), Ok(nested(127)));
}

pub(super) async fn the_largest_document_fits(meta: Meta) {
    // Text that does not compress, because PostgreSQL compresses a key before it measures it.
    let mut state = 1_u32;
    let mut noise = |length: usize| -> String {
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'!' + (state >> 24) as u8 % 90)
        })
        .take(length)
        .collect()
    };
    let (collection, key, body) = (noise(256), noise(2_048), "x".repeat(9 * 1024 * 1024 - 2));
    meta.commit(Batch::new().insert(&collection, &key, &body))
        .await
        .unwrap();
    let found = meta.get(&collection, &key).await.unwrap().unwrap();
    assert_eq!(found.parse(), Ok(body));
}

pub(super) async fn a_fault_spoils_its_batch(meta: Meta) {
    let batch = Batch::new()
        .put("c", "a", &1)
        .put("c", "", &1)
        .put("c", "\0", &1)
        .put("c", "b", &1);
    let outcome = meta.commit(batch).await;
    assert!(matches!(outcome, Err(Error::Invalid { what }) if what.contains("empty")));
    assert_eq!(meta.count("c", "").await, Ok(0));
}
