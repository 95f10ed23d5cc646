//! What has to be read out of a certificate before it is used.

use chrono::{DateTime, Utc};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The parts of a certificate that decide whether it can be used.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) not_before: DateTime<Utc>,
    pub(super) not_after: DateTime<Utc>,
    pub(super) is_authority: bool,
    /// Its public key with the algorithm, DER.
    pub(super) public_key: Vec<u8>,
}

impl Facts {
    pub(super) fn read(der: &[u8]) -> Result<Self, String> {
        let (_, certificate) = X509Certificate::from_der(der)
            .map_err(|error| format!("not a certificate: {error}"))?;
        let validity = certificate.validity();
        let moment = |time: x509_parser::time::ASN1Time| {
            DateTime::from_timestamp(time.timestamp(), 0)
                .ok_or_else(|| "its validity is out of range".to_owned())
        };
        Ok(Self {
            not_before: moment(validity.not_before)?,
            not_after: moment(validity.not_after)?,
            is_authority: certificate.is_ca(),
            public_key: certificate.public_key().raw.to_vec(),
        })
    }

    /// Why it cannot be used at this moment, if it cannot.
    pub(super) fn check_validity(&self, now: DateTime<Utc>) -> Result<(), String> {
        if now >= self.not_after {
            return Err(format!("the certificate expired on {}", self.not_after));
        }
        if now < self.not_before {
            return Err(format!(
                "the certificate is valid only from {}",
                self.not_before
            ));
        }
        Ok(())
    }
}
