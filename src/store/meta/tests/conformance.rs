//! The conformance suite: every case, run on a new store of the kind given.

use super::{concurrency, operation, refusal, scan};
use crate::Meta;

/// Runs each case on a store of its own and says which one it is before it starts.
macro_rules! run {
    ($new_store:expr, $($module:ident :: $case:ident,)+) => {$(
        println!("{}::{}", stringify!($module), stringify!($case));
        let meta: Meta = $new_store().await;
        $module::$case(meta.clone()).await;
        meta.close().await;
    )+};
}

pub(super) async fn run(new_store: impl AsyncFn() -> Meta) {
    run!(
        new_store,
        operation::a_document_is_read_as_it_was_written,
        operation::a_body_is_parsed_without_telling_it,
        operation::a_key_is_found_in_any_of_three_collections,
        operation::insert_wants_an_absent_key,
        operation::replace_wants_the_revision_seen,
        operation::put_writes_in_either_case,
        operation::remove_is_content_with_nothing,
        operation::remove_if_wants_the_revision_seen,
        operation::require_wants_the_revision_seen,
        operation::remove_prefix_is_exact,
        operation::revisions_never_repeat,
        operation::only_remove_expired_expires,
        operation::expiry_goes_on_over_many_slices,
        operation::a_batch_happens_whole_or_not_at_all,
        operation::writes_of_a_batch_see_the_ones_before,
        operation::the_first_refusal_of_a_batch_is_told,
        operation::a_long_batch_is_like_a_short_one,
        operation::an_empty_batch_is_nothing,
        operation::a_closed_store_is_unavailable,
        scan::pages_follow_each_other_without_gap,
        scan::pages_go_backwards_without_gap,
        scan::keys_sort_by_their_bytes,
        scan::wildcards_are_plain_characters,
        scan::a_prefix_may_end_at_the_last_character,
        scan::hostile_marks_find_nothing_wrong,
        refusal::names_that_cannot_be_stored,
        refusal::bodies_that_cannot_be_stored,
        refusal::the_largest_document_fits,
        refusal::a_fault_spoils_its_batch,
        concurrency::increments_are_not_lost,
        concurrency::one_of_two_inserts_wins,
        concurrency::opposite_orders_do_not_block_each_other,
        concurrency::what_is_required_stays_until_the_commit,
        concurrency::what_moves_is_never_missed,
        concurrency::a_removed_key_stays_removed,
        concurrency::a_removed_range_stays_removed,
        concurrency::a_dropped_commit_leaves_the_store_usable,
    );
}
