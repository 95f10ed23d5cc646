//! Where imports are worked on: how many at a time, and how the outside is reached.

use acr_http::{Client, Reach};

use super::slots::Slots;

/// Imports that one server works on at a time; more wait.
pub(super) const MOST_AT_ONCE: usize = 8;

/// The means of imports.
pub(crate) struct Desk {
    pub(super) slots: Slots,
    /// Reaches everything but this machine.
    pub(super) outside: Client,
}

impl Desk {
    /// The outside is reached as `outbound` does it.
    pub(crate) fn new(outbound: &Client) -> Self {
        Self {
            slots: Slots::new(MOST_AT_ONCE),
            outside: outbound.within(Reach::Outside),
        }
    }
}
