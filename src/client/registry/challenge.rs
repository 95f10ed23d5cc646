//! What a registry asks for before it answers: read from a 401, kept for the requests that follow.

use super::{Endpoint, Error};
use acr_api::auth::{Challenge, Scope};
use acr_http::Response;
use url::Url;

/// How a registry wants its callers to prove themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scheme {
    /// By name and password with each request.
    Basic,
    /// By tokens.
    Bearer(TokenService),
}

/// Where tokens are had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TokenService {
    pub(super) realm: Url,
    /// What the registry calls itself.
    pub(super) service: String,
}

/// A 401 as far as it can be answered.
#[derive(Debug)]
pub(super) struct Demand {
    pub(super) scheme: Scheme,
    /// What the token must allow, where the registry says so.
    pub(super) scopes: Vec<Scope>,
}

impl Demand {
    /// Reads the first challenge that can be met, tokens before passwords.
    pub(super) fn read(response: &Response, endpoint: &Endpoint) -> Result<Option<Self>, Error> {
        let challenges: Vec<Challenge> = response
            .header_values("www-authenticate")
            .flat_map(Challenge::parse_all)
            .collect();
        for challenge in &challenges {
            let Challenge::Bearer(bearer) = challenge else {
                continue;
            };
            let realm =
                realm(&bearer.realm, endpoint).map_err(|reason| Error::decode(response, reason))?;
            // A scope in words that are not known cannot be met, but the ones asked for may do.
            let scopes = bearer.scope.as_deref().map(Scope::parse_list);
            return Ok(Some(Self {
                scheme: Scheme::Bearer(TokenService {
                    realm,
                    service: bearer
                        .service
                        .clone()
                        .unwrap_or_else(|| endpoint.host().to_owned()),
                }),
                scopes: scopes.and_then(Result::ok).unwrap_or_default(),
            }));
        }
        let is_basic = |challenge: &Challenge| matches!(challenge, Challenge::Basic { .. });
        Ok(challenges.iter().any(is_basic).then(|| Self {
            scheme: Scheme::Basic,
            scopes: Vec::new(),
        }))
    }
}

/// The address of the token service. It gets the credential, so it must be as safe as the registry.
fn realm(realm: &str, endpoint: &Endpoint) -> Result<Url, String> {
    let url: Url = realm
        .parse()
        .map_err(|_| format!("its token service {realm:?} is no address"))?;
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => endpoint.is_plain() && acr_http::is_loopback(&url),
        _ => false,
    };
    if is_safe {
        Ok(url)
    } else {
        Err(format!("its token service {realm:?} has no TLS"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, realm};

    #[test]
    fn no_credential_leaves_for_a_place_without_tls() {
        let secure = Endpoint::secure("foo.azurecr.io").unwrap();
        assert!(realm("https://auth.example/token", &secure).is_ok());
        assert!(realm("http://foo.azurecr.io/token", &secure).is_err());
        assert!(realm("http://localhost/token", &secure).is_err());
        assert!(realm("/oauth2/token", &secure).is_err());
        let plain = Endpoint::plain("localhost:5000").unwrap();
        assert!(realm("http://localhost:5000/token", &plain).is_ok());
        assert!(realm("http://elsewhere.example/token", &plain).is_err());
    }
}
