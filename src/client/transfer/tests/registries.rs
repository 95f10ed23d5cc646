//! From registry to registry.

use super::images::{
    add_image, copy, copy_with, count, linux, repository, sign, to_repository, watched,
};
use crate::registry::testing::{Fake, Faults, name};
use crate::transfer::{Copy, Error, Options, State};
use acr_api::oci::Reference;

#[tokio::test]
async fn a_whole_list_arrives_and_the_second_time_nothing_moves() {
    let (from, to) = (
        Fake::start(Faults::default()).await,
        Fake::start(Faults::default()).await,
    );
    let digests = add_image(&from, "a", "v1");
    let (options, seen) = watched();
    let copied = copy_with(repository(&from, "a"), to_repository(&to, "b"), &options)
        .await
        .unwrap();
    assert_eq!(copied.digest, digests[0]);
    // Five blobs, one of them shared, and three manifests.
    assert_eq!(count(&seen, State::Done), 8);
    for digest in &digests {
        let document = to
            .client()
            .get_manifest(&name("b"), &Reference::Digest(*digest))
            .await
            .unwrap();
        assert_eq!(document.digest, *digest);
    }
    assert_eq!(
        to.client()
            .head_manifest(&name("b"), &"v1".parse().unwrap())
            .await
            .unwrap()
            .unwrap()
            .digest,
        digests[0]
    );

    let (gets, puts) = (from.count("GET"), to.count("PUT"));
    let again = copy(repository(&from, "a"), to_repository(&to, "b"))
        .await
        .unwrap();
    assert_eq!(again.digest, digests[0]);
    assert_eq!(
        from.count("GET"),
        gets,
        "a pull was counted against the source"
    );
    assert_eq!(to.count("PUT"), puts);
}

#[tokio::test]
async fn within_a_registry_blobs_are_mounted() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let (options, seen) = watched();
    copy_with(repository(&fake, "a"), to_repository(&fake, "b"), &options)
        .await
        .unwrap();
    assert_eq!(count(&seen, State::Mounted), 5);
    assert_eq!(fake.count("GET /v2/a/blobs"), 0);
}

#[tokio::test]
async fn what_the_target_has_is_skipped() {
    let (from, to) = (
        Fake::start(Faults::default()).await,
        Fake::start(Faults::default()).await,
    );
    add_image(&from, "a", "v1");
    let shared = from.with().blobs.values().next().unwrap().clone();
    to.add_blob("b", &shared);
    let (options, seen) = watched();
    copy_with(repository(&from, "a"), to_repository(&to, "b"), &options)
        .await
        .unwrap();
    assert_eq!(count(&seen, State::Skipped), 1);
    assert_eq!(to.count("POST"), 4);
}

#[tokio::test]
async fn one_platform_alone_is_copied_as_an_image() {
    let (from, to) = (
        Fake::start(Faults::default()).await,
        Fake::start(Faults::default()).await,
    );
    let digests = add_image(&from, "a", "v1");
    let copied = copy_with(
        repository(&from, "a"),
        to_repository(&to, "b"),
        &linux("arm64"),
    )
    .await
    .unwrap();
    assert_eq!(copied.digest, digests[2]);
    assert_eq!(to.with().blobs.len(), 3);
    let error = copy_with(
        repository(&from, "a"),
        to_repository(&to, "b"),
        &linux("s390x"),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::NoPlatform { .. }), "{error}");
}

#[tokio::test]
async fn referrers_go_along_where_the_api_is_and_where_it_is_not() {
    for has_no_referrers in [false, true] {
        let from = Fake::start(Faults::default()).await;
        let to = Fake::start(Faults {
            has_no_referrers,
            ..Faults::default()
        })
        .await;
        let root = add_image(&from, "a", "v1")[0];
        let signature = sign(&from, "a", root);
        let options = Options {
            has_referrers: true,
            ..Options::default()
        };
        copy_with(repository(&from, "a"), to_repository(&to, "b"), &options)
            .await
            .unwrap();
        let found = to
            .client()
            .referrers(&name("b"), &root, Some("text/signature"))
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].digest, signature);
    }
}

#[tokio::test]
async fn both_sides_may_break_off_on_the_way() {
    let from = Fake::start(Faults {
        cut_downloads: 3,
        ..Faults::default()
    })
    .await;
    let to = Fake::start(Faults {
        cut_uploads: 2,
        throttled: 1,
        ..Faults::default()
    })
    .await;
    add_image(&from, "a", "v1");
    copy(repository(&from, "a"), to_repository(&to, "b"))
        .await
        .unwrap();
    assert_eq!(to.with().blobs.len(), 5);
}

#[tokio::test]
async fn a_source_that_lies_spoils_nothing() {
    let (from, to) = (
        Fake::start(Faults {
            lies: true,
            ..Faults::default()
        })
        .await,
        Fake::start(Faults::default()).await,
    );
    add_image(&from, "a", "v1");
    let error = copy(repository(&from, "a"), to_repository(&to, "b"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert!(to.with().blobs.is_empty());
    assert!(to.with().manifests.is_empty());
}

#[tokio::test]
async fn an_image_that_is_not_there_is_refused_by_its_registry() {
    let fake = Fake::start(Faults::default()).await;
    let error = copy(repository(&fake, "a"), to_repository(&fake, "b"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("a:v1"), "{error}");
    let nameless = Copy {
        source: repository(&fake, "a"),
        from: None,
        target: to_repository(&fake, "b"),
        to: None,
    };
    assert!(matches!(
        nameless.run(&Options::default()).await.unwrap_err(),
        Error::NoImage { .. }
    ));
}
