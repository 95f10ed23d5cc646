//! To and from archives.

use super::images::{
    add_image, copy, copy_with, digest, gzip, layer, linux, open, repository, to_repository,
};
use crate::registry::testing::{Fake, Faults};
use crate::transfer::{ArchiveFormat, Error, Input, Local, Output, Source, Target};
use acr_api::oci::Digest;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

fn archive(path: &Path, format: ArchiveFormat) -> Target {
    Target::archive(
        Output::File(path.to_owned()),
        format,
        Some("app:v1".to_owned()),
    )
    .unwrap()
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_image_survives_the_way_through_a_file_or_a_stream() {
    let fake = Fake::start(Faults::default()).await;
    let root = add_image(&fake, "a", "v1")[0];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    copy(repository(&fake, "a"), archive(&path, ArchiveFormat::Oci))
        .await
        .unwrap();
    let shared = Shared::default();
    let stream = Output::Stream(Box::new(shared.clone()));
    let target = Target::archive(stream, ArchiveFormat::Oci, None).unwrap();
    copy(repository(&fake, "a"), target).await.unwrap();
    let streamed = shared.0.lock().unwrap().clone();
    let packed = gzip(&streamed);
    let stream = |bytes: Vec<u8>| Input::Stream(Box::new(std::io::Cursor::new(bytes)));
    for input in [Input::Path(path), stream(streamed), stream(packed)] {
        let to = Fake::start(Faults::default()).await;
        let local = Local::open(input, Some("v1".to_owned())).await.unwrap();
        let copied = copy(Source::Local(local), to_repository(&to, "b"))
            .await
            .unwrap();
        assert_eq!(copied.digest, root);
        assert_eq!(to.with().blobs.len(), 5);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_failed_pull_leaves_no_file() {
    let fake = Fake::start(Faults {
        lies: true,
        ..Faults::default()
    })
    .await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    copy(repository(&fake, "a"), archive(&path, ArchiveFormat::Oci))
        .await
        .unwrap_err();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

pub(super) fn members(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(std::fs::File::open(path).unwrap());
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let mut bytes = Vec::new();
        Read::read_to_end(&mut entry, &mut bytes).unwrap();
        (name, bytes)
    };
    archive.entries().unwrap().map(read).collect()
}

#[tokio::test]
async fn for_docker_the_layers_are_unpacked() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    copy_with(
        repository(&fake, "a"),
        archive(&path, ArchiveFormat::Docker),
        &linux("amd64"),
    )
    .await
    .unwrap();
    let members = members(&path);
    let find = |name: &str| &members.iter().find(|(found, _)| found == name).unwrap().1;
    let manifest: Value = serde_json::from_slice(find("manifest.json")).unwrap();
    assert_eq!(manifest[0]["RepoTags"], json!(["app:v1"]));
    let layers = [layer(9, 9), layer(0, 1)];
    for (n, layer) in layers.iter().enumerate() {
        let name = manifest[0]["Layers"][n].as_str().unwrap();
        assert_eq!(name, format!("{}/layer.tar", digest(layer).encoded()));
        assert!(find(name) == layer);
    }
    let config: Value =
        serde_json::from_slice(find(manifest[0]["Config"].as_str().unwrap())).unwrap();
    assert_eq!(config["architecture"], "amd64");

    let to = Fake::start(Faults::default()).await;
    let source = open(&path, None).await.unwrap();
    copy(source, to_repository(&to, "b")).await.unwrap();
    let unpacked: Vec<Digest> = to
        .with()
        .blobs
        .values()
        .filter_map(|blob| {
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(blob.as_slice())
                .read_to_end(&mut bytes)
                .ok()?;
            Some(digest(&bytes))
        })
        .collect();
    assert!(layers.iter().all(|layer| unpacked.contains(&digest(layer))));
}

#[tokio::test]
async fn for_docker_a_list_must_be_narrowed() {
    let fake = Fake::start(Faults::default()).await;
    add_image(&fake, "a", "v1");
    let folder = tempfile::tempdir().unwrap();
    let target = archive(&folder.path().join("x.tar"), ArchiveFormat::Docker);
    let error = copy(repository(&fake, "a"), target).await.unwrap_err();
    assert!(matches!(error, Error::Unfit(_)), "{error}");
    assert_eq!(fake.count("GET /v2/a/blobs"), 0);
}

#[tokio::test]
async fn layers_of_docker_may_be_links_and_images_are_told_apart_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.tar");
    let mut builder = tar::Builder::new(std::fs::File::create(&path).unwrap());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, bytes).unwrap();
    };
    let config = json!({"rootfs": {"diff_ids": [digest(&layer(1, 1)), digest(&layer(1, 1))]}});
    add("one/layer.tar", &layer(1, 1));
    add("one.json", config.to_string().as_bytes());
    add("two.json", format!("{config} ").as_bytes());
    let image = |tag: &str, config: &str| json!({"Config": config, "RepoTags": [tag], "Layers": ["one/layer.tar", "two/layer.tar"]});
    add(
        "manifest.json",
        json!([image("app:v1", "one.json"), image("other:v2", "two.json")])
            .to_string()
            .as_bytes(),
    );
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder
        .append_link(&mut header, "two/layer.tar", "../one/layer.tar")
        .unwrap();
    builder.into_inner().unwrap();

    let error = open(&path, None).await.unwrap_err();
    assert!(error.to_string().contains("app:v1, other:v2"), "{error}");
    let to = Fake::start(Faults::default()).await;
    copy(
        open(&path, Some("other:v2")).await.unwrap(),
        to_repository(&to, "b"),
    )
    .await
    .unwrap();
    assert_eq!(to.with().blobs.len(), 2);
}
