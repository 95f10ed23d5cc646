//! Against a real registry, docker-registry, if there is one on this machine.

use super::images::{add_image, open, repository};
use crate::registry::testing::{Fake, Faults, name};
use crate::registry::{Credential, Endpoint, Registry};
use crate::transfer::{Copy, Options, Source, Target};
use acr_http::{Client, Settings};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

struct Peer {
    child: Child,
    registry: Registry,
    _folder: tempfile::TempDir,
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the peer on a free port; `None`, said aloud, if it is not installed.
async fn start() -> Option<Peer> {
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    drop(listener);
    let config = format!(
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {}\n  delete:\n    enabled: true\nhttp:\n  addr: {host}\n",
        folder.path().join("data").display()
    );
    let path = folder.path().join("config.yml");
    std::fs::write(&path, config).unwrap();
    let spawned = Command::new("docker-registry")
        .arg("serve")
        .arg(&path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(child) = spawned else {
        eprintln!("NOT RUN: docker-registry is not installed");
        return None;
    };
    let registry = Registry::new(
        Client::new(Settings::default()),
        Endpoint::plain(&host).unwrap(),
        Arc::new(Credential::Anonymous),
    );
    let peer = Peer {
        child,
        registry,
        _folder: folder,
    };
    for _ in 0..100 {
        if peer.registry.ping().await.is_ok() {
            return Some(peer);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("docker-registry does not answer");
}

#[tokio::test]
async fn an_image_goes_to_a_real_registry_and_back() {
    let Some(peer) = start().await else { return };
    let fake = Fake::start(Faults::default()).await;
    let root = add_image(&fake, "a", "v1")[0];
    let tag = || Some("v1".parse().unwrap());
    let team = name("team/app");
    let options = Options::default();
    let push = Copy {
        source: repository(&fake, "a"),
        from: tag(),
        target: Target::Registry(peer.registry.clone(), team.clone()),
        to: tag(),
    };
    assert_eq!(push.run(&options).await.unwrap().digest, root);
    assert_eq!(
        peer.registry.tags(&team, Some(1)).all().await.unwrap(),
        ["v1"]
    );
    assert_eq!(
        peer.registry.catalog(None).all().await.unwrap(),
        ["team/app"]
    );
    assert!(
        peer.registry
            .referrers(&team, &root, None)
            .await
            .unwrap()
            .is_empty()
    );

    let folder = tempfile::tempdir().unwrap();
    let pull = Copy {
        source: Source::Registry(peer.registry.clone(), team.clone()),
        from: tag(),
        target: Target::layout(folder.path().to_owned(), None)
            .await
            .unwrap(),
        to: tag(),
    };
    assert_eq!(pull.run(&options).await.unwrap().digest, root);

    // Within the registry the blobs are mounted, and from the folder they are there already.
    let copy = Copy {
        source: Source::Registry(peer.registry.clone(), team.clone()),
        from: tag(),
        target: Target::Registry(peer.registry.clone(), name("other")),
        to: tag(),
    };
    copy.run(&options).await.unwrap();
    let again = Copy {
        source: open(folder.path(), None).await.unwrap(),
        from: None,
        target: Target::Registry(peer.registry.clone(), name("other")),
        to: tag(),
    };
    assert_eq!(again.run(&options).await.unwrap().digest, root);
    assert!(
        peer.registry
            .delete_manifest(&name("other"), &root.into())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn chunks_reach_a_real_registry() {
    let Some(peer) = start().await else { return };
    let bytes: bytes::Bytes = (0..40_000_000_u32)
        .map(|n| (n >> 7) as u8)
        .collect::<Vec<_>>()
        .into();
    peer.registry.insist_on_chunks();
    let digest = peer
        .registry
        .put_blob_bytes(&name("a"), bytes.clone())
        .await
        .unwrap();
    let found = peer.registry.head_blob(&name("a"), &digest).await.unwrap();
    assert_eq!(found, Some(bytes.len() as u64));
}
