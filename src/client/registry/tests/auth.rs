//! Challenges, tokens, passwords, and where they must not go.

use crate::registry::testing::Tokens;
use crate::registry::testing::{Fake, Faults, Login};
use crate::registry::{Credential, CredentialSource, Error, Granted, Pending};
use acr_api::auth::Scope;
use acr_http::Secret;
use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn basic(password: &str) -> Credential {
    Credential::Basic {
        username: "me".to_owned(),
        password: Secret::new(password),
    }
}

async fn with_tokens(tokens: Tokens) -> Fake {
    let fake = Fake::start(Faults::default()).await;
    fake.with().login = Login::Tokens(tokens);
    fake.add_manifest("a", "v1", "application/json", "{}");
    fake
}

async fn read(client: &crate::registry::Registry) -> Result<(), Error> {
    let reference = "v1".parse().unwrap();
    let found = client.get_manifest(&"a".parse().unwrap(), &reference).await;
    found.map(drop)
}

#[tokio::test]
async fn a_token_is_fetched_once_and_used_again() {
    let fake = with_tokens(Tokens {
        login: Some("me:pw".to_owned()),
        expires_in: Some(600),
        ..Tokens::default()
    })
    .await;
    let client = fake.client_as(basic("pw"));
    for _ in 0..3 {
        read(&client).await.unwrap();
    }
    assert_eq!(fake.count("GET /token"), 1);
    assert_eq!(fake.count("GET /v2/"), 4);
}

#[tokio::test]
async fn requests_side_by_side_share_one_token() {
    let fake = with_tokens(Tokens {
        expires_in: Some(600),
        ..Tokens::default()
    })
    .await;
    let client = fake.client();
    client.ping().await.unwrap();
    let many = (0..8).map(|_| read(&client));
    for result in futures_util::future::join_all(many).await {
        result.unwrap();
    }
    // One for the ping, which needs no scope, and one for the repository.
    assert_eq!(fake.count("GET /token"), 2);
}

#[tokio::test]
async fn a_token_too_narrow_is_widened_once() {
    let fake = with_tokens(Tokens {
        wider: Some("repository:b:pull".to_owned()),
        ..Tokens::default()
    })
    .await;
    let client = fake.client();
    client.ping().await.unwrap();
    let before = fake.with().log.len();
    read(&client).await.unwrap();
    let lines: Vec<String> = fake.with().log[before..]
        .iter()
        .map(|seen| seen.line.clone())
        .collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[2].contains("repository%3Aa%3Apull"), "{lines:?}");
    assert!(lines[2].contains("repository%3Ab%3Apull"), "{lines:?}");
}

#[tokio::test]
async fn a_registry_never_content_ends_in_its_refusal_and_not_in_a_loop() {
    let fake = with_tokens(Tokens::default()).await;
    let client = fake.client();
    client.ping().await.unwrap();
    if let Login::Tokens(tokens) = &mut fake.with().login {
        tokens.wider = Some("no-such scope".to_owned());
    }
    let before = fake.count("GET /v2/a");
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
    assert_eq!(fake.count("GET /v2/a") - before, 2);
}

#[tokio::test]
async fn a_wrong_password_is_refused_by_name() {
    let fake = with_tokens(Tokens {
        login: Some("me:pw".to_owned()),
        ..Tokens::default()
    })
    .await;
    let error = read(&fake.client_as(basic("other"))).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains(&fake.host) && text.contains("grant a token"),
        "{text}"
    );
    assert!(!text.contains("other"), "{text}");
}

/// Somebody whose first credential is stale, and who finds a better one when told so.
#[derive(Debug, Default)]
struct Forgetful {
    doubts: AtomicUsize,
    kept: Mutex<Vec<(String, Secret)>>,
}

impl CredentialSource for Forgetful {
    fn credential<'a>(&'a self, _service: &'a str) -> Pending<'a, Result<Credential, Error>> {
        let password = match self.doubts.load(Ordering::SeqCst) {
            0 => "stale",
            _ => "pw",
        };
        Box::pin(ready(Ok(basic(password))))
    }

    fn kept<'a>(&'a self, scopes: &'a [Scope]) -> Pending<'a, Option<Granted>> {
        let kept = self.kept.lock().unwrap();
        let found = kept.iter().find(|(known, _)| *known == words(scopes));
        let granted = found.map(|(_, token)| Granted {
            token: token.clone(),
            lifetime: Duration::from_secs(600),
        });
        Box::pin(ready(granted))
    }

    fn keep<'a>(&'a self, scopes: &'a [Scope], token: &'a Granted) -> Pending<'a, ()> {
        let entry = (words(scopes), token.token.clone());
        self.kept.lock().unwrap().push(entry);
        Box::pin(ready(()))
    }

    fn doubt(&self) -> Pending<'_, bool> {
        self.kept.lock().unwrap().clear();
        Box::pin(ready(self.doubts.fetch_add(1, Ordering::SeqCst) == 0))
    }
}

fn words(scopes: &[Scope]) -> String {
    scopes.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_stale_credential_is_doubted_and_what_is_granted_then_is_kept() {
    let fake = with_tokens(Tokens {
        login: Some("me:pw".to_owned()),
        expires_in: Some(600),
        ..Tokens::default()
    })
    .await;
    let source = Arc::new(Forgetful::default());
    read(&fake.client_of(source.clone())).await.unwrap();
    assert_eq!(fake.count("GET /token"), 2);
    // Somebody who comes later needs neither a challenge nor a token.
    let before = fake.with().log.len();
    read(&fake.client_of(source.clone())).await.unwrap();
    assert_eq!(fake.with().log.len() - before, 1);
    // A kept token that is taken no longer is replaced.
    for (_, token) in source.kept.lock().unwrap().iter_mut() {
        *token = Secret::new("of yesterday");
    }
    read(&fake.client_of(source.clone())).await.unwrap();
    assert_eq!(fake.count("GET /token"), 3);
}

#[tokio::test]
async fn refresh_tokens_and_services_without_get_are_posted_to() {
    for credential in [Credential::Refresh(Secret::new("r")), basic("pw")] {
        let fake = with_tokens(Tokens {
            wants_post: true,
            ..Tokens::default()
        })
        .await;
        read(&fake.client_as(credential)).await.unwrap();
        assert_eq!(fake.count("POST /token"), 1);
    }
}

#[tokio::test]
async fn a_password_goes_along_where_the_registry_wants_it() {
    let fake = Fake::start(Faults::default()).await;
    fake.with().login = Login::Basic("me:pw".to_owned());
    fake.client_as(basic("pw")).ping().await.unwrap();
    assert_eq!(fake.count("GET /v2/"), 2);
    let error = fake.client_as(basic("no")).ping().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
    let error = fake.client().ping().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 401);
}

#[tokio::test]
async fn a_login_without_the_right_is_told_which_one() {
    let fake = with_tokens(Tokens {
        withheld: Some("a".to_owned()),
        ..Tokens::default()
    })
    .await;
    let client = fake.client();
    let reading = read(&client).await.unwrap_err().to_string();
    assert!(
        reading.contains("it takes pull on the repository a"),
        "{reading}"
    );
    let (name, tag) = ("a".parse().unwrap(), "v1".parse().unwrap());
    let looking = client.head_manifest(&name, &tag).await.unwrap_err();
    assert!(
        looking.to_string().contains("pull on the repository a"),
        "{looking}"
    );
    assert_eq!(looking.status().unwrap().as_u16(), 401);
}

#[tokio::test]
async fn a_redirect_to_another_host_carries_no_credential() {
    let storage = Fake::start_as("storage.localhost", Faults::default()).await;
    let blob = storage.add_blob("x", b"somewhere else");
    let fake = with_tokens(Tokens::default()).await;
    fake.add_blob("a", b"somewhere else");
    fake.with().faults.storage = Some(storage.base());
    let client = fake.client();
    let bytes = client.get_blob_bytes(&"a".parse().unwrap(), &blob).await;
    assert_eq!(bytes.unwrap(), "somewhere else");
    let seen = storage.with().log.clone();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].authorization.is_none());
}

#[tokio::test]
async fn redirects_without_end_are_left() {
    let fake = Fake::start(Faults::default()).await;
    let blob = fake.add_blob("a", b"round and round");
    let there = format!("{}/v2/a/blobs/{}?", fake.base(), blob.digest);
    fake.with().faults.storage = Some(there);
    let error = fake
        .client()
        .get_blob_bytes(&"a".parse().unwrap(), &blob)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("without end"), "{error}");
}
