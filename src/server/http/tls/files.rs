//! A certificate and key from files, checked when read and read again when they change.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use rustls::{
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::certificate::Facts;
use crate::{Error, config::CertificateFiles};

/// Enough of a file's state to see that it is another one.
type Stamp = (SystemTime, u64);

/// The pair in use, and what the files looked like when it was read.
pub(super) struct FilePair {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    current: RwLock<(Arc<CertifiedKey>, [Stamp; 2])>,
}

impl FilePair {
    pub(super) fn open(
        files: &CertificateFiles,
        provider: Arc<CryptoProvider>,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let stamps = stamps(files)?;
        let key = load(files, &provider, now)?;
        Ok(Self {
            files: files.clone(),
            provider,
            current: RwLock::new((Arc::new(key), stamps)),
        })
    }

    /// Reads the files again; if they cannot be used, the pair in use stays.
    pub(super) fn reload(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let stamps = stamps(&self.files)?;
        let key = load(&self.files, &self.provider, now)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(key), stamps);
        Ok(())
    }

    pub(super) fn has_changed(&self) -> bool {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        // Files that are gone for a moment are being replaced: the next look will see them.
        stamps(&self.files).is_ok_and(|stamps| stamps != current.1)
    }
}

impl ResolvesServerCert for FilePair {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current.0))
    }
}

impl std::fmt::Debug for FilePair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("FilePair").field(&self.files).finish()
    }
}

fn stamps(files: &CertificateFiles) -> Result<[Stamp; 2], Error> {
    let stamp = |path: &Path| -> io::Result<Stamp> {
        let metadata = fs::metadata(path)?;
        Ok((metadata.modified()?, metadata.len()))
    };
    let of = |path: &Path| stamp(path).map_err(|source| Error::file("read", path, source));
    Ok([of(&files.certificate)?, of(&files.key)?])
}

fn load(
    files: &CertificateFiles,
    provider: &CryptoProvider,
    now: DateTime<Utc>,
) -> Result<CertifiedKey, Error> {
    let read = |path: &Path| fs::read(path).map_err(|source| Error::file("read", path, source));
    let chain = CertificateDer::pem_slice_iter(&read(&files.certificate)?)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Error::content(&files.certificate, format!("not PEM: {error}")))?;
    let Some(first) = chain.first() else {
        return Err(Error::content(
            &files.certificate,
            "holds no PEM certificate",
        ));
    };
    Facts::read(first)
        .and_then(|facts| facts.check_validity(now))
        .map_err(|reason| Error::content(&files.certificate, reason))?;
    let key = PrivateKeyDer::from_pem_slice(&read(&files.key)?)
        .map_err(|error| Error::content(&files.key, format!("holds no usable PEM key: {error}")))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => Error::content(
            &files.key,
            format!("not the key of {}", files.certificate.display()),
        ),
        other => Error::content(&files.key, other.to_string()),
    })
}
