//! The key that signs tokens: made once, kept in the store, shared by all servers on it.

use std::sync::Arc;

use acr_store::{Batch, Meta, Scan};
use aws_lc_rs::{
    digest,
    encoding::{AsDer, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, jwk::Jwk};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{Error, random};

const COLLECTION: &str = "signing-key";
const CURRENT: &str = "current";

/// A key pair ready for use.
pub struct Signer {
    key_id: String,
    registry_key_id: String,
    private: EncodingKey,
    public: DecodingKey,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    kid: String,
    pkcs8: String,
    jwk: Jwk,
}

impl Signer {
    /// Reads the key, or makes it if this is the first need of one. Making takes long and blocks
    /// nobody else.
    pub async fn load_or_make(meta: &Meta) -> Result<Arc<Self>, Error> {
        if let Some(document) = meta.get(COLLECTION, CURRENT).await? {
            return Self::open(document.parse()?);
        }
        let made = tokio::task::spawn_blocking(make)
            .await
            .map_err(Error::internal)??;
        let batch = Batch::new().insert(COLLECTION, CURRENT, &made);
        match meta.commit(batch).await {
            Ok(()) => Self::open(made),
            Err(acr_store::Error::Exists { .. }) => {
                let document = meta.get(COLLECTION, CURRENT).await?;
                let document =
                    document.ok_or_else(|| Error::internal("the signing key vanished"))?;
                Self::open(document.parse()?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Signs claims.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.key_id.clone());
        // Entra's v1 tokens name the key by thumbprint too; readers look at either.
        header.x5t = Some(self.key_id.clone());
        jsonwebtoken::encode(&header, claims, &self.private).map_err(Error::internal)
    }

    /// Signs claims of a registry's token, whose header names the key as docker's registries do.
    pub(crate) fn sign_for_registry(&self, claims: &impl Serialize) -> Result<String, Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.registry_key_id.clone());
        jsonwebtoken::encode(&header, claims, &self.private).map_err(Error::internal)
    }

    /// The key that proves its signatures.
    pub(crate) fn public(&self) -> &DecodingKey {
        &self.public
    }

    fn open(stored: Stored) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self {
            private: private_key(&stored.pkcs8)?,
            registry_key_id: registry_key_id(&stored.pkcs8)?,
            public: DecodingKey::from_jwk(&stored.jwk).map_err(Error::internal)?,
            key_id: stored.kid,
        }))
    }
}

/// The public keys as others read them.
pub async fn public_keys(meta: &Meta) -> Result<Vec<Value>, Error> {
    let documents = meta
        .scan(Scan {
            collection: COLLECTION,
            prefix: "",
            after: None,
            limit: 100,
        })
        .await?;
    documents
        .into_iter()
        .map(|document| {
            let stored: Stored = document.parse()?;
            let mut key = serde_json::to_value(&stored.jwk).map_err(Error::internal)?;
            key["kid"] = stored.kid.clone().into();
            key["x5t"] = stored.kid.into();
            key["use"] = "sig".into();
            Ok(key)
        })
        .collect()
}

fn make() -> Result<Stored, Error> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| Error::internal("no RSA key"))?;
    let der = pair.as_der().map_err(|_| Error::internal("no RSA key"))?;
    let pkcs8 = STANDARD.encode(der.as_ref());
    let jwk =
        Jwk::from_encoding_key(&private_key(&pkcs8)?, Algorithm::RS256).map_err(Error::internal)?;
    let kid = URL_SAFE_NO_PAD.encode(random::bytes::<20>()?);
    Ok(Stored { kid, pkcs8, jwk })
}

/// The public key's fingerprint in the form that docker's registries use: 240 bits in base32,
/// twelve groups of four.
fn registry_key_id(pkcs8: &str) -> Result<String, Error> {
    let bytes = STANDARD.decode(pkcs8).map_err(Error::internal)?;
    let pair = KeyPair::from_pkcs8(&bytes).map_err(|_| Error::internal("no RSA key"))?;
    let public: PublicKeyX509Der<'_> = pair
        .public_key()
        .as_der()
        .map_err(|_| Error::internal("no RSA key"))?;
    let digest = digest::digest(&digest::SHA256, public.as_ref());
    Ok(grouped(&digest.as_ref()[..30]))
}

fn grouped(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for (index, five) in bytes.chunks(5).enumerate() {
        let number = five
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        for place in (0..8).rev() {
            if place % 4 == 3 && (index, place) != (0, 7) {
                text.push(':');
            }
            let digit = usize::try_from(number >> (5 * place) & 31).unwrap_or_default();
            text.push(char::from(ALPHABET[digit]));
        }
    }
    text
}

fn private_key(pkcs8: &str) -> Result<EncodingKey, Error> {
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{pkcs8}\n-----END PRIVATE KEY-----\n");
    EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn key_ids_have_twelve_groups_of_base32() {
        let bytes: Vec<u8> = (0..30).collect();
        assert_eq!(
            grouped(&bytes),
            "AAAQ:EAYE:AUDA:OCAJ:BIFQ:YDIO:B4IB:CEQT:CQKR:MFYY:DENB:WHA5"
        );
    }
}
