//! Finds the `az` that judges us.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::installed::{self, variable};

/// The release whose behaviour is the measure.
pub(super) const VERSION: &str = "2.91.0";

/// The Python that has `az` in it, or `None` after saying loudly, once, why the oracle does not run.
///
/// `ACR_AZ` names the program. Else it is looked for where `.ci/run` puts it, in a virtual environment under the
/// build's target folder.
pub(super) fn python() -> Option<&'static Path> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let found = find();
        if let Err(why) = &found {
            installed::missing("az", why);
        }
        found
    });
    found.as_ref().ok().map(PathBuf::as_path)
}

fn find() -> Result<PathBuf, String> {
    if let Some(program) = variable("ACR_AZ") {
        return python_of(Path::new(&program));
    }
    let environment = installed::folder().join(format!("az-{VERSION}"));
    match environment.join("bin/az").exists() {
        true => Ok(environment.join("bin/python3")),
        false => Err(format!(
            "there is no az {VERSION} in {}; set ACR_AZ to the program",
            environment.display()
        )),
    }
}

/// The interpreter that a script of a virtual environment names in its first line.
fn python_of(program: &Path) -> Result<PathBuf, String> {
    let beside = program.with_file_name("python3");
    if beside.exists() {
        return Ok(beside);
    }
    let script = std::fs::read_to_string(program)
        .map_err(|error| format!("ACR_AZ={}: {error}", program.display()))?;
    let first = script.lines().next().unwrap_or_default();
    match first.strip_prefix("#!").map(str::trim) {
        Some(interpreter) if interpreter.contains("python") => Ok(interpreter.into()),
        _ => Err(format!(
            "ACR_AZ={} names no Python in its first line",
            program.display()
        )),
    }
}
