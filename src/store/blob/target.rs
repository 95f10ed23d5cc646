//! Where blobs live, printable without its credentials.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::Error;

/// The blob store to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A folder, made when missing.
    Local(PathBuf),
    /// A container of Azure Blob Storage, which must exist.
    Azure(Remote),
    /// A bucket of S3 or of a service that speaks its protocol, which must exist.
    S3(Remote),
    /// Nothing is kept when the program ends.
    Memory,
}

/// A container or bucket, the folder in it, and the settings to reach it.
#[derive(Clone, PartialEq, Eq)]
pub struct Remote {
    url: Url,
    settings: Vec<(String, String)>,
}

impl Target {
    /// Reads what a user writes: a path, `memory:`, `s3://BUCKET/FOLDER`, `az://CONTAINER/FOLDER` or
    /// `https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER`.
    ///
    /// `settings` are the pairs of the environment; those of the service (`AWS_…`, `AZURE_…`) are used.
    pub fn parse(
        location: &str,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let Ok(url) = Url::parse(location) else {
            return Ok(Self::Local(location.into()));
        };
        match url.scheme() {
            "memory" => Ok(Self::Memory),
            "file" => match url.to_file_path() {
                Ok(path) => Ok(Self::Local(path)),
                Err(()) => Err(Error::invalid("path of a `file:` URL")),
            },
            "s3" | "s3a" => Ok(Self::S3(Remote::new(url, settings)?)),
            "az" | "azure" | "adl" | "abfs" | "abfss" | "https" => {
                Ok(Self::Azure(Remote::new(url, settings)?))
            }
            scheme => Err(Error::invalid(format!("blob store `{scheme}:`"))),
        }
    }
}

impl Remote {
    /// Credentials belong in the settings: a URL that holds a password or a query is refused.
    pub fn new(
        url: Url,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        // The part before `@` of an `abfss:` URL is the container.
        if url.password().is_some() || url.query().is_some() || url.host_str().is_none() {
            return Err(Error::invalid(
                "URL of a blob store: it takes a host and a path, credentials are set apart",
            ));
        }
        Ok(Self {
            url,
            settings: settings.into_iter().collect(),
        })
    }

    pub(super) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// What is in the path of the URL but is no container's name.
    pub(super) fn folder(&self) -> String {
        let path = self.url.path().trim_matches('/');
        match self.url.scheme() {
            "https" => path
                .split_once('/')
                .map_or_else(String::new, |(_, folder)| folder.to_owned()),
            _ => path.to_owned(),
        }
    }

    pub(super) fn settings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => write!(f, "{}", path.display()),
            Self::Azure(remote) | Self::S3(remote) => f.write_str(remote.url()),
            Self::Memory => f.write_str("memory"),
        }
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.settings().map(|(name, _)| name).collect();
        f.debug_struct("Remote")
            .field("url", &self.url.as_str())
            .field("settings", &names)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(location: &str) -> Result<Target, Error> {
        Target::parse(
            location,
            [("AWS_SECRET_ACCESS_KEY".to_owned(), "hunter2".to_owned())],
        )
    }

    #[test]
    fn each_way_to_write_a_target_is_read() {
        for path in ["/var/lib/acr/blobs", "blobs", "./s3"] {
            assert_eq!(parse(path), Ok(Target::Local(path.into())));
        }
        assert_eq!(
            parse("file:///var/lib/acr"),
            Ok(Target::Local("/var/lib/acr".into()))
        );
        assert_eq!(parse("memory:"), Ok(Target::Memory));
        for (url, folder) in [
            ("s3://bucket", ""),
            ("s3://bucket/a/b/", "a/b"),
            ("az://container/a", "a"),
            ("abfss://container@account.dfs.core.windows.net/a", "a"),
            ("https://account.blob.core.windows.net/container", ""),
            ("https://account.blob.core.windows.net/container/a/b", "a/b"),
        ] {
            let (Target::S3(remote) | Target::Azure(remote)) = parse(url).unwrap() else {
                panic!("{url}");
            };
            assert_eq!(remote.folder(), folder, "{url}");
        }
    }

    #[test]
    fn what_is_no_target_is_refused() {
        for url in [
            "ftp://host/x",
            "s3:bucket",
            "s3://key:hunter2@bucket",
            "https://account.blob.core.windows.net/c?sig=hunter2",
        ] {
            let error = parse(url).unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{url}");
            assert!(!error.to_string().contains("hunter2"));
        }
    }

    #[test]
    fn no_credential_is_printed() {
        let target = parse("s3://bucket/a").unwrap();
        assert_eq!(target.to_string(), "s3://bucket/a");
        assert!(!format!("{target:?}").contains("hunter2"));
    }
}
