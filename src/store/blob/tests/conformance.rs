//! Runs the suite: every adapter passes every case.

use tempfile::TempDir;

use crate::blob::Target;

use super::fixture::{Sealed, Stores};
use super::{concurrency, listing, owner, reading, resume, writing};

/// Every case with plain blobs, then with sealed ones.
pub(super) async fn conforms(stores: &impl Stores) {
    each_case(stores).await;
    each_case(&Sealed(stores)).await;
}

async fn each_case(stores: &impl Stores) {
    writing::every_size_comes_back(stores).await;
    writing::small_pieces_and_large_ones_keep_their_order(stores).await;
    writing::an_aborted_upload_leaves_nothing(stores).await;
    writing::an_upload_holds_little_memory(stores).await;
    reading::ranges_are_exact(stores).await;
    reading::an_empty_blob_has_one_range(stores).await;
    reading::what_is_not_there_is_not_found(stores).await;
    resume::an_upload_goes_on_in_pieces(stores).await;
    resume::the_state_decides_where_it_goes_on(stores).await;
    resume::a_discarded_upload_leaves_nothing(stores).await;
    listing::pages_are_ascending_and_complete(stores).await;
    listing::removed_blobs_are_gone(stores).await;
    listing::a_store_that_works_is_healthy(stores).await;
    owner::the_first_claim_holds(stores).await;
    concurrency::readers_and_writers_do_not_meet(stores).await;
}

struct Memory;

impl Stores for Memory {
    fn target(&self, _: &str) -> Target {
        Target::Memory
    }

    fn is_outside(&self) -> bool {
        false
    }
}

impl Stores for TempDir {
    fn target(&self, name: &str) -> Target {
        Target::Local(self.path().join(name))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn memory() {
    conforms(&Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn local() {
    conforms(&TempDir::new().unwrap()).await;
}
