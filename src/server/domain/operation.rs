//! Long-running operations: those of this server are done before they are answered, so an
//! operation is only an id that says where it ran.

use uuid::Uuid;

/// The id of an operation that ended, such as `registries-<guid>`.
pub fn ended(kind: &str) -> String {
    format!("{kind}-{}", Uuid::new_v4())
}

/// Whether an id can be one of ours: a word and a guid.
pub fn is_known(id: &str) -> bool {
    let guid = id.len().checked_sub(36).and_then(|at| id.get(at..));
    guid.is_some_and(|guid| guid.parse::<Uuid>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::{ended, is_known};

    #[test]
    fn knows_its_own_ids() {
        assert!(is_known(&ended("registries")));
        for stranger in ["", "registries-", "registries-1", "ü"] {
            assert!(!is_known(stranger), "{stranger}");
        }
    }
}
