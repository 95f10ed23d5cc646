//! One file with the platform's trusted certificates and the local authority's, for tools that take only one.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::data_dir::{self, DataDir, READABLE};
use crate::Error;

/// Where systems keep their trusted certificates in one PEM file.
const PLATFORM: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// Writes the file anew, so that it follows the platform's, and says where it is.
pub(super) fn write(
    data_dir: &DataDir,
    authority: &Path,
    variables: &BTreeMap<String, String>,
) -> Result<PathBuf, Error> {
    let path = data_dir.ca_bundle_file();
    let ours =
        fs::read_to_string(authority).map_err(|source| Error::file("read", authority, source))?;
    let mut text = platform(variables);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&ours);
    if data_dir::read_if_present(&path)?.as_deref() != Some(text.as_str()) {
        data_dir::write_whole(&path, text.as_bytes(), READABLE)?;
    }
    Ok(path)
}

/// What the user trusts already: a bundle of their own, else the platform's.
fn platform(variables: &BTreeMap<String, String>) -> String {
    let chosen = ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]
        .into_iter()
        .filter_map(|name| variables.get(name))
        .map(PathBuf::from)
        .filter(|path| !is_of_a_server(path));
    let known = PLATFORM.into_iter().map(PathBuf::from);
    chosen
        .chain(known)
        .find_map(|path| fs::read_to_string(path).ok())
        .unwrap_or_default()
}

/// Such a file, made for this server or another one, would pass on trust in that one's authority.
fn is_of_a_server(path: &Path) -> bool {
    let folder = DataDir::new(path.parent().unwrap_or(path));
    path == folder.ca_bundle_file() && folder.ca_file().exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(dir: &Path, variables: &[(&str, &Path)]) -> String {
        let data_dir = DataDir::new(dir);
        fs::write(
            data_dir.ca_file(),
            format!("authority of {}\n", dir.display()),
        )
        .unwrap();
        let variables = variables
            .iter()
            .map(|(name, path)| ((*name).to_owned(), path.display().to_string()))
            .collect();
        let path = write(&data_dir, &data_dir.ca_file(), &variables).unwrap();
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn the_users_own_bundle_stays_trusted_and_other_servers_do_not() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        fs::create_dir(&one).unwrap();
        fs::create_dir(&two).unwrap();
        let own = dir.path().join("own.pem");
        fs::write(&own, "the user's").unwrap();
        let text = bundle(&one, &[("SSL_CERT_FILE", &own)]);
        assert_eq!(
            text,
            format!("the user's\nauthority of {}\n", one.display())
        );
        let last = one.join("ca-bundle.pem");
        let text = bundle(
            &two,
            &[("REQUESTS_CA_BUNDLE", &last), ("SSL_CERT_FILE", &own)],
        );
        assert_eq!(
            text,
            format!("the user's\nauthority of {}\n", two.display())
        );
    }
}
