//! Where Docker and Podman keep their credentials.

use crate::environment::Environment;
use std::path::{Path, PathBuf};

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// One file, and one program for all registries that have none of their own.
    Docker,
    /// Several files, the first that knows a registry wins.
    Podman,
}

/// The files of one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub(super) flavor: Flavor,
    /// Where a login goes, and what is read first.
    pub(super) target: PathBuf,
    /// What is read after it.
    pub(super) fallbacks: Vec<PathBuf>,
    /// Credentials in a variable, which Docker puts before its file.
    pub(super) variable: Option<String>,
}

impl Places {
    /// `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`.
    pub fn docker(environment: &Environment, home: &Path) -> Self {
        Self {
            flavor: Flavor::Docker,
            target: docker_file(environment, home),
            fallbacks: Vec::new(),
            variable: environment.var("DOCKER_AUTH_CONFIG").map(str::to_owned),
        }
    }

    /// The file that `REGISTRY_AUTH_FILE` or `DOCKER_CONFIG` names, and no other; else the one of the
    /// session, then the one that outlives it, then Docker's.
    pub fn podman(environment: &Environment, home: &Path) -> Self {
        Self::podman_beside(environment, home, per_user_file())
    }

    fn podman_beside(environment: &Environment, home: &Path, per_user: Option<PathBuf>) -> Self {
        let named = environment.var("REGISTRY_AUTH_FILE").map(PathBuf::from);
        let docker = || docker_file(environment, home);
        let in_docker_folder = environment.var("DOCKER_CONFIG").map(|_| docker());
        if let Some(target) = named.or(in_docker_folder) {
            return Self {
                flavor: Flavor::Podman,
                target,
                fallbacks: Vec::new(),
                variable: None,
            };
        }
        let config = match environment.var("XDG_CONFIG_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => home.join(".config"),
        };
        let lasting = config.join(AUTH_FILE);
        let session = match environment.var("XDG_RUNTIME_DIR") {
            Some(folder) if cfg!(target_os = "linux") && Path::new(folder).is_dir() => {
                Some(Path::new(folder).join(AUTH_FILE))
            }
            _ => per_user,
        };
        let mut files: Vec<PathBuf> = session.into_iter().collect();
        files.extend([lasting, docker()]);
        Self {
            flavor: Flavor::Podman,
            target: files.remove(0),
            fallbacks: files,
            variable: None,
        }
    }

    /// Where a login goes.
    pub fn target(&self) -> &Path {
        &self.target
    }
}

const AUTH_FILE: &str = "containers/auth.json";

fn docker_file(environment: &Environment, home: &Path) -> PathBuf {
    let folder = match environment.var("DOCKER_CONFIG") {
        Some(folder) => PathBuf::from(folder),
        None => home.join(".docker"),
    };
    folder.join("config.json")
}

/// Where Podman looks without a session, as it does for root; `None` where it has no such folder.
#[cfg(target_os = "linux")]
fn per_user_file() -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let user = std::fs::metadata("/proc/self").ok()?.uid();
    let folder = PathBuf::from(format!("/run/containers/{user}"));
    folder.is_dir().then(|| folder.join("auth.json"))
}

#[cfg(not(target_os = "linux"))]
fn per_user_file() -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Home;

    #[test]
    fn docker_has_one_file() {
        let home = Home::new();
        let places = |variables: &[(&str, &str)]| {
            Places::docker(&home.environment(variables), Path::new("/home/me"))
        };
        let plain = places(&[]);
        assert_eq!(plain.target(), Path::new("/home/me/.docker/config.json"));
        assert!(plain.fallbacks.is_empty());
        let named = places(&[("DOCKER_CONFIG", "/ci")]);
        assert_eq!(named.target(), Path::new("/ci/config.json"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn podman_has_a_session_and_a_lasting_file_and_reads_docker_s() {
        let home = Home::new();
        let session = home.path().join("run");
        std::fs::create_dir(&session).unwrap();
        let session = session.to_str().unwrap();
        let files = |variables: &[(&str, &str)], per_user: Option<&str>| {
            let environment = home.environment(variables);
            let per_user = per_user.map(PathBuf::from);
            let places = Places::podman_beside(&environment, Path::new("/h"), per_user);
            let mut files = vec![places.target];
            files.extend(places.fallbacks);
            let shown = files.iter().map(|file| file.display().to_string());
            shown.collect::<Vec<_>>()
        };
        let lasting = "/h/.config/containers/auth.json";
        let docker = "/h/.docker/config.json";
        let in_session = format!("{session}/containers/auth.json");
        assert_eq!(
            files(&[("XDG_RUNTIME_DIR", session)], Some("/run/x")),
            [in_session.as_str(), lasting, docker]
        );
        assert_eq!(files(&[], None), [lasting, docker]);
        assert_eq!(files(&[], Some("/run/x")), ["/run/x", lasting, docker]);
        let gone = [("XDG_RUNTIME_DIR", "/nowhere"), ("XDG_CONFIG_HOME", "/c")];
        assert_eq!(files(&gone, None), ["/c/containers/auth.json", docker]);
        let named = [("REGISTRY_AUTH_FILE", "/a.json"), ("DOCKER_CONFIG", "/d")];
        assert_eq!(files(&named, None), ["/a.json"]);
        assert_eq!(files(&named[1..], None), ["/d/config.json"]);
    }
}
