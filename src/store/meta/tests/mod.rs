//! Tests of whole stores: one conformance suite for both databases, and what only one of them can show.

mod cache;
mod concurrency;
mod conformance;
mod crash;
mod disk_full;
mod operation;
mod plan;
mod postgres;
mod refusal;
mod scan;
mod sqlite;
