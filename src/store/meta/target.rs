//! Where a store lives, printable without its password.

use std::fmt;
use std::path::PathBuf;

use url::Url;

/// The database to open.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file; it and its folder are made when missing.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite {}", path.display()),
            Self::Postgres(url) => write!(f, "PostgreSQL {}", without_credentials(url)),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

pub(super) fn is_postgres(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        matches!(url.scheme(), "postgres" | "postgresql") && !url.cannot_be_a_base()
    })
}

/// Keeps host, port and database only: a password may stand before the host or among the parameters.
fn without_credentials(url: &str) -> String {
    let Ok(url) = Url::parse(url) else {
        return "(unreadable URL)".to_owned();
    };
    if url.cannot_be_a_base() {
        return "(unreadable URL)".to_owned();
    }
    let host = url.host_str().unwrap_or_default();
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    format!("{host}{port}{}", url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_printed() {
        for url in [
            "postgres://joe:hunter2@db.example:5433/acr",
            "postgres://joe@db.example:5433/acr?password=hunter2",
            "postgres://joe:hunter2/@db.example:5433/acr",
            "hunter2",
            "postgres:joe:hunter2@db",
        ] {
            let target = Target::Postgres(url.to_owned());
            for text in [target.to_string(), format!("{target:?}")] {
                assert!(!text.contains("hunter2"), "{url}: {text}");
            }
        }
        let target = Target::Postgres("postgres://joe:hunter2@db.example:5433/acr".to_owned());
        assert_eq!(target.to_string(), "PostgreSQL db.example:5433/acr");
        let target = Target::Sqlite("/var/lib/acr/meta.db".into());
        assert_eq!(target.to_string(), "SQLite /var/lib/acr/meta.db");
    }
}
