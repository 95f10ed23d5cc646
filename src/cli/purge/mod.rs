//! What `acr purge` deletes, and what it must not.
//!
//! ```text
//! --filter, --ago, --keep ─▶ filter, ago
//!                               │
//! /acr/v1 tags, manifests ─▶ survey ─▶ choose: tags, then manifests that nothing keeps ─▶ rows
//! /v2 indexes, referrers  ───┘            └─ graph: tags and locks and youth keep; what is kept keeps   │
//!                                            its parts, its subject and what refers to it               ▼
//!                                                                    consent ─▶ carry_out: looked at again, deleted
//! ```
//!
//! The rule is reachability: a manifest goes only if no tag that stays leads to it, through indexes of any depth or through
//! what refers to what. A repository whose graph cannot be read is left alone.

mod ago;
mod carry_out;
mod choose;
mod filter;
mod graph;
mod plan;
mod registry;
mod row;
mod survey;
#[cfg(test)]
mod tests;

pub(crate) use ago::ago;
pub(crate) use choose::Rules;
pub(crate) use filter::Filters;
pub(crate) use registry::{Pace, delete, look};
pub(crate) use row::{Action, Row, counted};
