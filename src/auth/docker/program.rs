//! Finding the program that keeps credentials: `docker-credential-NAME` in the search path.

use super::error::Error;
use std::path::{Path, PathBuf};

const PREFIX: &str = "docker-credential-";
const LONGEST_NAME_BYTES: usize = 100;

/// A program that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    /// Its name in the files.
    pub(super) name: String,
    pub(super) path: PathBuf,
}

impl Program {
    /// Finds a program for a registry. A name that is a path, or a folder of the search path that is
    /// relative, would let whoever wrote into the current folder choose what runs.
    pub(super) fn find(search_path: &str, name: &str, host: &str) -> Result<Self, Error> {
        let missing = |note: Option<String>| Error::Missing {
            name: name.chars().take(LONGEST_NAME_BYTES).collect(),
            host: host.to_owned(),
            note,
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.len() > LONGEST_NAME_BYTES || !name.bytes().all(is_plain) {
            return Err(missing(Some("the name cannot be a program's".to_owned())));
        }
        let mut note = None;
        for folder in std::env::split_paths(search_path) {
            let path = folder.join(file_name(name));
            if !is_program(&path) {
                continue;
            }
            if folder.is_absolute() {
                return Ok(Self {
                    name: name.to_owned(),
                    path,
                });
            }
            note = Some(
                "one in the current folder is not run: PATH names that folder only by chance"
                    .to_owned(),
            );
        }
        Err(missing(note))
    }
}

/// Windows adds the ending; a script there would need a shell, and is not run.
fn file_name(name: &str) -> String {
    match cfg!(windows) && !name.ends_with(".exe") {
        true => format!("{PREFIX}{name}.exe"),
        false => format!("{PREFIX}{name}"),
    }
}

fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        path.is_file()
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::docker::testing::Programs;

    fn find(search_path: &str, name: &str) -> Result<Program, Error> {
        Program::find(search_path, name, "contoso.azurecr.io")
    }

    #[test]
    fn the_first_folder_with_a_program_wins() {
        let (first, second) = (Programs::new(), Programs::new());
        second.add("pass", "exit 0");
        let both = format!("{}:{}", first.search_path(), second.search_path());
        let found = find(&both, "pass").unwrap();
        assert_eq!(found.path, second.path("pass"));
        first.add("pass", "exit 0");
        assert_eq!(find(&both, "pass").unwrap().path, first.path("pass"));
        std::fs::write(first.path("text"), "no program").unwrap();
        std::fs::create_dir(first.path("folder")).unwrap();
        for name in ["text", "folder", "gone"] {
            let error = find(&both, name).unwrap_err();
            assert!(error.to_string().contains("is not on the PATH"), "{error}");
            assert!(error.hint().contains("credsStore"));
        }
    }

    #[test]
    fn a_name_is_no_path() {
        let programs = Programs::new();
        programs.add("pass", "exit 0");
        let path = programs.search_path();
        for name in [
            "",
            "../pass",
            "/bin/sh",
            "a/b",
            "a\\b",
            "pass\0",
            "pass x",
            &"x".repeat(9999),
        ] {
            let error = find(path, name).unwrap_err().to_string();
            assert!(error.contains("cannot be a program's"), "{error}");
            assert!(error.len() < 400);
        }
    }

    #[test]
    fn the_current_folder_is_not_searched() {
        let programs = Programs::new();
        programs.add("pass", "exit 0");
        let here = std::env::current_dir().unwrap();
        let up = "../".repeat(here.components().count() - 1);
        let relative = format!("{up}{}", programs.search_path().trim_start_matches('/'));
        assert!(Path::new(&relative).join("docker-credential-pass").exists());
        let error = find(&relative, "pass").unwrap_err().to_string();
        assert!(
            error.contains("in the current folder is not run"),
            "{error}"
        );
        let both = format!("{relative}:{}", programs.search_path());
        assert!(find(&both, "pass").unwrap().path.is_absolute());
        assert!(find("", "pass").is_err() && find(".::", "pass").is_err());
    }
}
