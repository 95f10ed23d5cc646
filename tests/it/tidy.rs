//! Rules of the house that the compiler cannot see.

use std::fs;
use std::path::{Path, PathBuf};

/// A file with more code lines than this is a floor, not a room.
const MOST_LINES: usize = 800;
/// A `mod.rs` declares what lies beside it, and little more.
const MOST_MOD_LINES: usize = 80;

/// Who may name whom, in the order of the layers: a crate may use those listed, and no other of ours.
const CRATES: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("http", &[]),
    ("store", &["api", "http"]),
    ("auth", &["api", "http"]),
    ("client", &["api", "http", "auth"]),
    ("server", &["api", "http", "auth", "store", "client"]),
    ("cli", &["api", "http", "auth", "client", "server"]),
];

/// The files of the command line that may name the server.
const SERVER_USERS: &[&str] = &[
    "src/cli/commands/quickstart.rs",
    "src/cli/commands/serve/",
    "src/cli/error.rs",
];

/// Inside the server, outer layers use inner ones: app, domain, then http, then the faces, which do
/// not know each other.
const SERVER_LAYERS: &[(&str, &[&str])] = &[
    (
        "domain",
        &["http", "control", "data", "identity", "graph", "lifecycle"],
    ),
    (
        "jobs",
        &["http", "control", "data", "identity", "graph", "lifecycle"],
    ),
    ("control", &["data", "identity", "graph", "lifecycle"]),
    ("data", &["control", "identity", "graph", "lifecycle"]),
    ("identity", &["control", "data", "graph", "lifecycle"]),
    ("graph", &["control", "data", "identity", "lifecycle"]),
];

/// Words that say nothing about what a module does.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "manager", "base", "misc",
];

/// `acr util` is the word of a command.
const NAMED_AFTER_COMMANDS: &[&str] = &["src/cli/commands/util"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the project, with its path below the root.
fn rust_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = ["src", "tests", "benches"]
        .map(|top| root().join(top))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(
        found.len() > 50,
        "the search found only {} files",
        found.len()
    );
    found.sort();
    found
}

/// The lines before the tests that stand in the same file.
fn code(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text)
}

#[track_caller]
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_file_opens_with_a_sentence_on_its_job() {
    let missing = rust_files()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(name, _)| name);
    none(missing.collect());
}

#[test]
fn files_are_rooms_and_modules_are_lists() {
    let large = rust_files().into_iter().filter_map(|(name, text)| {
        let lines = code(&text).lines().count();
        let most = if name.ends_with("/mod.rs") && name.starts_with("src/") && !holds_code(&name) {
            MOST_MOD_LINES
        } else {
            MOST_LINES
        };
        (lines > most).then(|| format!("{name}: {lines} lines, at most {most}"))
    });
    none(large.collect());
}

/// Modules whose `mod.rs` is the room's own code, with its parts beside it.
fn holds_code(name: &str) -> bool {
    ["src/cli/shape/mod.rs", "src/cli/commands/mod.rs"].contains(&name)
}

#[test]
fn names_say_something() {
    let empty = rust_files().into_iter().filter_map(|(name, _)| {
        let is_command = NAMED_AFTER_COMMANDS
            .iter()
            .any(|start| name.starts_with(start));
        let says_nothing = name
            .trim_end_matches(".rs")
            .split('/')
            .any(|word| EMPTY_NAMES.contains(&word));
        (says_nothing && !is_command).then_some(name)
    });
    none(empty.collect());
}

#[test]
fn crates_use_only_the_layers_below() {
    let mut wrong = Vec::new();
    for (name, text) in rust_files() {
        let Some((_, allowed)) = CRATES
            .iter()
            .find(|(own, _)| name.starts_with(&format!("src/{own}/")))
        else {
            continue;
        };
        for (other, _) in CRATES {
            let is_own = name.starts_with(&format!("src/{other}/"));
            if !is_own && !allowed.contains(other) && text.contains(&format!("acr_{other}::")) {
                wrong.push(format!("{name} uses acr-{other}"));
            }
        }
    }
    none(wrong);
}

#[test]
fn the_command_line_knows_the_server_in_few_places() {
    let wrong = rust_files().into_iter().filter_map(|(name, text)| {
        let is_meant =
            !name.starts_with("src/cli/") || SERVER_USERS.iter().any(|user| name.starts_with(user));
        (!is_meant && text.contains("acr_server::")).then_some(name)
    });
    none(wrong.collect());
}

#[test]
fn inside_the_server_outer_layers_use_inner_ones() {
    let mut wrong = Vec::new();
    for (name, text) in rust_files() {
        for (layer, outer) in SERVER_LAYERS {
            if !name.starts_with(&format!("src/server/{layer}/")) {
                continue;
            }
            for other in *outer {
                if code(&text).contains(&format!("crate::{other}::")) {
                    wrong.push(format!("{name} uses {other}"));
                }
            }
        }
    }
    none(wrong);
}

#[test]
fn a_command_never_uses_another_command() {
    let mut wrong = Vec::new();
    for (name, text) in rust_files() {
        if name.starts_with("src/cli/commands/") && text.contains("crate::cli::commands::") {
            wrong.push(name);
        }
    }
    none(wrong);
}

#[test]
fn every_test_file_is_listed() {
    let files = rust_files();
    let forgotten = files.iter().filter_map(|(name, _)| {
        let inner = name.strip_prefix("tests/it/")?;
        let (folder, file) = inner.rsplit_once('/').unwrap_or(("", inner));
        let (parent, word) = match file {
            "main.rs" => return None,
            "mod.rs" => {
                let (parent, word) = folder.rsplit_once('/').unwrap_or(("", folder));
                (parent, word)
            }
            file => (folder, file.trim_end_matches(".rs")),
        };
        let list = match parent {
            "" => "tests/it/main.rs".to_owned(),
            parent => format!("tests/it/{parent}/mod.rs"),
        };
        let (_, text) = files.iter().find(|(name, _)| *name == list)?;
        (!text.contains(&format!("mod {word};"))).then(|| format!("{name} is not in {list}"))
    });
    none(forgotten.collect());
}

#[test]
fn nothing_is_left_for_later() {
    // In pieces, so that this file does not find itself.
    let marks = ["TO", "FIX", "unimple", "to"].into_iter();
    let marks: Vec<String> = marks
        .zip(["DO", "ME", "mented!(", "do!("])
        .map(|(a, b)| format!("{a}{b}"))
        .collect();
    let left = rust_files().into_iter().filter_map(|(name, text)| {
        let found = marks.iter().find(|mark| text.contains(*mark))?;
        Some(format!("{name}: {found}"))
    });
    none(left.collect());
}
