//! The ids of operations, which tell whether the operation is remembered.

use uuid::{Builder, Uuid, Variant};

use crate::domain::{Error, random};

/// The version of the guids of operations that are remembered; those of the others have 4.
const REMEMBERED: usize = 8;

/// The id of an operation that ended, such as `registries-<guid>`.
pub fn ended(kind: &str) -> String {
    format!("{kind}-{}", Uuid::new_v4())
}

/// The id of an operation that is remembered.
pub(super) fn remembered(kind: &str) -> Result<String, Error> {
    let guid = Builder::from_custom_bytes(random::bytes()?).into_uuid();
    Ok(format!("{kind}-{guid}"))
}

/// Whether an id can be one of an operation that had ended before it was answered.
pub fn is_of_ended(id: &str) -> bool {
    guid(id).is_some_and(|guid| guid.get_version_num() != REMEMBERED)
}

fn guid(id: &str) -> Option<Uuid> {
    let guid = id.len().checked_sub(36).and_then(|at| id.get(at..))?;
    let guid: Uuid = guid.parse().ok()?;
    (guid.get_variant() == Variant::RFC4122).then_some(guid)
}

#[cfg(test)]
mod tests {
    use super::{ended, is_of_ended, remembered};

    #[test]
    fn ids_tell_what_is_remembered() {
        assert!(is_of_ended(&ended("registries")));
        assert!(!is_of_ended(&remembered("registries").unwrap()));
        for stranger in ["", "registries-", "registries-1", "ü"] {
            assert!(!is_of_ended(stranger), "{stranger}");
        }
    }
}
