//! `-o table`: columns a command names, or those the data suggests.

mod auto;
mod column;
mod grid;
mod time;

pub(crate) use column::Column;
pub(crate) use time::date;

pub(super) use auto::render as render_auto;
pub(super) use column::render as render_columns;
