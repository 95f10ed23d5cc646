//! Certificates the local authority issues on demand, one per name, kept in memory.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, TimeDelta, Utc};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::{
    crypto::aws_lc_rs::sign::any_ecdsa_type,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::{CertifiedKey, SigningKey},
};

use super::{
    authority::{Authority, CLOCK_SKEW, failed, random_serial},
    names::Names,
};
use crate::{Error, clock};

/// Browsers and Apple's systems refuse more than 398 days; new ones cost nothing here.
const LIFETIME: TimeDelta = TimeDelta::days(90);
const RENEW_BEFORE: TimeDelta = TimeDelta::days(30);
/// How many certificates are kept; a client may ask for any number of names.
const CACHE_ENTRIES: usize = 1024;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Name(String),
    Default(IpAddr),
}

struct Issued {
    key: Arc<CertifiedKey>,
    renew_at: DateTime<Utc>,
    last_used: u64,
}

#[derive(Default)]
struct Cache {
    issued: HashMap<Subject, Issued>,
    uses: u64,
}

/// Issues certificates for the names of this server; all of them share one key, made at start.
pub(super) struct LeafIssuer {
    authority: Authority,
    names: Names,
    key: KeyPair,
    signing_key: Arc<dyn SigningKey>,
    cache: Mutex<Cache>,
}

impl LeafIssuer {
    pub(super) fn new(authority: Authority, names: Names) -> Result<Self, Error> {
        let key = KeyPair::generate().map_err(failed)?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing_key = any_ecdsa_type(&der).map_err(|error| Error::Tls(error.to_string()))?;
        Ok(Self {
            authority,
            names,
            key,
            signing_key,
            cache: Mutex::default(),
        })
    }

    fn certificate(
        &self,
        asked: Option<&str>,
        local: IpAddr,
        now: DateTime<Utc>,
    ) -> Result<Arc<CertifiedKey>, Error> {
        let subject = match asked.and_then(|name| self.names.own(name)) {
            Some(name) => Subject::Name(name),
            None => Subject::Default(local),
        };
        if let Some(key) = self.cache().find(&subject, now) {
            return Ok(key);
        }
        let (key, not_after) = self.issue(&subject, now)?;
        let key = Arc::new(key);
        self.cache()
            .keep(subject, Arc::clone(&key), not_after - RENEW_BEFORE);
        Ok(key)
    }

    fn issue(
        &self,
        subject: &Subject,
        now: DateTime<Utc>,
    ) -> Result<(CertifiedKey, DateTime<Utc>), Error> {
        let not_after = (now + LIFETIME).min(self.authority.not_after);
        let mut params = CertificateParams::default();
        params.not_before = SystemTime::from(now - CLOCK_SKEW).into();
        params.not_after = SystemTime::from(not_after).into();
        params.serial_number = Some(random_serial());
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.subject_alt_names = self.alternative_names(subject)?;
        params.distinguished_name.remove(DnType::CommonName);
        params
            .distinguished_name
            .push(DnType::OrganizationName, "acr");
        let leaf = params
            .signed_by(&self.key, &self.authority.issuer)
            .map_err(failed)?;
        let chain = vec![leaf.der().clone()];
        Ok((
            CertifiedKey::new(chain, Arc::clone(&self.signing_key)),
            not_after,
        ))
    }

    fn alternative_names(&self, subject: &Subject) -> Result<Vec<SanType>, Error> {
        let dns = |name: &str| {
            let name = name.try_into().map_err(failed)?;
            Ok(SanType::DnsName(name))
        };
        match subject {
            Subject::Name(name) => Ok(vec![dns(name)?]),
            Subject::Default(local) => {
                let (names, addresses) = self.names.default_names(*local);
                let mut all = names
                    .iter()
                    .map(|name| dns(name))
                    .collect::<Result<Vec<_>, Error>>()?;
                all.extend(addresses.into_iter().map(SanType::IpAddress));
                Ok(all)
            }
        }
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Nothing in the cache can be left half changed.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache {
    fn find(&mut self, subject: &Subject, now: DateTime<Utc>) -> Option<Arc<CertifiedKey>> {
        self.uses += 1;
        let issued = self.issued.get_mut(subject)?;
        if now >= issued.renew_at {
            return None;
        }
        issued.last_used = self.uses;
        Some(Arc::clone(&issued.key))
    }

    fn keep(&mut self, subject: Subject, key: Arc<CertifiedKey>, renew_at: DateTime<Utc>) {
        if self.issued.len() >= CACHE_ENTRIES && !self.issued.contains_key(&subject) {
            let oldest = self
                .issued
                .iter()
                .min_by_key(|(_, issued)| issued.last_used);
            if let Some(oldest) = oldest.map(|(subject, _)| subject.clone()) {
                self.issued.remove(&oldest);
            }
        }
        let issued = Issued {
            key,
            renew_at,
            last_used: self.uses,
        };
        self.issued.insert(subject, issued);
    }
}

/// Answers for one local address, which stands in for the name when a client sends none.
pub(super) struct LeafResolver {
    pub(super) issuer: Arc<LeafIssuer>,
    pub(super) local: IpAddr,
}

impl ResolvesServerCert for LeafResolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let issued = self
            .issuer
            .certificate(hello.server_name(), self.local, clock::now());
        match issued {
            Ok(key) => Some(key),
            Err(error) => {
                tracing::error!(%error, name = hello.server_name(), "no certificate could be issued");
                None
            }
        }
    }
}

impl std::fmt::Debug for LeafResolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LeafResolver")
            .field("local", &self.local)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::certificate::Facts, *};
    use crate::{config::Listen, lifecycle::DataDir};

    fn issuer(dir: &tempfile::TempDir) -> LeafIssuer {
        let listen = Listen {
            host: "127.0.0.1".to_owned(),
            port: 1,
        };
        let authority = Authority::open(&DataDir::new(dir.path()), clock::now()).unwrap();
        LeafIssuer::new(authority, Names::new("localhost", &listen)).unwrap()
    }

    const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_name_keeps_its_certificate_until_it_is_old() {
        let dir = tempfile::tempdir().unwrap();
        let issuer = issuer(&dir);
        let now = clock::now();
        let at = |name, days| {
            let later = now + TimeDelta::days(days);
            issuer.certificate(Some(name), LOCAL, later).unwrap()
        };
        let first = at("foo.localhost", 0);
        assert!(Arc::ptr_eq(&first, &at("FOO.localhost", 59)));
        assert!(!Arc::ptr_eq(&first, &at("bar.localhost", 0)));
        let renewed = at("foo.localhost", 61);
        assert!(!Arc::ptr_eq(&first, &renewed));
        let facts = Facts::read(&renewed.cert[0]).unwrap();
        assert!(facts.not_after - facts.not_before <= TimeDelta::days(398));
    }

    #[test]
    fn a_certificate_never_outlives_its_authority() {
        let dir = tempfile::tempdir().unwrap();
        let issuer = issuer(&dir);
        let late = issuer.authority.not_after - TimeDelta::days(3);
        let key = issuer.certificate(None, LOCAL, late).unwrap();
        let facts = Facts::read(&key.cert[0]).unwrap();
        assert!(facts.not_after <= issuer.authority.not_after);
    }

    #[test]
    fn any_number_of_names_takes_bounded_memory() {
        let dir = tempfile::tempdir().unwrap();
        let issuer = issuer(&dir);
        let now = clock::now();
        let kept = issuer.certificate(None, LOCAL, now).unwrap();
        for number in 0..CACHE_ENTRIES + 10 {
            let name = Subject::Name(format!("r{number}.localhost"));
            issuer.cache().keep(name, Arc::clone(&kept), now + LIFETIME);
            issuer.certificate(None, LOCAL, now).unwrap();
        }
        assert_eq!(issuer.cache().issued.len(), CACHE_ENTRIES);
        assert!(Arc::ptr_eq(
            &kept,
            &issuer.certificate(None, LOCAL, now).unwrap()
        ));
    }
}
