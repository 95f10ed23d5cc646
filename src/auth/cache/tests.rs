//! The store on disk: what it keeps, and what it does not believe.

use super::vault::{FILE, Keyring, Vault};
use super::{StoredLogin, TokenKey};
use crate::file;
use crate::link::Link;
use crate::testing::{Home, NOW, now};
use crate::token::AccessToken;
use acr_http::Secret;
use chrono::DateTime;
use keyring::CredentialStore;
use keyring::mock::Store;
use std::sync::{Arc, OnceLock};

fn with(home: &Home, keyring: Keyring) -> Vault {
    Vault::with_keyring(home.path(), now, keyring)
}

fn vault(home: &Home) -> Vault {
    with(home, || None)
}

fn sealed(home: &Home) -> Vault {
    static KEYRING: OnceLock<Arc<Store>> = OnceLock::new();
    with(home, || {
        let store = KEYRING.get_or_init(|| Store::new().unwrap());
        Some(Arc::clone(store) as Arc<CredentialStore>)
    })
}

fn token(seconds: i64) -> AccessToken {
    AccessToken {
        secret: Secret::new("hunter2"),
        expires_at: DateTime::from_timestamp(NOW + seconds, 0).unwrap(),
        source: Link::Variables,
    }
}

fn key() -> TokenKey {
    TokenKey::of(&["authority", "client"])
}

fn found(vault: &Vault) -> Option<String> {
    let token = vault.token(&key(), Link::Variables)?;
    Some(token.secret.expose().to_owned())
}

#[tokio::test]
async fn tokens_outlive_the_process_and_are_for_the_owner_alone() {
    let home = Home::new();
    assert_eq!(found(&vault(&home)), None);
    vault(&home).put_token(&key(), &token(3600)).await;
    assert_eq!(found(&vault(&home)).unwrap(), "hunter2");
    assert!(file::is_private(&home.path().join(FILE)).unwrap());
    assert_ne!(key(), TokenKey::of(&["authorityc", "lient"]));
}

#[tokio::test]
async fn tokens_near_their_end_are_not_given_and_ended_ones_not_kept() {
    let home = Home::new();
    vault(&home).put_token(&key(), &token(299)).await;
    assert_eq!(found(&vault(&home)), None);
    let path = home.path().join(FILE);
    assert!(std::fs::read_to_string(&path).unwrap().contains("hunter2"));
    vault(&home).put_token(&key(), &token(0)).await;
    assert!(!std::fs::read_to_string(&path).unwrap().contains("hunter2"));
}

#[tokio::test]
async fn broken_files_are_replaced() {
    let home = Home::new();
    for content in ["", "{", "[]", "{\"tokens\": 5}", "{\"sealed\": \"AAAA\"}"] {
        file::replace(&home.path().join(FILE), content.as_bytes()).unwrap();
        assert_eq!(found(&vault(&home)), None, "{content}");
        vault(&home).put_token(&key(), &token(3600)).await;
        assert!(found(&vault(&home)).is_some(), "{content}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_may_touch_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    vault(&home).put_token(&key(), &token(3600)).await;
    let path = home.path().join(FILE);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(found(&vault(&home)), None);
    vault(&home).put_token(&key(), &token(3600)).await;
    assert!(file::is_private(&path).unwrap());
    assert!(found(&vault(&home)).is_some());
}

#[tokio::test]
async fn with_a_keyring_the_file_tells_nothing() {
    let home = Home::new();
    sealed(&home).put_token(&key(), &token(3600)).await;
    let text = std::fs::read_to_string(home.path().join(FILE)).unwrap();
    assert!(text.starts_with("{\"sealed\":") && !text.contains("hunter2"));
    assert_eq!(found(&sealed(&home)).unwrap(), "hunter2");
    assert_eq!(found(&vault(&home)), None, "without the keyring");
}

#[tokio::test]
async fn the_keyring_is_not_touched_while_no_secret_is_needed() {
    let home = Home::new();
    let vault = with(&home, || panic!("the keyring was opened"));
    assert_eq!(found(&vault), None);
    assert!(vault.login("https://login").is_none());
}

#[tokio::test]
async fn logins_are_kept_renewed_and_forgotten() {
    let home = Home::new();
    let login = StoredLogin::new("t", "me", "rt-1");
    vault(&home).put_login("https://login", login.clone()).await;
    assert!(!format!("{login:?}").contains("rt-1"));
    let renewed = login.renewed(Secret::new("rt-2"));
    vault(&home).put_login("https://login", renewed).await;
    let stored = vault(&home).login("https://login").unwrap();
    assert_eq!(stored.refresh_token().expose(), "rt-2");
    assert!(vault(&home).remove_login("https://login").await);
    assert!(!vault(&home).remove_login("https://login").await);
}

#[tokio::test]
async fn writers_take_turns() {
    let home = Arc::new(Home::new());
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..12 {
        let home = Arc::clone(&home);
        tasks.spawn(async move {
            let key = TokenKey::of(&[&number.to_string()]);
            vault(&home).put_token(&key, &token(3600)).await;
        });
    }
    tasks.join_all().await;
    for number in 0..12 {
        let key = TokenKey::of(&[&number.to_string()]);
        assert!(vault(&home).token(&key, Link::Variables).is_some());
    }
}
