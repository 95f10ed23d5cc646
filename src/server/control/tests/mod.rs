//! Tests of the management endpoint, through the router.

mod access;
mod bad_input;
mod garbage;
mod groups;
mod identities;
mod lists;
mod registries;
mod rules;
mod tokens;
