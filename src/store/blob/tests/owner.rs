//! A store has one owner, and the mark that says so is no blob.

use super::fixture::{Stores, keys, open};

pub(super) async fn the_first_claim_holds(stores: &impl Stores) {
    let blobs = open(stores, "owned").await;
    assert_eq!(blobs.owner().await, Ok(None));
    assert_eq!(blobs.claim("one").await.as_deref(), Ok("one"));
    assert_eq!(blobs.claim("another").await.as_deref(), Ok("one"));
    assert_eq!(blobs.owner().await, Ok(Some("one".to_owned())));
    assert_eq!(keys(&blobs).await, []);
}
