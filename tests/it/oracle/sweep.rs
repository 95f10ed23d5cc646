//! Runs every line three ways, once for all tests: with `az`, with us on `az`'s profile, with us on a context of ours.

use std::sync::OnceLock;

use super::az;
use super::line::Line;
use super::lines;
use super::world::{Run, World};

/// A line and what it did.
pub(super) struct Observation {
    pub(super) line: &'static Line,
    pub(super) az: Run,
    pub(super) profile: Run,
    pub(super) context: Run,
}

/// The observations of all lines; `None` where there is no `az`.
pub(super) fn observations() -> Option<&'static [Observation]> {
    static OBSERVATIONS: OnceLock<Vec<Observation>> = OnceLock::new();
    let python = az::python()?;
    Some(OBSERVATIONS.get_or_init(|| {
        let mut world = World::start(python);
        world.log_in();
        let (profile, context) = (world.with_profile(), world.with_context());
        let observe = |line| Observation {
            line,
            az: world.run_az(line),
            profile: world.run_acr(&profile, line),
            context: world.run_acr(&context, line),
        };
        lines::all().map(observe).collect()
    }))
}

impl Observation {
    /// Our runs that must be like `az`'s, and what they are called.
    pub(super) fn ours(&self) -> impl Iterator<Item = (&'static str, &Run)> {
        let is_alike = self.line.we_refuse.is_none();
        let profile = is_alike.then_some(("profile", &self.profile));
        let is_alike = is_alike && self.line.context_differs.is_none();
        let context = is_alike.then_some(("context", &self.context));
        profile.into_iter().chain(context)
    }
}

/// Fails with all differences at once, so that one run of the oracle shows them all.
pub(super) fn expect_none(differences: &[String]) {
    assert!(
        differences.is_empty(),
        "{} differences from az\n\n{}",
        differences.len(),
        differences.join("\n\n")
    );
}
