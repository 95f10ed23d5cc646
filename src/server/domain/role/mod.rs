//! Who may do what: built-in roles, their assignments, and the answer to "may I?".

mod access;
mod assignment;
mod condition;
mod definition;

pub use access::Access;
pub use assignment::{
    Assigned, delete, get, held_by, list_at, list_below, put, removal_below, removal_of,
};
pub(crate) use assignment::{definition_id, plant_owner};
pub use definition::{BUILT_IN, CONTRIBUTOR, Definition, OWNER, READER, by_guid};
