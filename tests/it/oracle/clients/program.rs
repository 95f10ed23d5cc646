//! Finds the clients' programs.

use crate::oracle::installed::{self, is_wanted, variable};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The programs a test needs, by name.
pub(super) type Programs = BTreeMap<&'static str, PathBuf>;

/// The programs, or `None` after saying loudly why the test does not run.
///
/// They are looked for only when `ACR_ORACLE=1` asks for it: one starts a daemon, and all want to be root.
pub(super) fn find_all(names: &[&'static str]) -> Option<Programs> {
    let client = names[0];
    if !is_wanted() {
        return skip(client, "ACR_ORACLE=1 is not set");
    }
    let mut found = Programs::new();
    for name in names {
        match find(name) {
            Some(file) => found.insert(name, file),
            None => return skip(client, &format!("{name} is not installed")),
        };
    }
    Some(found)
}

/// Says that a client's test does not run, which may be a failure.
pub(super) fn skip<T>(client: &str, why: &str) -> Option<T> {
    installed::missing(client, why);
    None
}

/// In the folder of what is installed for the oracle alone, else where the machine has its programs.
fn find(name: &str) -> Option<PathBuf> {
    let own = installed::folder();
    let places = match name {
        "sdk" => vec![own.join("sdk/bin/python3")],
        _ => {
            let path = variable("PATH").unwrap_or_default();
            let mut places = vec![own.join("go-bin").join(name)];
            places.extend(std::env::split_paths(&path).map(|folder| folder.join(name)));
            places
        }
    };
    places.into_iter().find(|place| place.is_file())
}
