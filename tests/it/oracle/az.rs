//! Finds the `az` that judges us, or installs it where that is wished.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The release whose behaviour is the measure.
pub(super) const VERSION: &str = "2.91.0";

/// The Python that has `az` in it, or `None` after saying loudly, once, why the oracle does not run.
///
/// `ACR_AZ` names the program. Else a virtual environment is kept under the build's target folder;
/// it is made when `ACR_ORACLE=1` is set, for it weighs 700 MB. Who sets that wants no excuse: then
/// a missing `az` is a failure.
pub(super) fn python() -> Option<&'static Path> {
    static FOUND: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let found = find();
        if let (Err(why), false) = (&found, is_wanted()) {
            announce(&format!("THE ORACLE DID NOT RUN: {why}"));
        }
        found
    });
    match found {
        Ok(python) => Some(python),
        Err(why) if is_wanted() => panic!("{why}"),
        Err(_) => None,
    }
}

fn find() -> Result<PathBuf, String> {
    if let Some(program) = variable("ACR_AZ") {
        return python_of(Path::new(&program));
    }
    let environment = cached_environment();
    let python = environment.join("bin/python3");
    if environment.join("bin/az").exists() {
        return Ok(python);
    }
    if !is_wanted() {
        return Err(format!(
            "there is no az {VERSION} in {}; set ACR_AZ to the program, or ACR_ORACLE=1 to have it installed there",
            environment.display()
        ));
    }
    install(&environment)?;
    Ok(python)
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

fn install(environment: &Path) -> Result<(), String> {
    announce(&format!(
        "installing az {VERSION} into {} (about 700 MB)",
        environment.display()
    ));
    let made = finished(
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(environment),
    );
    let installed = made.and_then(|()| {
        finished(
            Command::new(environment.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check"])
                .arg(format!("azure-cli=={VERSION}")),
        )
    });
    // Half an environment would be taken for a whole one the next time.
    if installed.is_err() && environment.exists() {
        std::fs::remove_dir_all(environment).map_err(|error| error.to_string())?;
    }
    installed
}

fn finished(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} ended with {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

fn cached_environment() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let target = scratch.parent().unwrap_or(scratch);
    target.join("oracle").join(format!("az-{VERSION}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the oracle is chosen from outside, before any setting of the program under test"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn is_wanted() -> bool {
    variable("ACR_ORACLE").is_some_and(|value| value == "1")
}

/// Writes past the test harness, which would keep the words of a test that passes to itself.
fn announce(text: &str) {
    use std::io::Write as _;
    let text = format!("\n*** {text} ***\n");
    // Nothing can be done about a stderr that is gone.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
