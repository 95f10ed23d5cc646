//! Where an engine listens: what somebody set, else where it usually does.

use super::Error;
use acr_auth::Environment;
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;
use std::fmt;
use std::path::{Path, PathBuf};

/// The context that means: no context.
const NO_CONTEXT: &str = "default";

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Docker, or what listens in its place.
    Docker,
    /// Podman.
    Podman,
}

/// Where an engine listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A socket in the file system.
    Socket(PathBuf),
    /// A host and port without TLS.
    Tcp(String),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
        }
    }
}

impl Kind {
    /// The address that somebody chose for this engine.
    pub(super) fn chosen(
        self,
        environment: &Environment,
        home: &Path,
    ) -> Result<Option<Address>, Error> {
        let variable = match self {
            Self::Docker => "DOCKER_HOST",
            Self::Podman => "CONTAINER_HOST",
        };
        if let Some(given) = environment.var(variable) {
            return parse(variable, given).map(Some);
        }
        match self {
            Self::Docker => docker_context(environment, home),
            Self::Podman => Ok(None),
        }
    }

    /// Where this engine listens unless told otherwise.
    pub(super) fn usual(self, environment: &Environment, home: &Path) -> Vec<Address> {
        let session = environment.var("XDG_RUNTIME_DIR").map(PathBuf::from);
        let in_session = |path: &str| session.as_ref().map(|folder| folder.join(path));
        let paths: Vec<PathBuf> = match self {
            Self::Docker => [
                Some(PathBuf::from("/var/run/docker.sock")),
                in_session("docker.sock"),
                Some(home.join(".docker/run/docker.sock")),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Podman => [
                in_session("podman/podman.sock"),
                Some(PathBuf::from("/run/podman/podman.sock")),
            ]
            .into_iter()
            .flatten()
            .collect(),
        };
        paths.into_iter().map(Address::Socket).collect()
    }
}

/// Reads `unix:///path` or `tcp://host:port`.
fn parse(name: &str, given: &str) -> Result<Address, Error> {
    let refused = |why: &'static str| {
        Err(Error::Address {
            name: name.to_owned(),
            given: given.chars().take(200).collect(),
            why,
        })
    };
    match given.split_once("://") {
        Some(("unix", path)) if path.starts_with('/') => Ok(Address::Socket(path.into())),
        Some(("unix", _)) => refused("is no absolute path"),
        Some(("tcp" | "http", host)) if !host.trim_matches('/').is_empty() => {
            Ok(Address::Tcp(host.trim_end_matches('/').to_owned()))
        }
        Some(("ssh" | "https" | "npipe" | "fd", _)) => {
            refused("is reached in a way that is not spoken here: unix:// and tcp:// are")
        }
        _ => refused("is no address such as unix:///var/run/docker.sock"),
    }
}

/// The engine of docker's current context; `None` where that is the usual one.
fn docker_context(environment: &Environment, home: &Path) -> Result<Option<Address>, Error> {
    let folder = match environment.var("DOCKER_CONFIG") {
        Some(folder) => PathBuf::from(folder),
        None => home.join(".docker"),
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let named = environment.var("DOCKER_CONTEXT").map(str::to_owned);
    let named = named.or_else(|| text(&read(&folder.join("config.json"))?["currentContext"]));
    let Some(name) = named.filter(|name| !name.is_empty() && name != NO_CONTEXT) else {
        return Ok(None);
    };
    let id: String = digest(&SHA256, name.as_bytes())
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let meta = folder.join("contexts/meta").join(id).join("meta.json");
    let host = read(&meta).and_then(|meta| text(&meta["Endpoints"]["docker"]["Host"]));
    let setting = format!("docker's context {name:?}");
    match host {
        Some(host) => parse(&setting, &host).map(Some),
        None => Err(Error::Address {
            name: setting,
            given: meta.display().to_string(),
            why: "tells no address",
        }),
    }
}

/// A small JSON file, if there is one.
fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let pairs = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment::from_map(pairs.collect::<BTreeMap<_, _>>(), Path::new("/home/me"))
    }

    #[test]
    fn addresses_are_sockets_or_hosts() {
        let parse = |given| parse("DOCKER_HOST", given);
        let socket = Address::Socket("/run/d.sock".into());
        assert_eq!(parse("unix:///run/d.sock").unwrap(), socket);
        let host = Address::Tcp("127.0.0.1:2375".to_owned());
        assert_eq!(parse("tcp://127.0.0.1:2375/").unwrap(), host);
        for odd in [
            "",
            "unix://d.sock",
            "ssh://me@host",
            "tcp://",
            "/run/d.sock",
        ] {
            let error = parse(odd).unwrap_err().to_string();
            assert!(error.starts_with("DOCKER_HOST is"), "{error}");
        }
    }

    #[test]
    fn what_somebody_chose_comes_before_what_is_usual() {
        let home = tempfile::tempdir().unwrap();
        let chosen =
            |variables: &[(&str, &str)]| Kind::Docker.chosen(&environment(variables), home.path());
        assert_eq!(chosen(&[]).unwrap(), None);
        let named = chosen(&[("DOCKER_HOST", "unix:///a"), ("DOCKER_CONTEXT", "other")]);
        assert_eq!(named.unwrap(), Some(Address::Socket("/a".into())));
        assert!(chosen(&[("DOCKER_CONTEXT", "gone")]).is_err());

        // The folder of a context is named by the SHA-256 of its name.
        let id = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";
        let meta = home.path().join(".docker/contexts/meta").join(id);
        std::fs::create_dir_all(&meta).unwrap();
        let text = r#"{"Name":"other","Endpoints":{"docker":{"Host":"unix:///colima.sock"}}}"#;
        std::fs::write(meta.join("meta.json"), text).unwrap();
        let config = home.path().join(".docker/config.json");
        std::fs::write(config, r#"{"currentContext":"other"}"#).unwrap();
        let expected = Some(Address::Socket("/colima.sock".into()));
        assert_eq!(chosen(&[]).unwrap(), expected);
        assert_eq!(chosen(&[("DOCKER_CONTEXT", "default")]).unwrap(), None);
        let podman = Kind::Podman.chosen(&environment(&[]), home.path());
        assert_eq!(podman.unwrap(), None);
    }

    #[test]
    fn the_session_s_socket_is_looked_for_if_there_is_a_session() {
        let usual = |variables: &[(&str, &str)]| {
            let found = Kind::Podman.usual(&environment(variables), Path::new("/home/me"));
            found.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(usual(&[]), ["unix:///run/podman/podman.sock"]);
        let session = usual(&[("XDG_RUNTIME_DIR", "/run/user/1")]);
        assert_eq!(session[0], "unix:///run/user/1/podman/podman.sock");
    }
}
