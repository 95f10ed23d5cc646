//! The locks that repositories, tags and manifests carry.

use acr_api::acr::ChangeableAttributes;

use super::refusal::disallowed;
use crate::domain::Error;

fn is_on(attribute: Option<bool>) -> bool {
    attribute != Some(false)
}

/// Refuses to overwrite what is locked.
pub(super) fn check_write(attributes: &ChangeableAttributes) -> Result<(), Error> {
    allow(is_on(attributes.write_enabled))
}

/// Refuses to delete what is locked; what may not be written may not be deleted either.
pub(super) fn check_delete(attributes: &ChangeableAttributes) -> Result<(), Error> {
    allow(is_on(attributes.delete_enabled) && is_on(attributes.write_enabled))
}

/// Refuses to hand out what is locked.
pub(super) fn check_read(attributes: &ChangeableAttributes) -> Result<(), Error> {
    allow(is_on(attributes.read_enabled))
}

/// Whether listings show it.
pub(super) fn is_listed(attributes: &ChangeableAttributes) -> bool {
    is_on(attributes.list_enabled)
}

/// Takes over what a change says and keeps the rest.
pub(super) fn change(attributes: &mut ChangeableAttributes, change: ChangeableAttributes) {
    fn take<T>(current: &mut Option<T>, asked: Option<T>) {
        if asked.is_some() {
            *current = asked;
        }
    }
    take(&mut attributes.delete_enabled, change.delete_enabled);
    take(&mut attributes.write_enabled, change.write_enabled);
    take(&mut attributes.read_enabled, change.read_enabled);
    take(&mut attributes.list_enabled, change.list_enabled);
    take(&mut attributes.teleport_enabled, change.teleport_enabled);
    take(&mut attributes.quarantine_state, change.quarantine_state);
    take(
        &mut attributes.quarantine_details,
        change.quarantine_details,
    );
}

fn allow(is_allowed: bool) -> Result<(), Error> {
    match is_allowed {
        true => Ok(()),
        false => Err(disallowed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_lock_also_forbids_deletion() {
        let mut attributes = ChangeableAttributes::unlocked();
        assert!(check_write(&attributes).is_ok() && check_delete(&attributes).is_ok());
        change(
            &mut attributes,
            ChangeableAttributes {
                write_enabled: Some(false),
                ..ChangeableAttributes::default()
            },
        );
        assert!(check_write(&attributes).is_err() && check_delete(&attributes).is_err());
        assert!(check_read(&attributes).is_ok() && is_listed(&attributes));
    }

    #[test]
    fn a_delete_lock_lets_writes_through() {
        let attributes = ChangeableAttributes {
            delete_enabled: Some(false),
            ..ChangeableAttributes::default()
        };
        assert!(check_write(&attributes).is_ok() && check_delete(&attributes).is_err());
    }
}
