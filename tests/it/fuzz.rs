//! The inputs kept beside the fuzz targets, each held against the same properties, without a fuzzer.

#[allow(
    unreachable_pub,
    reason = "the targets use these as a library of their own"
)]
#[path = "../fuzz/properties/mod.rs"]
mod properties;

use std::fs;
use std::path::{Path, PathBuf};

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 7] = [
    ("archive", properties::archive::check),
    ("challenge", properties::challenge::check),
    ("manifest", properties::manifest::check),
    ("metadata", properties::metadata::check),
    ("range", properties::range::check),
    ("reference", properties::reference::check),
    ("scope", properties::scope::check),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn what_was_found_once_stays_found() {
    for (target, check) in TARGETS {
        let seeds = folder().join("seeds").join(target);
        for name in names(&seeds) {
            // Seen only if the check fails.
            eprintln!("{target}/{name}");
            check(&fs::read(seeds.join(name)).unwrap());
        }
    }
}

#[test]
fn no_target_is_forgotten() {
    let listed = TARGETS.map(|(target, _)| target.to_owned());
    let files = names(&folder().join("targets"));
    let files: Vec<&str> = files
        .iter()
        .map(|name| name.trim_end_matches(".rs"))
        .collect();
    assert_eq!(files, listed);
    assert_eq!(names(&folder().join("seeds")), listed);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for target in listed {
        assert!(manifest.contains(&format!("path = \"targets/{target}.rs\"")));
    }
}

#[test]
fn the_archives_of_the_seeds_are_archives() {
    for (name, is_image) in [
        ("oci", true),
        ("index", true),
        ("docker-save", true),
        ("circle", false),
        ("packed", false),
        ("bytes", false),
    ] {
        let seed = fs::read(folder().join("seeds/archive").join(name)).unwrap();
        assert_eq!(properties::archive::is_image(&seed), is_image, "{name}");
    }
}
