//! The table: who may do what with `team/app`, with `other` and with the catalog. The letters are
//! p pull, w push, d delete, r metadata_read, m metadata_write, c catalog.

use serde_json::json;

use super::world::{NAME, TOKEN_USER, World, basic, bearer};
use crate::domain::{
    access::{Grant, exchange},
    role::{CONTRIBUTOR, OWNER, READER},
};

const ALL: &str = "pwdrm|pwdrm|c";
const READS: &str = "pr|pr|c";
const NOTHING: &str = "||";
const TEAM: &str = "!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'}) OR @Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team/'";

/// Role, condition, rights with roles on the registry, rights with roles on repositories.
const ROLES: [(&str, Option<&str>, &str, &str); 15] = [
    (OWNER, None, ALL, NOTHING),
    (CONTRIBUTOR, None, ALL, NOTHING),
    (READER, None, READS, NOTHING),
    // AcrPull, AcrPush, AcrDelete.
    ("7f951dda-4ed3-4680-a7ca-43fe172d538d", None, READS, NOTHING),
    (
        "8311e382-0749-4cb8-b61a-304f252e45ec",
        None,
        "pwr|pwr|c",
        NOTHING,
    ),
    (
        "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
        None,
        "d|d|",
        NOTHING,
    ),
    // AcrImageSigner and the quarantine's reader and writer.
    (
        "6cef56e8-d556-48e5-a04f-b8e64114680f",
        None,
        NOTHING,
        NOTHING,
    ),
    (
        "cdda3590-29a3-44f6-95f2-9f980659eb04",
        None,
        NOTHING,
        NOTHING,
    ),
    (
        "c8d4ff99-41c3-41a8-9f60-21dfdad59608",
        None,
        NOTHING,
        NOTHING,
    ),
    // Repository Reader, Writer, Contributor, Catalog Lister.
    (
        "b93aa761-3e63-49ed-ac28-beffa264f7ac",
        None,
        NOTHING,
        "pr|pr|",
    ),
    (
        "2a1e307c-b015-4ebd-883e-5b7698a07328",
        None,
        NOTHING,
        "pwrm|pwrm|",
    ),
    (
        "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
        None,
        NOTHING,
        "pwdrm|pwdrm|",
    ),
    ("bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7", None, NOTHING, "||c"),
    // The Repository Reader, of what is below `team/`.
    (
        "b93aa761-3e63-49ed-ac28-beffa264f7ac",
        Some(TEAM),
        NOTHING,
        "pr|r|",
    ),
    // Importer and reader.
    ("577a9874-89fd-4f24-9dbd-b5034d0ad23a", None, READS, READS),
];

/// Scope maps of tokens, and their rights in both modes.
const MAPS: [(&str, &str); 7] = [
    ("_repositories_admin", "pwdrm|pwdrm|"),
    ("_repositories_pull", "p|p|"),
    ("_repositories_pull_metadata_read", "pr|pr|"),
    ("_repositories_push", "pw|pw|"),
    ("_repositories_push_metadata_write", "pwrm|pwrm|"),
    ("team-map", "pd|r|"),
    ("other-map", "|w|"),
];

async fn check(world: &World, is_by_repository: bool) {
    for (role, condition, registry_rights, repository_rights) in ROLES {
        let expected = match is_by_repository {
            true => repository_rights,
            false => registry_rights,
        };
        let program = world.program().await;
        // Every other role is held at the group, and reaches down.
        let scope = match role.as_bytes()[0].is_ascii_digit() {
            true => world.server.group(),
            false => world.id(),
        };
        world.assign(&scope, &program, role, condition).await;
        let secret = program.secret.expose();
        let case = format!("{role} by repository: {is_by_repository}");
        assert_eq!(
            world.rights(&basic(&program.app_id, secret)).await,
            expected,
            "{case}"
        );
        let grant = Grant::Password(&program.app_id, secret);
        let token = world.granted(grant).await.unwrap();
        assert_eq!(
            world.rights(&bearer(&token)).await,
            expected,
            "{case}: token"
        );
        check_exchange(world, &program.app_id, secret, expected).await;
    }
    for (number, (map, expected)) in MAPS.into_iter().enumerate() {
        let name = format!("token{number}{is_by_repository}");
        for password in world.token(&name, map, None).await {
            assert_eq!(
                world.rights(&basic(&name, &password)).await,
                expected,
                "{map}"
            );
            let grant = Grant::Password(&name, &password);
            let token = world.granted(grant).await.unwrap();
            assert_eq!(
                world.rights(&bearer(&token)).await,
                expected,
                "{map}: token"
            );
        }
    }
    let password = world.admin_password().await;
    assert_eq!(world.rights(&basic(NAME, &password)).await, ALL);
    assert_eq!(world.rights(&basic("CONTOSO", &password)).await, ALL);
    let token = world
        .granted(Grant::Password(NAME, &password))
        .await
        .unwrap();
    assert_eq!(world.rights(&bearer(&token)).await, ALL);
    let token = world.granted(Grant::Anonymous).await.unwrap();
    assert_eq!(world.rights(&bearer(&token)).await, READS);
}

/// The way of az: a token of the directory, then a refresh token, then an access token; and the
/// refresh and the access token each as a password.
async fn check_exchange(world: &World, app_id: &str, secret: &str, expected: &str) {
    let answer = world.server.client_credentials(app_id, secret).await;
    let directory = answer.json()["access_token"].as_str().unwrap().to_owned();
    let registry = world.registry().await;
    let refresh = exchange(&world.server.app, &registry, &directory).await;
    // A condition is about repositories: whether it leaves anything is not known beforehand.
    if expected == NOTHING {
        assert!(refresh.is_err(), "{expected}");
        return;
    }
    let refresh = refresh.unwrap();
    let token = world.granted(Grant::Refresh(&refresh)).await.unwrap();
    assert_eq!(world.rights(&bearer(&token)).await, expected);
    for password in [&refresh, &token] {
        assert_eq!(world.rights(&basic(TOKEN_USER, password)).await, expected);
        let grant = Grant::Password(TOKEN_USER, password);
        let again = world.granted(grant).await.unwrap();
        assert_eq!(world.rights(&bearer(&again)).await, expected);
    }
}

#[tokio::test]
async fn every_identity_may_do_exactly_this() {
    let world = World::with(
        "Standard",
        json!({"adminUserEnabled": true, "anonymousPullEnabled": true}),
    )
    .await;
    for (map, actions) in [
        (
            "team-map",
            json!([
                "repositories/team/*/content/read",
                "repositories/team/app/content/delete",
                "repositories/other/metadata/read",
                "gateway/edge01/config/read"
            ]),
        ),
        ("other-map", json!(["repositories/other/content/write"])),
    ] {
        let path = format!("{}/scopeMaps/{map}", world.id());
        let body = json!({"properties": {"actions": actions}});
        world.done("PUT", &path, body).await;
    }
    check(&world, false).await;
    world
        .patch(json!({"roleAssignmentMode": "AbacRepositoryPermissions"}))
        .await;
    check(&world, true).await;
}

#[tokio::test]
async fn roles_on_another_registry_are_worth_nothing_here() {
    let world = World::with("Basic", json!({})).await;
    world.server.create("fabrikam", "Basic", json!({})).await;
    let program = world.program().await;
    let other = world.server.registry("fabrikam");
    world.assign(&other, &program, OWNER, None).await;
    let login = basic(&program.app_id, program.secret.expose());
    assert_eq!(world.rights(&login).await, NOTHING);
}
