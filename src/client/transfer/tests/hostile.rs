//! Archives and folders made to do harm.

use super::images::{digest, layer, open};
use acr_api::oci::{ImageIndex, media_type};
use serde_json::json;
use std::path::PathBuf;

/// An archive of these members; names are written as they are.
fn tar_of(members: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.tar");
    let mut builder = tar::Builder::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap();
    (folder, path)
}

async fn refusal(members: &[(&str, &[u8])]) -> String {
    let (_folder, path) = tar_of(members);
    open(&path, None).await.unwrap_err().to_string()
}

#[tokio::test]
async fn names_that_lead_out_of_the_archive_lead_nowhere() {
    let manifest = |config: &str| json!([{"Config": config, "Layers": []}]).to_string();
    for config in ["../../etc/passwd", "/etc/passwd", "config/../../x"] {
        let text = manifest(config);
        let refused = refusal(&[("manifest.json", text.as_bytes()), ("../x", b"{}")]).await;
        assert!(refused.contains("it is missing"), "{refused}");
    }
}

#[tokio::test]
async fn an_archive_of_nothing_known_is_refused() {
    assert!(refusal(&[("hello", b"x")]).await.contains("neither"));
    assert!(refusal(&[]).await.contains("neither"));
}

#[tokio::test]
async fn what_is_no_archive_is_refused_without_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("noise");
    let noise: Vec<u8> = (0..4096_u32).map(|at| ((at * at) >> 3) as u8 | 1).collect();
    std::fs::write(&path, &noise).unwrap();
    let refused = open(&path, None).await.unwrap_err().to_string();
    let reason = "it is neither an OCI layout, a docker-save archive nor a gzip of one";
    let said = format!(
        "{}: {reason}; save or copy the archive again",
        path.display()
    );
    assert_eq!(refused, said);

    let (_folder, path) = tar_of(&[("hello", b"x")]);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.splice(1024.., noise);
    std::fs::write(&path, &bytes).unwrap();
    let refused = open(&path, None).await.unwrap_err().to_string();
    assert!(
        refused.contains("damaged after 1 of its members"),
        "{refused}"
    );
}

#[tokio::test]
async fn an_archive_cut_short_is_refused() {
    let (_folder, path) = tar_of(&[("oci-layout", b"{}"), ("blob", &[7; 5000])]);
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(3000).unwrap();
    let refused = open(&path, None).await.unwrap_err().to_string();
    assert!(refused.contains("breaks off inside blob"), "{refused}");
}

#[tokio::test]
async fn a_layer_that_is_not_the_one_of_the_configuration_is_refused() {
    let config = json!({"rootfs": {"diff_ids": [digest(b"something else")]}}).to_string();
    let manifest = json!([{"Config": "c", "Layers": ["l"]}]).to_string();
    let layer = layer(1, 1);
    let refused = refusal(&[
        ("manifest.json", manifest.as_bytes()),
        ("c", config.as_bytes()),
        ("l", &layer),
    ])
    .await;
    assert!(refused.contains("damaged"), "{refused}");
    let refused = refusal(&[
        ("manifest.json", manifest.as_bytes()),
        ("c", br#"{"rootfs":{}}"#),
        ("l", &layer),
    ])
    .await;
    assert!(refused.contains("it tells of 0 layers"), "{refused}");
}

#[tokio::test]
async fn links_in_a_circle_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.tar");
    let mut builder = tar::Builder::new(std::fs::File::create(&path).unwrap());
    for (name, target) in [("manifest.json", "b"), ("b", "manifest.json")] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, name, target).unwrap();
    }
    builder.into_inner().unwrap();
    let refused = open(&path, None).await.unwrap_err().to_string();
    assert!(refused.contains("circle"), "{refused}");
}

#[tokio::test]
async fn lists_nested_without_measure_are_refused() {
    use super::images::{copy, repository, to_repository};
    use crate::registry::testing::{Fake, Faults};
    let fake = Fake::start(Faults::default()).await;
    let mut below = Vec::new();
    for depth in 0..40 {
        let index = serde_json::to_string(&ImageIndex::of(below)).unwrap();
        let tag = if depth == 39 {
            "v1".to_owned()
        } else {
            format!("depth{depth}")
        };
        let found = fake.add_manifest("a", &tag, media_type::IMAGE_INDEX, &index);
        below = vec![acr_api::oci::Descriptor::new(
            media_type::IMAGE_INDEX,
            found,
            index.len() as u64,
        )];
    }
    let error = copy(repository(&fake, "a"), to_repository(&fake, "b"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("too deeply"), "{error}");
}
