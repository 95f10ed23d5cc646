//! Blobs on their way here.

use crate::registry::Error;
use crate::registry::testing::{Fake, Faults};
use acr_api::oci::RepositoryName;

fn a() -> RepositoryName {
    "a".parse().unwrap()
}

fn large() -> Vec<u8> {
    (0..2_000_000_u32).map(|n| (n ^ (n >> 8)) as u8).collect()
}

#[tokio::test]
async fn a_blob_that_breaks_off_is_taken_up_where_it_broke() {
    for ignores_ranges in [false, true] {
        let fake = Fake::start(Faults {
            cut_downloads: 2,
            throttled: 1,
            ignores_ranges,
            ..Faults::default()
        })
        .await;
        let blob = fake.add_blob("a", &large());
        let bytes = fake.client().get_blob_bytes(&a(), &blob).await.unwrap();
        assert!(bytes == large());
        assert_eq!(fake.count("GET /v2/a/blobs"), 4);
        let log = fake.with().log.clone();
        assert!(log.iter().any(|seen| seen.range.is_some()));
    }
}

#[tokio::test]
async fn a_lie_is_found_out() {
    let fake = Fake::start(Faults {
        lies: true,
        ..Faults::default()
    })
    .await;
    let blob = fake.add_blob("a", &large());
    let error = fake.client().get_blob_bytes(&a(), &blob).await.unwrap_err();
    assert!(matches!(&error, Error::Damage(found) if found.expected == blob.digest));
    assert!(error.to_string().contains(&fake.host), "{error}");
}

#[tokio::test]
async fn another_length_than_the_one_named_is_refused() {
    let fake = Fake::start(Faults::default()).await;
    let mut blob = fake.add_blob("a", &large());
    for size in [1_999_999, 2_000_001] {
        blob.size = size;
        let error = fake.client().get_blob_bytes(&a(), &blob).await.unwrap_err();
        assert!(error.is_damage(), "{error}");
    }
}

#[tokio::test]
async fn reading_may_begin_in_the_middle() {
    let fake = Fake::start(Faults::default()).await;
    let blob = fake.add_blob("a", &large());
    let mut download = fake.client().get_blob(&a(), &blob).from(1_500_000);
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    assert!(bytes == large()[1_500_000..]);
    assert!(download.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_host_that_never_gets_far_is_given_up() {
    let fake = Fake::start(Faults {
        throttled: 1000,
        ..Faults::default()
    })
    .await;
    let blob = fake.add_blob("a", &large());
    let error = fake.client().get_blob_bytes(&a(), &blob).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 429);
    assert!(fake.count("GET /v2/a/blobs") < 10);
}

#[tokio::test]
async fn presence_and_deletion() {
    let fake = Fake::start(Faults::default()).await;
    let blob = fake.add_blob("a", b"12345");
    let client = fake.client();
    assert_eq!(client.head_blob(&a(), &blob.digest).await.unwrap(), Some(5));
    assert!(client.delete_blob(&a(), &blob.digest).await.unwrap());
    assert_eq!(client.head_blob(&a(), &blob.digest).await.unwrap(), None);
    assert!(!client.delete_blob(&a(), &blob.digest).await.unwrap());
}

#[tokio::test]
async fn an_empty_blob_is_a_blob() {
    let fake = Fake::start(Faults::default()).await;
    let blob = fake.add_blob("a", b"");
    let bytes = fake.client().get_blob_bytes(&a(), &blob).await.unwrap();
    assert!(bytes.is_empty());
}
