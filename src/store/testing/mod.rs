//! Real servers for tests, of this crate and of the packages that use it.

mod postgres;

pub use postgres::Postgres;
