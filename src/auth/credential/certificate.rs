//! A client certificate, and the signed assertion that proves its possession.

use crate::authority::Authority;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use acr_http::Secret;
use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

const LARGEST_PEM_BYTES: u64 = 1024 * 1024;
/// How long an assertion may be used, as in MSAL.
const LIFETIME_SECONDS: i64 = 600;

/// A private RSA key with the certificates that belong to it, its own first.
pub(crate) struct Certificate {
    link: Link,
    key: RsaKeyPair,
    chain: Vec<CertificateDer<'static>>,
    sends_chain: bool,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("sha256", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads a PEM file with key and certificate.
    pub(crate) fn load(link: Link, path: &Path, sends_chain: bool) -> Result<Self, Error> {
        let wrong =
            |why: &str| Error::setup(link, format!("the certificate {}: {why}", path.display()));
        let pem = file::read(path, LARGEST_PEM_BYTES)
            .map_err(|source| Error::file(link, path, source))?
            .ok_or_else(|| wrong("there is no such file"))?;
        if contains(&pem, b"ENCRYPTED") {
            return Err(wrong(
                "its key is encrypted; write it unencrypted with `openssl pkey`",
            ));
        }
        if !contains(&pem, b"-----BEGIN ") {
            return Err(wrong(
                "it is no PEM file; turn a PKCS#12 file into one with `openssl pkcs12 -in FILE -nodes`",
            ));
        }
        let key = match PrivateKeyDer::from_pem_slice(&pem) {
            Ok(PrivateKeyDer::Pkcs8(key)) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            Ok(PrivateKeyDer::Pkcs1(key)) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            Ok(_) => return Err(wrong("Entra takes RSA keys only")),
            Err(_) => return Err(wrong("it holds no private key")),
        };
        let chain = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| wrong(&error.to_string()))?;
        if chain.is_empty() {
            return Err(wrong("it holds no certificate"));
        }
        Ok(Self {
            link,
            key: key.map_err(|_| wrong("Entra takes RSA keys of 2048 bits or more only"))?,
            chain,
            sends_chain,
        })
    }

    /// Tells this certificate from others.
    pub(crate) fn fingerprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &self.chain[0]))
    }

    /// A statement to the token service, signed by the key.
    pub(crate) fn assertion(
        &self,
        authority: &Authority,
        client_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Secret, Error> {
        let claims = json!({
            "aud": authority.token_url(),
            "iss": client_id,
            "sub": client_id,
            "jti": uuid::Uuid::new_v4().to_string(),
            "iat": now.timestamp(),
            "nbf": now.timestamp(),
            "exp": now.timestamp() + LIFETIME_SECONDS,
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!(
            "{}.{}",
            part(&self.header(authority.is_adfs())),
            part(&claims)
        );
        let encoding: &'static dyn RsaEncoding = match authority.is_adfs() {
            true => &RSA_PKCS1_SHA256,
            false => &RSA_PSS_SHA256,
        };
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                encoding,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Error::setup(self.link, "the certificate's key cannot sign"))?;
        Ok(Secret::new(format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(signature)
        )))
    }

    /// Federation Services know the certificate by its SHA-1 only.
    fn header(&self, is_adfs: bool) -> Value {
        let mut header = match is_adfs {
            true => {
                let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.chain[0]);
                json!({"alg": "RS256", "typ": "JWT", "x5t": URL_SAFE_NO_PAD.encode(sha1)})
            }
            false => json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.fingerprint()}),
        };
        if self.sends_chain {
            let chain = self.chain.iter().map(|der| STANDARD.encode(der));
            header["x5c"] = chain.collect();
        }
        header
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Home, now};
    use aws_lc_rs::signature::{
        KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    };

    fn pem(algorithm: &'static rcgen::SignatureAlgorithm) -> (String, String) {
        let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
        let parameters = rcgen::CertificateParams::new(vec!["app".to_owned()]).unwrap();
        (
            key.serialize_pem(),
            parameters.self_signed(&key).unwrap().pem(),
        )
    }

    fn load(home: &Home, text: &str) -> Result<Certificate, Error> {
        Certificate::load(Link::Variables, &home.write("app.pem", text), true)
    }

    fn check(
        certificate: &Certificate,
        authority: &str,
        parameters: &'static RsaParameters,
    ) -> Value {
        let authority = Authority::new(Link::Variables, authority, "t").unwrap();
        let assertion = certificate.assertion(&authority, "app", now()).unwrap();
        let (signed, signature) = assertion.expose().rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let key =
            aws_lc_rs::signature::UnparsedPublicKey::new(parameters, certificate.key.public_key());
        key.verify(signed.as_bytes(), &signature).unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], authority.token_url());
        assert_eq!(
            (&claims["iss"], &claims["sub"]),
            (&json!("app"), &json!("app"))
        );
        assert_eq!(claims["exp"], now().timestamp() + 600);
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
    }

    #[test]
    fn assertions_verify_and_name_the_certificate() {
        let home = Home::new();
        let (key, certificate) = pem(&rcgen::PKCS_RSA_SHA256);
        let loaded = load(&home, &format!("{certificate}{key}")).unwrap();
        let header = check(&loaded, "https://login.example", &RSA_PSS_2048_8192_SHA256);
        assert_eq!(header["alg"], "PS256");
        assert_eq!(header["x5t#S256"], loaded.fingerprint());
        assert_eq!(header["x5c"][0], STANDARD.encode(&loaded.chain[0]));
        let header = check(
            &loaded,
            "https://adfs.example/adfs",
            &RSA_PKCS1_2048_8192_SHA256,
        );
        assert_eq!(header["alg"], "RS256");
        assert_eq!(header["x5t"].as_str().unwrap().len(), 27);
        assert!(!format!("{loaded:?}").contains("key"));
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let home = Home::new();
        let (key, certificate) = pem(&rcgen::PKCS_ECDSA_P256_SHA256);
        let says = |text: &str| load(&home, text).unwrap_err().to_string();
        assert!(says(&format!("{key}{certificate}")).contains("RSA keys"));
        assert!(says(&key.replace("PRIVATE", "ENCRYPTED PRIVATE")).contains("openssl pkey"));
        assert!(says("\u{1}0\u{2}").contains("openssl pkcs12"));
        assert!(says(&certificate).contains("no private key"));
        assert!(says(&"x".repeat(1 << 21)).contains("larger than"));
        let missing = Certificate::load(Link::Variables, &home.path().join("none"), false);
        assert!(missing.unwrap_err().to_string().contains("no such file"));
    }
}
