//! To and from layout folders.

use super::images::{
    add_image, copy, copy_with, count, open, repository, sign, to_repository, watched,
};
use crate::registry::testing::{Fake, Faults, name};
use crate::transfer::{Error, Options, State, Target};
use std::path::Path;

async fn layout(folder: &Path, name: Option<&str>) -> Target {
    Target::layout(folder.to_owned(), name.map(str::to_owned))
        .await
        .unwrap()
}

fn blobs(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("blobs/sha256"))
        .unwrap()
        .count()
}

#[tokio::test]
async fn an_image_survives_the_way_through_a_folder() {
    let fake = Fake::start(Faults::default()).await;
    let root = add_image(&fake, "a", "v1")[0];
    sign(&fake, "a", root);
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        has_referrers: true,
        ..Options::default()
    };
    copy_with(
        repository(&fake, "a"),
        layout(folder.path(), None).await,
        &options,
    )
    .await
    .unwrap();
    // Five blobs and three manifests, and what the signature adds.
    assert_eq!(blobs(folder.path()), 10);
    assert!(!folder.path().join(".partial").exists());

    let to = Fake::start(Faults::default()).await;
    let source = open(folder.path(), None).await.unwrap();
    let copied = copy_with(source, to_repository(&to, "b"), &options)
        .await
        .unwrap();
    assert_eq!(copied.digest, root);
    assert_eq!(
        to.client()
            .referrers(&name("b"), &root, None)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_folder_holds_several_images_by_name() {
    let fake = Fake::start(Faults::default()).await;
    let digests = add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    copy(
        repository(&fake, "a"),
        layout(folder.path(), Some("one")).await,
    )
    .await
    .unwrap();
    let (options, seen) = watched();
    copy_with(
        repository(&fake, "a"),
        layout(folder.path(), Some("host/app:two")).await,
        &options,
    )
    .await
    .unwrap();
    assert_eq!(count(&seen, State::Skipped), 5);
    for wanted in [
        "one",
        "two",
        "app:two",
        "host/app:two",
        &digests[0].to_string(),
    ] {
        open(folder.path(), Some(wanted)).await.unwrap();
    }
    // Both names are of one image, so there is no doubt.
    open(folder.path(), None).await.unwrap();
    let error = open(folder.path(), Some("three")).await.unwrap_err();
    assert!(error.to_string().contains("one, host/app:two"), "{error}");
}

#[tokio::test]
async fn what_a_broken_pull_left_is_taken_up() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let target = layout(folder.path(), None).await;
    let (digest, bytes) = {
        let inner = fake.with();
        let largest = inner
            .blobs
            .iter()
            .max_by_key(|(_, bytes)| bytes.len())
            .unwrap();
        (*largest.0, largest.1.clone())
    };
    let partial = folder.path().join(".partial");
    std::fs::create_dir(&partial).unwrap();
    let path = partial.join(format!("sha256-{}", digest.encoded()));
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    copy(repository(&fake, "a"), target).await.unwrap();
    let written = folder.path().join("blobs/sha256").join(digest.encoded());
    assert!(std::fs::read(written).unwrap() == bytes);
    let asked = format!("bytes={}-", bytes.len() / 2);
    let log = fake.with().log.clone();
    assert!(log.iter().any(|seen| seen.range.as_ref() == Some(&asked)));
}

#[tokio::test]
async fn what_was_damaged_in_the_folder_is_fetched_again() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let target = layout(folder.path(), None).await;
    copy(repository(&fake, "a"), target).await.unwrap();
    let (digest, bytes) = {
        let inner = fake.with();
        let (digest, bytes) = inner.blobs.iter().next().unwrap();
        (*digest, bytes.clone())
    };
    let path = folder.path().join("blobs/sha256").join(digest.encoded());
    let mut damaged = bytes.to_vec();
    damaged[0] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let target = layout(folder.path(), None).await;
    copy(repository(&fake, "a"), target).await.unwrap();
    assert!(std::fs::read(&path).unwrap() == bytes);
}

#[tokio::test]
async fn a_wrong_remainder_is_found_out_and_not_kept() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let partial = folder.path().join(".partial");
    let digests: Vec<_> = fake.with().blobs.keys().copied().collect();
    let target = layout(folder.path(), None).await;
    std::fs::create_dir(&partial).unwrap();
    for digest in &digests {
        std::fs::write(
            partial.join(format!("sha256-{}", digest.encoded())),
            b"wrong",
        )
        .unwrap();
    }
    let error = copy(repository(&fake, "a"), target).await.unwrap_err();
    assert!(matches!(error, Error::Damage(_)), "{error}");
    // Each run takes away what it found wrong, until all is right.
    for _ in 0..digests.len() {
        if copy(repository(&fake, "a"), layout(folder.path(), None).await)
            .await
            .is_ok()
        {
            assert_eq!(blobs(folder.path()), 8);
            return;
        }
    }
    panic!("the wrong remainders stayed");
}

#[tokio::test]
async fn a_lie_does_not_reach_the_folder() {
    let fake = Fake::start(Faults {
        lies: true,
        ..Faults::default()
    })
    .await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let error = copy(repository(&fake, "a"), layout(folder.path(), None).await)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
    assert!(!folder.path().join("blobs").exists());
    assert!(!folder.path().join("index.json").exists());
}

#[tokio::test]
async fn a_pull_that_got_nothing_leaves_nothing() {
    let fake = Fake::start(Faults::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("new/deep");
    copy(repository(&fake, "a"), layout(&deep, None).await)
        .await
        .unwrap_err();
    assert!(!folder.path().join("new").exists());

    // What was there stays, and so does what the next run can take up.
    add_image(&fake, "a", "v1");
    copy(repository(&fake, "a"), layout(&deep, None).await)
        .await
        .unwrap();
    let before = blobs(&deep);
    copy(repository(&fake, "none"), layout(&deep, None).await)
        .await
        .unwrap_err();
    assert_eq!(blobs(&deep), before);
    open(&deep, Some("v1")).await.unwrap();
}

#[tokio::test]
async fn a_pull_that_broke_off_keeps_what_it_got() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let whole = {
        let mut inner = fake.with();
        let largest = inner.blobs.iter().max_by_key(|(_, bytes)| bytes.len());
        let lost = *largest.unwrap().0;
        inner.blobs.remove(&lost);
        inner.blobs.len()
    };
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new");
    let started = target
        .join(".partial")
        .join(format!("sha256-{}", "a".repeat(64)));
    let one_by_one = Options {
        parallel: std::num::NonZeroUsize::MIN,
        ..Options::default()
    };
    let writer = layout(&target, None).await;
    std::fs::create_dir(target.join(".partial")).unwrap();
    std::fs::write(&started, b"from another run").unwrap();
    copy_with(repository(&fake, "a"), writer, &one_by_one)
        .await
        .unwrap_err();
    let kept = blobs(&target);
    assert!(kept > 0 && kept <= whole, "{kept}");
    assert!(started.exists() && target.join("oci-layout").exists());
    let left: Vec<_> = std::fs::read_dir(target.join(".partial"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "an empty beginning is no use: {left:?}");
}

#[tokio::test]
async fn a_damaged_folder_is_not_pushed() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    copy(repository(&fake, "a"), layout(folder.path(), None).await)
        .await
        .unwrap();
    let digest = *fake
        .with()
        .blobs
        .iter()
        .max_by_key(|(_, bytes)| bytes.len())
        .unwrap()
        .0;
    let path = folder.path().join("blobs/sha256").join(digest.encoded());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[99] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let to = Fake::start(Faults::default()).await;
    let error = copy(
        open(folder.path(), None).await.unwrap(),
        to_repository(&to, "b"),
    )
    .await
    .unwrap_err();
    let named = format!("{}: it is damaged", path.display());
    assert!(error.to_string().starts_with(&named), "{error}");
    std::fs::write(&path, "short").unwrap();
    let error = copy(
        open(folder.path(), None).await.unwrap(),
        to_repository(&to, "b"),
    )
    .await
    .unwrap_err();
    assert!(error.to_string().contains("should have"), "{error}");
    assert!(to.with().manifests.is_empty());
}
