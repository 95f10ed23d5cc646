//! Slow work beside the requests: what is done again and again, by one of however many servers there are.
//!
//! ```text
//! start ─▶ one loop per job ─▶ due? ─▶ lease ─▶ run ─▶ figures, log ─▶ lease given back ─▶ wait
//! ```
//!
//! A job is idempotent and works in slices that are safe by themselves: it may be dropped between any two of its
//! writes, because the server stops, because its lease was lost, or because the machine did. The lease only saves
//! work; no job may rely on being the only one.

pub(crate) mod asked;
mod collect_garbage;
mod expire;
mod expire_untagged;
mod figures;
mod fold_usage;
mod job;
mod lease;
mod purge_deleted;
mod resume_imports;
mod rewrap_keys;
mod schedule;
#[cfg(test)]
mod tests;

pub(crate) use collect_garbage::CollectGarbage;
pub(crate) use figures::Figures;
pub(crate) use lease::end_all as end_leases;
pub(crate) use schedule::start;
