//! The local certificate authority: made on first start, kept in the server's folder, read from then on.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SerialNumber,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::certificate::Facts;
use crate::{
    Error,
    lifecycle::{DataDir, OWNER_ONLY, READABLE, read_if_present, write_whole},
};

const LIFETIME: TimeDelta = TimeDelta::days(3650);
/// Clocks of other machines may be behind.
pub(super) const CLOCK_SKEW: TimeDelta = TimeDelta::days(1);

/// The authority, ready to sign.
pub(super) struct Authority {
    pub(super) issuer: Issuer<'static, KeyPair>,
    pub(super) not_after: DateTime<Utc>,
}

impl Authority {
    /// Reads the authority of the folder, or makes one.
    pub(super) fn open(data_dir: &DataDir, now: DateTime<Utc>) -> Result<Self, Error> {
        let key = read_if_present(&data_dir.ca_key_file())?;
        let certificate = read_if_present(&data_dir.ca_file())?;
        match (certificate, key) {
            (Some(certificate), Some(key)) => Self::read(data_dir, &certificate, &key, now),
            // The key is written first, so a start that was cut short leaves it alone; both are made anew.
            (None, _) => Self::create(data_dir, now),
            (Some(_), None) => Err(Error::content(
                data_dir.ca_key_file(),
                format!(
                    "the key of {} is gone; put it back, or remove that file too to have a new authority made",
                    data_dir.ca_file().display()
                ),
            )),
        }
    }

    fn create(data_dir: &DataDir, now: DateTime<Utc>) -> Result<Self, Error> {
        let key = KeyPair::generate().map_err(failed)?;
        let params = params(now);
        let certificate = params.self_signed(&key).map_err(failed)?;
        write_whole(
            &data_dir.ca_key_file(),
            key.serialize_pem().as_bytes(),
            OWNER_ONLY,
        )?;
        write_whole(&data_dir.ca_file(), certificate.pem().as_bytes(), READABLE)?;
        let issuer = Issuer::from_ca_cert_der(certificate.der(), key).map_err(failed)?;
        Ok(Self {
            issuer,
            not_after: now + LIFETIME,
        })
    }

    fn read(
        data_dir: &DataDir,
        certificate: &str,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let wrong = |reason: String| {
            let path = data_dir.ca_file();
            let advice = format!(
                "{reason}; remove it and {} to have a new authority made",
                data_dir.ca_key_file().display()
            );
            Error::content(path, advice)
        };
        let der = CertificateDer::from_pem_slice(certificate.as_bytes())
            .map_err(|error| wrong(format!("not a PEM certificate: {error}")))?;
        let facts = Facts::read(&der).map_err(wrong)?;
        facts.check_validity(now).map_err(wrong)?;
        if !facts.is_authority {
            return Err(wrong("not a certificate of an authority".to_owned()));
        }
        let key = KeyPair::from_pem(key)
            .map_err(|error| wrong(format!("the key beside it is damaged ({error})")))?;
        if rcgen::PublicKeyData::subject_public_key_info(&key) != facts.public_key {
            return Err(wrong("the key beside it is another one's".to_owned()));
        }
        Ok(Self {
            issuer: Issuer::from_ca_cert_der(&der, key).map_err(failed)?,
            not_after: facts.not_after,
        })
    }
}

fn params(now: DateTime<Utc>) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = SystemTime::from(now - CLOCK_SKEW).into();
    params.not_after = SystemTime::from(now + LIFETIME).into();
    params.serial_number = Some(random_serial());
    // A store that holds several authorities finds the right one by its name.
    let mark = uuid::Uuid::new_v4().simple().to_string();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(
        DnType::CommonName,
        format!("acr local authority {}", &mark[..8]),
    );
    params
        .distinguished_name
        .push(DnType::OrganizationName, "acr");
    params
}

/// Names are signed with one key, and rcgen would number them by it: clients refuse two certificates of one number.
pub(super) fn random_serial() -> SerialNumber {
    let mut bytes = uuid::Uuid::new_v4().into_bytes();
    // A set first bit would make the number negative, a zero first byte shorten it.
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    SerialNumber::from_slice(&bytes)
}

pub(super) fn failed(error: rcgen::Error) -> Error {
    Error::Tls(error.to_string())
}
