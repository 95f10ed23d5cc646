//! The real programs that judge us: where they are kept, and what happens when one is missing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where those that are installed for the oracle alone are kept, under the build's target folder.
pub(super) fn folder() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).join("oracle")
}

/// Whether `ACR_ORACLE=1` asks for the oracle.
pub(super) fn is_wanted() -> bool {
    variable("ACR_ORACLE").is_some_and(|value| value == "1")
}

/// A variable of the one who runs the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "the oracle is chosen from outside, before any setting of the program under test"
)]
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Says loudly that what needs a program does not run; panics if `ACR_REQUIRE_CLIENTS` names the program, as
/// `.ci/run` has it do for all that it could install.
pub(super) fn missing(program: &str, why: &str) {
    let required = variable("ACR_REQUIRE_CLIENTS").unwrap_or_default();
    let mut required = required.to_str().unwrap_or_default().split_whitespace();
    assert!(!required.any(|name| name == program), "{program}: {why}");
    announce(&format!("NOT RUN: what needs {program}: {why}"));
}

/// Writes past the test harness, which would keep the words of a test that passes to itself.
fn announce(text: &str) {
    use std::io::Write as _;
    let text = format!("\n*** {text} ***\n");
    // Nothing can be done about a stderr that is gone.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
