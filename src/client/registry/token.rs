//! Tokens that were granted, kept until shortly before they end.

use acr_api::auth::{Action, Scope};
use acr_http::Secret;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;

/// What the token protocol says of a token whose end is not told.
const UNTOLD_LIFETIME: Duration = Duration::from_secs(60);
/// A token is renewed this long before its end, so that it outlives the request it is for.
const RENEW_BEFORE: Duration = Duration::from_secs(60);
/// More tokens than this are kept for no caller: the oldest go.
const MOST_TOKENS: usize = 64;

/// The tokens of one registry.
#[derive(Debug, Default)]
pub(super) struct Tokens(Vec<Kept>);

#[derive(Debug)]
struct Kept {
    asked: Vec<Scope>,
    token: Secret,
    renew_at: Instant,
}

impl Tokens {
    /// A token that was asked for with at least these scopes.
    pub(super) fn find(&self, wanted: &[Scope]) -> Option<&Secret> {
        let now = Instant::now();
        let is_fit = |kept: &&Kept| kept.renew_at > now && covers(&kept.asked, wanted);
        Some(&self.0.iter().find(is_fit)?.token)
    }

    pub(super) fn insert(&mut self, asked: Vec<Scope>, granted: Granted) {
        let now = Instant::now();
        self.0.retain(|kept| kept.renew_at > now);
        if self.0.len() == MOST_TOKENS {
            self.0.remove(0);
        }
        self.0.push(Kept {
            asked,
            renew_at: now + granted.lifetime.saturating_sub(margin(granted.lifetime)),
            token: granted.token,
        });
    }

    /// Drops a token that the registry did not take.
    pub(super) fn forget(&mut self, token: &Secret) {
        self.0.retain(|kept| kept.token != *token);
    }
}

fn margin(lifetime: Duration) -> Duration {
    RENEW_BEFORE.min(lifetime / 4)
}

fn covers(asked: &[Scope], wanted: &[Scope]) -> bool {
    wanted.iter().all(|want| {
        asked.iter().any(|have| {
            (&have.kind, &have.class, &have.name) == (&want.kind, &want.class, &want.name)
                && want.actions.iter().all(|action| {
                    have.actions.contains(action) || have.actions.contains(&Action::All)
                })
        })
    })
}

/// A token, and how long it lasts from now.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The token.
    pub token: Secret,
    /// How long it lasts.
    pub lifetime: Duration,
}

impl Granted {
    /// `expires_in` is what the token service said; some, Azure's among them, say nothing, but the
    /// token itself does.
    pub(super) fn new(token: String, expires_in: Option<u64>) -> Self {
        let told = expires_in.map(Duration::from_secs);
        let lifetime = told.or_else(|| lifetime_of(&token));
        Self {
            lifetime: lifetime.unwrap_or(UNTOLD_LIFETIME),
            token: Secret::new(token),
        }
    }
}

#[derive(Deserialize)]
struct Claims {
    exp: u64,
    iat: Option<u64>,
    nbf: Option<u64>,
}

/// The span between the times inside a token. Both are the service's, so a wrong clock here does not
/// matter.
fn lifetime_of(token: &str) -> Option<Duration> {
    let payload = token.split('.').nth(1)?;
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(payload.trim_end_matches('='))
        .ok()?;
    let claims: Claims = serde_json::from_slice(&bytes).ok()?;
    let issued = claims.iat.or(claims.nbf)?;
    claims.exp.checked_sub(issued).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Vec<Scope> {
        Scope::parse_list(text).unwrap()
    }

    fn granted(seconds: u64) -> Granted {
        Granted::new(format!("token-{seconds}"), Some(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_serves_what_it_was_asked_for_until_it_nears_its_end() {
        let mut tokens = Tokens::default();
        tokens.insert(scopes("repository:a:pull,push"), granted(600));
        assert!(tokens.find(&scopes("repository:a:pull")).is_some());
        assert!(tokens.find(&scopes("repository:a:delete")).is_none());
        assert!(tokens.find(&scopes("repository:b:pull")).is_none());
        assert!(tokens.find(&[]).is_some());
        tokio::time::advance(Duration::from_secs(539)).await;
        assert!(tokens.find(&scopes("repository:a:pull")).is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(tokens.find(&scopes("repository:a:pull")).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_not_used_again() {
        let mut tokens = Tokens::default();
        tokens.insert(scopes("repository:a:*"), granted(600));
        let token = tokens.find(&scopes("repository:a:pull")).unwrap().clone();
        tokens.forget(&token);
        assert!(tokens.find(&[]).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn the_store_stays_small() {
        let mut tokens = Tokens::default();
        for n in 0..200 {
            tokens.insert(scopes(&format!("repository:r{n}:pull")), granted(600));
        }
        assert_eq!(tokens.0.len(), MOST_TOKENS);
        assert!(tokens.find(&scopes("repository:r199:pull")).is_some());
    }

    #[test]
    fn the_lifetime_is_the_one_told_else_the_one_inside_else_a_minute() {
        let jwt = |claims: &str| {
            let payload = BASE64_URL_SAFE_NO_PAD.encode(claims);
            Granted::new(format!("h.{payload}.s"), None).lifetime
        };
        assert_eq!(granted(4500).lifetime, Duration::from_secs(4500));
        assert_eq!(jwt(r#"{"exp":5500,"iat":1000}"#), Duration::from_secs(4500));
        assert_eq!(jwt(r#"{"exp":1500,"nbf":1000}"#), Duration::from_secs(500));
        assert_eq!(jwt(r#"{"exp":1,"iat":1000}"#), UNTOLD_LIFETIME);
        assert_eq!(
            Granted::new("opaque".into(), None).lifetime,
            UNTOLD_LIFETIME
        );
    }
}
