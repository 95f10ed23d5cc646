//! Network rules come before credentials.

use std::net::IpAddr;

use serde_json::json;

use super::world::{NAME, World, basic};
use crate::domain::access::{Demand, Knock, Refusal, admit};

#[tokio::test]
async fn an_address_without_a_rule_is_told_so_and_nothing_else() {
    let world = World::with(
        "Premium",
        json!({"adminUserEnabled": true, "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}}),
    )
    .await;
    let right = basic(NAME, &world.admin_password().await);
    let registry = world.registry().await;
    let from = async |peer: Option<&str>, authorization: Option<&str>| {
        let knock = Knock {
            registry: &registry,
            peer: peer.map(|peer| peer.parse::<IpAddr>().unwrap()),
            authorization,
        };
        admit(&world.server.app, knock, Demand::Entry).await
    };
    for authorization in [None, Some(right.as_str())] {
        for peer in [Some("127.0.0.1"), Some("::1"), Some("203.0.114.1"), None] {
            let Err(refusal) = from(peer, authorization).await else {
                panic!("{peer:?} was let in");
            };
            assert!(matches!(refusal, Refusal::Network(_)), "{refusal:?}");
            assert!(
                refusal
                    .challenge(&registry.login_server, "https://x")
                    .is_none()
            );
            let shown = peer.unwrap_or("unknown");
            let body = String::from_utf8(refusal.body().to_bytes()).unwrap();
            assert_eq!(
                body,
                format!(
                    "{{\"errors\":[{{\"code\":\"DENIED\",\"message\":\"client with IP '{shown}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.\"}}]}}\n"
                )
            );
        }
    }
    assert!(from(Some("203.0.113.9"), Some(&right)).await.is_ok());
    assert!(from(Some("::ffff:203.0.113.9"), Some(&right)).await.is_ok());
    let unknown = from(Some("203.0.113.9"), None).await;
    assert!(matches!(unknown, Err(Refusal::Unauthorized { .. })));
}
