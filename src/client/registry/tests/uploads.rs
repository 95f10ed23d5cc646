//! Blobs on their way to a registry.

use crate::registry::testing::{Fake, Faults, Login, Tokens};
use crate::registry::{BlobUpload, Error, Hasher, Registry, Unfinished, Uploaded};
use acr_api::oci::{Algorithm, Digest, RepositoryName};
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const MIB: usize = 1024 * 1024;

fn large() -> Bytes {
    let bytes = (0..5 * MIB as u32).map(|n| (n ^ (n >> 8)) as u8);
    bytes.collect::<Vec<u8>>().into()
}

fn digest(bytes: &[u8]) -> Digest {
    Hasher::digest(Algorithm::Sha256, bytes)
}

async fn put(client: &Registry, bytes: &Bytes, digest: Digest) -> Result<(Uploaded, u64), Error> {
    let sent = Arc::new(AtomicU64::new(0));
    let progress = sent.clone();
    let from: RepositoryName = "b".parse().unwrap();
    let upload = BlobUpload {
        repository: &"a".parse().unwrap(),
        digest,
        origin: "the blob to be sent",
        content: bytes,
        mount_from: Some(&from),
        progress: Arc::new(move |n| progress.store(n, Ordering::SeqCst)),
        resumed: Arc::new(|_| {}),
    };
    let uploaded = client.put_blob(&upload).await?;
    Ok((uploaded, sent.load(Ordering::SeqCst)))
}

/// Sends a large blob, and gives the registry if it has it whole.
async fn send(faults: Faults) -> Fake {
    let fake = Fake::start(faults).await;
    let bytes = large();
    let (uploaded, sent) = put(&fake.client(), &bytes, digest(&bytes)).await.unwrap();
    assert_eq!(uploaded, Uploaded::Sent);
    assert_eq!(sent, bytes.len() as u64);
    assert!(fake.has_blob("a", &digest(&bytes)));
    assert!(fake.blob(&digest(&bytes)) == bytes);
    fake
}

#[tokio::test]
async fn a_blob_goes_in_one_request() {
    let fake = send(Faults::default()).await;
    assert_eq!(fake.count("PUT"), 1);
    assert_eq!(fake.count("PATCH"), 0);
}

#[tokio::test]
async fn a_blob_the_registry_has_elsewhere_is_mounted() {
    let fake = Fake::start(Faults::default()).await;
    fake.add_blob("b", &large());
    let client = fake.client();
    let (uploaded, sent) = put(&client, &large(), digest(&large())).await.unwrap();
    assert_eq!((uploaded, sent), (Uploaded::Mounted, 0));
    assert!(fake.has_blob("a", &digest(&large())));
    fake.with().faults.cannot_mount = true;
    let (uploaded, _) = put(&client, &large(), digest(&large())).await.unwrap();
    assert_eq!(uploaded, Uploaded::Sent);
}

#[tokio::test]
async fn a_limit_is_met_with_chunks_and_remembered() {
    let fake = send(Faults {
        limit: Some(2 * MIB),
        ..Faults::default()
    })
    .await;
    assert!(fake.count("PATCH") >= 3);
    let client = fake.client();
    put(&client, &large(), digest(&large())).await.unwrap();
    let before = fake.count("PUT");
    put(&client, &large(), digest(&large())).await.unwrap();
    assert_eq!(
        fake.count("PUT") - before,
        1,
        "the whole blob was tried again"
    );
}

#[tokio::test]
async fn a_broken_upload_goes_on_where_it_broke() {
    let fake = send(Faults {
        cut_uploads: 3,
        ..Faults::default()
    })
    .await;
    assert_eq!(fake.count("POST"), 1);
    let received: usize = fake.count("PATCH");
    assert!(received >= 2, "{received}");
}

#[tokio::test]
async fn an_upload_the_registry_forgot_begins_anew() {
    let fake = send(Faults {
        cut_uploads: 1,
        forgets: true,
        ..Faults::default()
    })
    .await;
    assert_eq!(fake.count("POST"), 2);
}

#[tokio::test]
async fn a_registry_that_forgets_every_time_is_given_up() {
    let fake = Fake::start(Faults {
        cut_uploads: 1000,
        forgets: true,
        ..Faults::default()
    })
    .await;
    let error = put(&fake.client(), &large(), digest(&large()))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("again and again"), "{error}");
}

#[tokio::test]
async fn a_throttled_upload_waits_and_goes_on() {
    send(Faults {
        throttled: 3,
        ..Faults::default()
    })
    .await;
}

#[tokio::test]
async fn the_address_of_an_upload_may_be_absolute_or_elsewhere() {
    let fake = Fake::start(Faults::default()).await;
    fake.with().login = Login::Tokens(Tokens::default());
    fake.with().faults.uploads_at = Some(fake.base());
    put(&fake.client(), &large(), digest(&large()))
        .await
        .unwrap();

    let elsewhere = Fake::start_as("uploads.localhost", Faults::default()).await;
    elsewhere.with().uploads.insert(2, Vec::new());
    fake.with().faults.uploads_at = Some(elsewhere.base());
    put(&fake.client(), &large(), digest(&large()))
        .await
        .unwrap();
    assert!(elsewhere.has_blob("a", &digest(&large())));
    let seen = elsewhere.with().log.clone();
    assert!(!seen.is_empty());
    assert!(seen.iter().all(|seen| seen.authorization.is_none()));
}

#[tokio::test]
async fn who_is_to_blame_for_a_refused_digest_is_found_out() {
    let fake = Fake::start(Faults::default()).await;
    let error = put(&fake.client(), &large(), digest(b"other"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Damage(_)), "{error}");
    assert!(error.to_string().contains("the blob to be sent"), "{error}");
}

#[tokio::test]
async fn a_registry_that_stored_something_else_is_found_out() {
    let fake = Fake::start(Faults {
        misnames: true,
        ..Faults::default()
    })
    .await;
    let error = put(&fake.client(), &large(), digest(&large()))
        .await
        .unwrap_err();
    assert!(error.is_damage(), "{error}");
}

#[tokio::test]
async fn the_smallest_blobs_go_too() {
    let fake = Fake::start(Faults::default()).await;
    let client = fake.client();
    for bytes in [Bytes::new(), Bytes::from_static(b"x")] {
        put(&client, &bytes, digest(&bytes)).await.unwrap();
        assert_eq!(fake.blob(&digest(&bytes)), bytes);
    }
}

/// A blob that is worth a note.
fn huge() -> Bytes {
    large().repeat(17 * MIB / large().len() + 1).into()
}

/// Somebody who sends `huge()` and is killed before any of it is answered.
async fn kill_halfway(fake: &Fake, client: &Registry) -> usize {
    fake.with().faults.stalls_uploads = true;
    let bytes = huge();
    let sending = put(client, &bytes, digest(&bytes));
    tokio::select! {
        _ = sending => panic!("it cannot end"),
        () = fake.stalled() => {}
    }
    let mut inner = fake.with();
    inner.faults.stalls_uploads = false;
    let kept = inner.uploads[&inner.last_upload].len();
    assert!(kept > 0 && kept < bytes.len(), "{kept}");
    kept
}

/// Sends it again, and tells what came over the wire.
async fn go_on(fake: &Fake, client: &Registry) -> usize {
    let before = fake.with().received;
    let bytes = huge();
    let (uploaded, sent) = put(client, &bytes, digest(&bytes)).await.unwrap();
    assert_eq!((uploaded, sent), (Uploaded::Sent, bytes.len() as u64));
    assert!(fake.blob(&digest(&bytes)) == bytes);
    fake.with().received - before
}

#[tokio::test]
async fn what_a_killed_run_has_sent_is_not_sent_again() {
    let fake = Fake::start(Faults::default()).await;
    let notes = tempfile::tempdir().unwrap();
    let client = || {
        let folder = notes.path().to_owned();
        fake.client().noting(Unfinished::in_folder(folder))
    };
    let notes_left = || std::fs::read_dir(notes.path()).unwrap().count();
    let kept = kill_halfway(&fake, &client()).await;
    assert_eq!(notes_left(), 1);
    assert_eq!(go_on(&fake, &client()).await, huge().len() - kept);
    assert_eq!((notes_left(), fake.count("POST")), (0, 1));

    // Without a note, and with one that leads nowhere or to something else, all of it goes.
    fake.with().blobs.clear();
    assert_eq!(go_on(&fake, &fake.client()).await, huge().len());
    type Spoil = fn(&mut Vec<u8>) -> bool;
    let spoils: [Spoil; 2] = [
        |_| false,
        |kept| {
            kept[0] ^= 1;
            true
        },
    ];
    for spoil in spoils {
        fake.with().blobs.clear();
        let kept = kill_halfway(&fake, &client()).await;
        let rest = huge().len() - kept;
        let is_kept = {
            let mut inner = fake.with();
            let last = inner.last_upload;
            let is_kept = spoil(inner.uploads.get_mut(&last).unwrap());
            if !is_kept {
                inner.uploads.remove(&last);
            }
            is_kept
        };
        let wasted = if is_kept { rest } else { 0 };
        assert_eq!(go_on(&fake, &client()).await, huge().len() + wasted);
        assert_eq!(notes_left(), 0);
    }
}
