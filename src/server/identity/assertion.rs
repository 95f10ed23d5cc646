//! Signed proofs of programs: by a certificate of their own, or by an outside token service.

use aws_lc_rs::digest;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Header, Validation};
use serde::Deserialize;

use super::{error::TokenError, token_endpoint::TokenRequest};
use crate::{
    app::App,
    domain::{
        directory::{Application, FederatedCredential, KeyCredential},
        token::{OutsideKey, outside_keys},
    },
    http::is_loopback,
};

const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LEEWAY_SECONDS: f64 = 300.0;
const LONGEST: usize = 16 * 1024;
const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ES256,
];

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audiences,
    /// Seconds since 1970; MSAL sends fractions of them.
    exp: f64,
    #[serde(default)]
    nbf: f64,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Audiences {
    fn any(&self, mut is_known: impl FnMut(&str) -> bool) -> bool {
        match self {
            Self::One(audience) => is_known(audience),
            Self::Many(audiences) => audiences.iter().any(|audience| is_known(audience)),
        }
    }
}

/// Refuses an assertion that does not prove that its bearer is the application.
pub(super) async fn check(
    app: &App,
    request: &TokenRequest,
    application: &Application,
    assertion: &str,
) -> Result<(), TokenError> {
    if request.required("client_assertion_type")? != KIND {
        return Err(TokenError::new(
            "invalid_request",
            50_015,
            format!("The client assertion type must be '{KIND}'."),
        ));
    }
    let header = (assertion.len() <= LONGEST)
        .then(|| jsonwebtoken::decode_header(assertion).ok())
        .flatten()
        .filter(|header| ALGORITHMS.contains(&header.alg))
        .ok_or_else(malformed)?;
    let unproven: Claims =
        jsonwebtoken::dangerous::insecure_decode_claims(assertion).map_err(|_| malformed())?;
    let is_own = unproven.iss.eq_ignore_ascii_case(&application.app_id);
    let claims = if is_own {
        by_certificate(app, request, application, &header, assertion)?
    } else {
        by_issuer(app, application, &header, assertion, &unproven).await?
    };
    let now = app.now().timestamp_millis() as f64 / 1000.0;
    if claims.exp + LEEWAY_SECONDS < now || claims.nbf - LEEWAY_SECONDS > now {
        return Err(TokenError::wrong_assertion(
            700_024,
            "Client assertion is not within its valid time range.",
        ));
    }
    Ok(())
}

fn by_certificate(
    app: &App,
    request: &TokenRequest,
    application: &Application,
    header: &Header,
    assertion: &str,
) -> Result<Claims, TokenError> {
    let now = app.now();
    let candidates = application
        .keys
        .iter()
        .filter(|key| key.start <= now && now < key.end);
    let claims = candidates
        .filter_map(|key| certificate(key, header))
        .find_map(|key| proven(assertion, header.alg, &key))
        .ok_or_else(|| {
            TokenError::wrong_assertion(
                700_027,
                "The certificate with identifier used to sign the client assertion is not registered on application, or the signature is wrong.",
            )
        })?;
    let is_for_us = claims.aud.any(|audience| {
        let configured = audience.starts_with(&format!("{}/", app.settings().endpoint));
        configured
            || (is_loopback(&request.origin)
                && audience.starts_with(&format!("{}/", request.origin)))
    });
    if !is_for_us {
        return Err(TokenError::wrong_assertion(
            700_023,
            "Client assertion audience claim does not match this token service.",
        ));
    }
    if !claims.sub.eq_ignore_ascii_case(&application.app_id) {
        return Err(TokenError::wrong_assertion(
            700_021,
            "Client assertion subject does not match the application.",
        ));
    }
    Ok(claims)
}

async fn by_issuer(
    app: &App,
    application: &Application,
    header: &Header,
    assertion: &str,
    unproven: &Claims,
) -> Result<Claims, TokenError> {
    if !application
        .federated
        .iter()
        .any(|known| known.issuer == unproven.iss)
    {
        return Err(TokenError::wrong_assertion(
            700_211,
            "No matching federated identity record found for presented assertion issuer.",
        ));
    }
    let keys = outside_keys(app, &unproven.iss).await.map_err(|why| {
        tracing::warn!(
            why,
            "the keys of an outside token service could not be read"
        );
        TokenError::wrong_assertion(
            50_166,
            "The keys of the assertion's issuer could not be read.",
        )
    })?;
    let claims = keys
        .iter()
        .filter(|key| fits(key, header))
        .find_map(|key| proven(assertion, header.alg, &key.key))
        .ok_or_else(|| {
            TokenError::wrong_assertion(
                500_136,
                "The signature of the assertion is not of its issuer.",
            )
        })?;
    let matches = |known: &&FederatedCredential| {
        known.issuer == claims.iss
            && known.subject == claims.sub
            && claims
                .aud
                .any(|audience| known.audiences.iter().any(|known| known == audience))
    };
    match application.federated.iter().find(matches) {
        Some(_) => Ok(claims),
        None => Err(TokenError::wrong_assertion(
            700_213,
            "No matching federated identity record found for presented assertion subject and audience.",
        )),
    }
}

fn fits(key: &OutsideKey, header: &Header) -> bool {
    header.kid.is_none() || key.key_id.is_none() || key.key_id == header.kid
}

/// The claims, if the key proves the signature. Times are checked by the caller.
fn proven(assertion: &str, algorithm: Algorithm, key: &DecodingKey) -> Option<Claims> {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Claims>(assertion, key, &validation)
        .ok()
        .map(|data| data.claims)
}

/// The public key of a certificate, if the header means it or does not say.
fn certificate(credential: &KeyCredential, header: &Header) -> Option<DecodingKey> {
    let der = STANDARD.decode(&credential.certificate).ok()?;
    let print = |algorithm| URL_SAFE_NO_PAD.encode(digest::digest(algorithm, &der));
    let is_meant = match (&header.x5t_s256, &header.x5t) {
        (Some(given), _) => given.trim_end_matches('=') == print(&digest::SHA256),
        (None, Some(given)) => {
            given.trim_end_matches('=') == print(&digest::SHA1_FOR_LEGACY_USE_ONLY)
        }
        (None, None) => true,
    };
    if !is_meant {
        return None;
    }
    let (_, parsed) = x509_parser::parse_x509_certificate(&der).ok()?;
    let key = parsed.public_key();
    match header.alg.family() {
        AlgorithmFamily::Rsa => Some(DecodingKey::from_rsa_der(key.raw)),
        AlgorithmFamily::Ec => Some(DecodingKey::from_ec_der(&key.subject_public_key.data)),
        _ => None,
    }
}

fn malformed() -> TokenError {
    TokenError::wrong_assertion(
        50_027,
        "Invalid JWT token: the client assertion is malformed.",
    )
}
