//! The completions and man pages in the repository are those of the command tree.
//!
//! `UPDATE=1 cargo test --test it generated` writes them anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const FOLDERS: [&str; 2] = ["completions", "man"];

#[test]
#[expect(clippy::disallowed_methods, reason = "the one switch of this test")]
fn completions_and_man_pages_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = tempfile::tempdir().unwrap();
    let is_update = std::env::var_os("UPDATE").is_some();
    if is_update {
        for folder in FOLDERS {
            std::fs::remove_dir_all(root.join(folder)).unwrap();
        }
    }
    let target = if is_update { root } else { made.path() };
    let status = Command::new(env!("CARGO_BIN_EXE_acr"))
        .args(["util", "generate"])
        .arg(target)
        .status()
        .unwrap();
    assert!(status.success());
    for folder in FOLDERS {
        let kept = files(&root.join(folder));
        let fresh = files(&target.join(folder));
        let stale: Vec<_> = kept
            .iter()
            .filter(|(name, text)| fresh.get(*name) != Some(text))
            .map(|(name, _)| name)
            .chain(fresh.keys().filter(|name| !kept.contains_key(*name)))
            .collect();
        assert!(
            stale.is_empty(),
            "stale in {folder}: {stale:?}; `UPDATE=1 cargo test --test it generated` makes them anew"
        );
    }
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}
