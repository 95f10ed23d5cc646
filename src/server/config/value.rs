//! What the values of the settings look like, and how each is read from text.

use std::{collections::BTreeMap, fmt, net::IpAddr, path::PathBuf, time::Duration};

use acr_store::blob;
use url::Url;

const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Where to listen: a host name or an address, and a port (0 for any free one).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Name or address, IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Where the metadata lives.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by its URL.
    Postgres(String),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(***)"),
        }
    }
}

/// A certificate chain and its key, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Shape of the log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Least important level that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Failures only.
    Error,
    /// And what may become one.
    Warn,
    /// And every request.
    Info,
    /// And how answers came about.
    Debug,
    /// Everything this program's own crates can say.
    Trace,
}

pub(super) fn listen(text: &str) -> Result<Listen, String> {
    let wrong = || {
        format!("`{text}` is not HOST:PORT, like 127.0.0.1:5480, [::1]:5480 or registry.test:443")
    };
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    let host = match host.strip_prefix('[').map(|rest| rest.strip_suffix(']')) {
        Some(Some(inner)) if inner.parse::<std::net::Ipv6Addr>().is_ok() => inner,
        Some(_) => return Err(wrong()),
        None if host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_ipv4()) =>
        {
            host
        }
        None if is_host_name(host) => host,
        None => return Err(wrong()),
    };
    Ok(Listen {
        host: host.to_ascii_lowercase(),
        port,
    })
}

pub(super) fn domain(text: &str) -> Result<String, String> {
    let is_address = text.parse::<IpAddr>().is_ok();
    // Registry, region and `data` labels go in front, and a name ends at 253.
    if is_address || !is_host_name(text) || text.len() > 150 {
        return Err(format!(
            "`{text}` is not a domain name, like localhost or registry.example.com"
        ));
    }
    Ok(text.to_ascii_lowercase())
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

pub(super) fn region(text: &str) -> Result<String, String> {
    let is_word = text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if text.is_empty() || text.len() > 40 || !is_word {
        return Err(format!(
            "`{text}` is not a region name: lower-case letters and digits, 1 to 40 of them"
        ));
    }
    Ok(text.to_owned())
}

pub(super) fn database(text: &str) -> Result<Database, String> {
    let Some((scheme, _)) = text.split_once("://") else {
        return path(text).map(Database::Sqlite);
    };
    match scheme {
        "postgres" | "postgresql" => match Url::parse(text) {
            Ok(_) => Ok(Database::Postgres(text.to_owned())),
            Err(error) => Err(format!("not a PostgreSQL URL: {error}")),
        },
        "sqlite" => path(&text["sqlite://".len()..]).map(Database::Sqlite),
        _ => Err(format!(
            "`{scheme}://` is no database known here; give postgres://USER@HOST/NAME or the path of a SQLite file"
        )),
    }
}

/// A path, or the URL of a container or bucket, whose credentials are variables as its own tools know them.
pub(super) fn blobs(
    text: &str,
    variables: &BTreeMap<String, String>,
) -> Result<blob::Target, String> {
    let settings = variables
        .iter()
        .filter(|(name, _)| name.starts_with("AWS_") || name.starts_with("AZURE_"))
        .map(|(name, value)| (name.clone(), value.clone()));
    match blob::Target::parse(text, settings) {
        Ok(blob::Target::Local(_)) => path(text).map(blob::Target::Local),
        Ok(target) => Ok(target),
        Err(error) => Err(format!(
            "{error}; give a folder, s3://BUCKET/FOLDER or az://CONTAINER/FOLDER"
        )),
    }
}

pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    std::path::absolute(text).map_err(|error| format!("`{text}` is not a path: {error}"))
}

pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err(format!("`{text}` is neither `on` nor `off`")),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("`{text}` is neither `text` nor `json`")),
    }
}

pub(super) fn log_level(text: &str) -> Result<LogLevel, String> {
    match text.to_ascii_lowercase().as_str() {
        "error" => Ok(LogLevel::Error),
        "warn" => Ok(LogLevel::Warn),
        "info" => Ok(LogLevel::Info),
        "debug" => Ok(LogLevel::Debug),
        "trace" => Ok(LogLevel::Trace),
        _ => Err(format!(
            "`{text}` is no level: error, warn, info, debug or trace"
        )),
    }
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let digits = text.strip_suffix('s').unwrap_or(text);
    match digits.parse::<u64>() {
        Ok(seconds) if seconds <= 86_400 => Ok(Duration::from_secs(seconds)),
        _ => Err(format!(
            "`{text}` is not a number of seconds between 0 and 86400"
        )),
    }
}

/// A length of time with its unit, such as `90s`, `30m`, `24h` or `7d`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("`{text}` is not a length of time like 90s, 30m, 24h or 7d, of 365d at most");
    let digits = text.trim_end_matches(|end: char| end.is_ascii_alphabetic());
    let unit_seconds = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => DAY_SECONDS,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(unit_seconds);
    let seconds = seconds.filter(|seconds| *seconds <= 365 * DAY_SECONDS);
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

/// A length of time between two runs, or `off`.
pub(super) fn interval(text: &str) -> Result<Option<Duration>, String> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(None);
    }
    match duration(text) {
        Ok(Duration::ZERO) => Err("0 is no interval; `off` is never".to_owned()),
        Ok(interval) => Ok(Some(interval)),
        Err(reason) => Err(format!("{reason}; `off` is never")),
    }
}
