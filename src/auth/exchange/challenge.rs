//! The first hop: what a registry asks for at its front door.

use super::error::{Error, Hop};
use super::known_hosts::KnownHosts;
use super::login_server::LoginServer;
use super::service::{self, LIMIT, TokenService};
use acr_api::auth::{BearerChallenge, Challenge};
use acr_http::{Client, Response, Retry, StatusCode, header};
use url::Url;

/// One more than the first: a registry that is not there should be said so soon.
const ATTEMPTS: u32 = 2;

/// Asks a registry without a credential.
pub(super) async fn knock(
    http: &Client,
    server: &LoginServer,
    known: &KnownHosts,
) -> Result<TokenService, Error> {
    let host = server.host();
    let response = http
        .get(&format!("{}/v2/", server.origin()))
        .timeout(LIMIT)
        .retry(Retry::attempts(ATTEMPTS))
        .send()
        .await
        .map_err(Error::transport(host, Hop::Challenge))?;
    let status = response.status;
    if status == StatusCode::FORBIDDEN {
        let refusal = service::refusal(host, Hop::Challenge, response).await?;
        return Err(Error::Firewall {
            host: host.to_owned(),
            refusal,
        });
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(service::refused(host, Hop::Challenge, "the question", response).await);
    }
    let challenges = challenges(&response);
    if status != StatusCode::UNAUTHORIZED || challenges.is_empty() {
        return Err(Error::NoChallenge {
            host: host.to_owned(),
            status: status.as_u16(),
        });
    }
    let unusable = |why: &str| Error::Challenge {
        host: host.to_owned(),
        why: why.to_owned(),
    };
    for challenge in &challenges {
        if let Challenge::Bearer(bearer) = challenge {
            return token_service(server, known, bearer).map_err(|why| unusable(&why));
        }
    }
    let is_basic = |challenge: &Challenge| matches!(challenge, Challenge::Basic { .. });
    match challenges.iter().any(is_basic) {
        true => Err(Error::PasswordOnly {
            host: host.to_owned(),
        }),
        false => Err(unusable("it asks for neither a token nor a password")),
    }
}

fn challenges(response: &Response) -> Vec<Challenge> {
    let lines = response.headers.get_all(header::WWW_AUTHENTICATE);
    let texts = lines.iter().filter_map(|line| line.to_str().ok());
    texts.flat_map(Challenge::parse_all).collect()
}

/// The token service stands on the registry's own host, or on one that is trusted as well.
fn token_service(
    server: &LoginServer,
    known: &KnownHosts,
    bearer: &BearerChallenge,
) -> Result<TokenService, String> {
    let service = bearer.service.clone().filter(|name| !name.is_empty());
    let service = service.ok_or("it names no service")?;
    let realm = Url::parse(&bearer.realm)
        .ok()
        .and_then(|url| LoginServer::of(&url))
        .ok_or("its realm is no address")?;
    if realm.host() != server.host() && !known.contains(realm.host()) {
        return Err(format!("it sends to another host, {}", realm.host()));
    }
    if realm.origin() != server.origin() && !realm.is_secure() {
        return Err(format!("it sends to a plain address, {}", realm.origin()));
    }
    Ok(TokenService {
        host: server.host().to_owned(),
        origin: realm.origin().to_owned(),
        name: service,
    })
}
