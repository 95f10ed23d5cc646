//! Whose certificates are believed.

use crate::error::{Error, ErrorKind};
use reqwest::{Certificate, ClientBuilder};
use std::path::Path;

/// The one file in which Debian and its kin keep their trust: reading it costs a tenth of reading
/// the folder beside it, which holds the same certificates again.
const LINUX_BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Makes aws-lc-rs the provider of all cryptography in the process. Calling it again does nothing.
pub fn install_crypto() {
    // An error means that a provider stands already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Sets the trust of a client: the named bundle alone, else the platform's.
pub(crate) fn apply(builder: ClientBuilder, bundle: Option<&Path>) -> Result<ClientBuilder, Error> {
    match bundle {
        Some(path) => Ok(builder.tls_certs_only(read_bundle(path)?)),
        None if Path::new(LINUX_BUNDLE).exists() => {
            Ok(builder.tls_certs_only(read_bundle(Path::new(LINUX_BUNDLE))?))
        }
        None => Ok(builder),
    }
}

/// Says why a file cannot be what a client trusts, if so.
pub fn check_bundle(path: &Path) -> Result<(), String> {
    certificates(path).map(|_| ())
}

fn read_bundle(path: &Path) -> Result<Vec<Certificate>, Error> {
    let refuse = |why| Error::new(ErrorKind::Tls, path.display().to_string(), why);
    certificates(path).map_err(refuse)
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, String> {
    let pem = std::fs::read(path)
        .map_err(|error| format!("the certificate bundle cannot be read: {error}"))?;
    let certificates = Certificate::from_pem_bundle(&pem)
        .map_err(|error| format!("the certificate bundle is damaged: {error}"))?;
    match certificates.is_empty() {
        true => Err("the bundle holds no certificate".to_owned()),
        false => Ok(certificates),
    }
}

#[cfg(test)]
mod tests {
    use super::read_bundle;

    #[test]
    fn a_bundle_without_certificates_is_refused_by_name() {
        let file = std::env::temp_dir().join(format!("acr-empty-{}.pem", uuid::Uuid::new_v4()));
        std::fs::write(&file, "nothing here").unwrap();
        let error = read_bundle(&file).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert!(error.contains("no certificate"), "{error}");
        assert!(error.contains("acr-empty-"), "{error}");
    }
}
