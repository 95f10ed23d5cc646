//! Folders and archives that lack something: what is said of each.

use super::images::{add_image, copy, copy_with, gzip, linux, open, repository, to_repository};
use crate::registry::testing::{Fake, Faults};
use crate::transfer::{ArchiveFormat, Error, Output, Target};
use serde_json::Value;
use std::path::{Path, PathBuf};

const FOLDER: &str = "; pull or copy the image into the folder again";
const ARCHIVE: &str = "; save or copy the archive again";

/// Folders and archives of one image, made anew for each damage.
struct Stand {
    fake: Fake,
    folder: tempfile::TempDir,
}

impl Stand {
    async fn set() -> Self {
        let fake = Fake::start(Faults::default()).await;
        add_image(&fake, "a", "v1");
        Self {
            fake,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    async fn layout(&self) -> PathBuf {
        let path = self.folder.path().join("layout");
        let _ = std::fs::remove_dir_all(&path);
        let target = Target::layout(path.clone(), None).await.unwrap();
        let source = repository(&self.fake, "a");
        copy_with(source, target, &linux("amd64")).await.unwrap();
        path
    }

    async fn archive(&self, format: ArchiveFormat) -> PathBuf {
        let path = self.folder.path().join("image.tar");
        let target = Target::archive(Output::File(path.clone()), format, None).unwrap();
        let source = repository(&self.fake, "a");
        copy_with(source, target, &linux("amd64")).await.unwrap();
        path
    }

    /// What is said as the image at `path` is to be pushed.
    async fn refusal(&self, path: &Path) -> String {
        let to = Fake::start(Faults::default()).await;
        let pushed = async {
            let source = open(path, None).await?;
            copy(source, to_repository(&to, "b")).await
        };
        let error: Error = pushed.await.unwrap_err();
        let said = error.to_string();
        assert!(!said.contains('\n'), "{said}");
        said
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The blob that a descriptor names.
fn blob(layout: &Path, descriptor: &Value) -> PathBuf {
    let digest = descriptor["digest"].as_str().unwrap();
    layout.join("blobs").join(digest.replace(':', "/"))
}

/// The manifest of the only image of a layout, and where its configuration and its first layer are.
fn parts(layout: &Path) -> [PathBuf; 3] {
    let manifest = blob(layout, &json(&layout.join("index.json"))["manifests"][0]);
    let read = json(&manifest);
    let [config, first] = [&read["config"], &read["layers"][0]].map(|part| blob(layout, part));
    [manifest, config, first]
}

fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap();
}

fn cut(path: &Path, left: u64) {
    let file = std::fs::OpenOptions::new().write(true).open(path);
    file.unwrap().set_len(left).unwrap();
}

fn spoil(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[7] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// A damage, which tells the file it did it to, and the sentence about that file.
type Damage = (fn(&Path) -> PathBuf, &'static str);

#[tokio::test]
async fn what_is_wrong_with_a_folder_is_said_of_its_file() {
    let damages: &[Damage] = &[
        (|at| at.join("oci-layout"), "it is empty"),
        (|at| at.join("oci-layout"), "it is no JSON: "),
        (
            |at| at.join("oci-layout"),
            "it tells no version of the layout",
        ),
        (|at| at.join("index.json"), "it is missing"),
        (|at| at.join("index.json"), "it is empty"),
        (|at| at.join("index.json"), "it is no JSON: "),
        (|at| at.join("index.json"), "it is a manifest and no index"),
        (|at| parts(at)[0].clone(), "it is missing"),
        (|at| parts(at)[0].clone(), "it should have "),
        (
            |at| parts(at)[0].clone(),
            "it is damaged: it has the digest sha256:",
        ),
        (|at| parts(at)[1].clone(), "it is missing"),
        (|at| parts(at)[1].clone(), "it should have "),
        (
            |at| parts(at)[1].clone(),
            "it is damaged: it has the digest sha256:",
        ),
        (|at| parts(at)[2].clone(), "it is missing"),
        (|at| parts(at)[2].clone(), "it should have "),
        (
            |at| parts(at)[2].clone(),
            "it is damaged: it has the digest sha256:",
        ),
    ];
    let stand = Stand::set().await;
    for (file, said) in damages {
        let layout = stand.layout().await;
        let file = file(&layout);
        match *said {
            "it is missing" => remove(&file),
            "it is empty" => cut(&file, 0),
            "it is no JSON: " => cut(&file, 9),
            "it should have " => cut(&file, 100),
            "it tells no version of the layout" => std::fs::write(&file, "{}").unwrap(),
            "it is a manifest and no index" => {
                std::fs::copy(&parts(&layout)[0], &file).map(drop).unwrap();
            }
            _ => spoil(&file),
        }
        let refusal = stand.refusal(&layout).await;
        let beginning = format!("{}: {said}", file.display());
        assert!(refusal.starts_with(&beginning), "{beginning}\n{refusal}");
        assert!(refusal.ends_with(FOLDER), "{refusal}");
    }
}

#[tokio::test]
async fn a_folder_that_is_no_layout_or_of_another_version_is_not_to_be_pulled_again() {
    let stand = Stand::set().await;
    let layout = stand.layout().await;
    let mark = layout.join("oci-layout");
    std::fs::write(&mark, r#"{"imageLayoutVersion":"2.0.0"}"#).unwrap();
    let refusal = stand.refusal(&layout).await;
    let reason = "layouts of version \"2.0.0\" are not known; write it as version 1.0.0";
    assert_eq!(refusal, format!("{}: {reason}", mark.display()));
    remove(&mark);
    let refusal = stand.refusal(&layout).await;
    let reason = "it is no OCI layout: it has no file oci-layout; name the folder that has one";
    assert_eq!(refusal, format!("{}: {reason}", layout.display()));
}

#[tokio::test]
async fn a_manifest_that_is_none_is_named_by_its_file() {
    let stand = Stand::set().await;
    let layout = stand.layout().await;
    let bytes = b"no manifest";
    let digest = super::images::digest(bytes);
    let file = layout.join("blobs/sha256").join(digest.encoded());
    std::fs::write(&file, bytes).unwrap();
    let mut index = json(&layout.join("index.json"));
    index["manifests"][0]["digest"] = digest.to_string().into();
    index["manifests"][0]["size"] = bytes.len().into();
    std::fs::write(layout.join("index.json"), index.to_string()).unwrap();
    let refusal = stand.refusal(&layout).await;
    let beginning = format!("{}: the manifest is not JSON", file.display());
    assert!(refusal.starts_with(&beginning), "{refusal}");
    assert!(refusal.ends_with(FOLDER), "{refusal}");
}

/// Writes an archive again, each member as `change` wants it; a member without bytes is left out.
fn rewrite(path: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
    let members = super::archives::members(path);
    let mut builder = tar::Builder::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in members {
        let Some(bytes) = change(&name, bytes) else {
            continue;
        };
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let bytes = bytes.as_slice();
        builder.append_data(&mut header, name, bytes).unwrap();
    }
    builder.into_inner().unwrap();
}

#[tokio::test]
async fn what_is_wrong_with_an_archive_is_said_of_its_member() {
    use ArchiveFormat::{Docker, Oci};
    type Change = fn(&[u8]) -> Option<Vec<u8>>;
    let gone: Change = |_| None;
    let empty: Change = |_| Some(Vec::new());
    let text: Change = |_| Some(b"{no".to_vec());
    let spoilt: Change = |bytes| Some([b"x", &bytes[1..]].concat());
    let damages: &[(ArchiveFormat, &str, Change, &str)] = &[
        (Oci, "oci-layout", empty, "oci-layout: it is empty"),
        (Oci, "index.json", gone, "index.json: it is missing"),
        (Oci, "index.json", text, "index.json: it is no JSON"),
        (Oci, "blobs/", gone, "blobs/sha256/"),
        (Oci, "blobs/", spoilt, "it is damaged"),
        (Oci, "oci-layout", gone, "it is neither an OCI layout"),
        (Docker, "manifest.json", empty, "manifest.json: it is empty"),
        (
            Docker,
            "manifest.json",
            text,
            "manifest.json: it is not the JSON",
        ),
        (Docker, "manifest.json", gone, "it is neither an OCI layout"),
        (Docker, "layer.tar", gone, "layer.tar: it is missing"),
        (Docker, "layer.tar", spoilt, "layer.tar: it is damaged"),
        (Docker, ".json", text, ".json: it is not the JSON"),
    ];
    let stand = Stand::set().await;
    for (format, member, change, said) in damages {
        let archive = stand.archive(*format).await;
        rewrite(&archive, |name, bytes| {
            let is_meant = match *member {
                ".json" => name.ends_with(".json") && name != "manifest.json",
                member => name.contains(member),
            };
            if is_meant {
                change(&bytes)
            } else {
                Some(bytes)
            }
        });
        let refusal = stand.refusal(&archive).await;
        let beginning = format!("{}: ", archive.display());
        assert!(refusal.starts_with(&beginning), "{refusal}");
        assert!(refusal.contains(said), "{member}: {refusal}");
        assert!(refusal.ends_with(ARCHIVE), "{refusal}");
    }
}

#[tokio::test]
async fn an_archive_that_breaks_off_is_named() {
    let stand = Stand::set().await;
    let archive = stand.archive(ArchiveFormat::Docker).await;
    let whole = std::fs::read(&archive).unwrap();
    let packed = gzip(&whole);
    let mut spoilt = packed.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle..middle + 64].fill(0xff);
    for (bytes, said) in [
        (&whole[..0], "it is empty"),
        (&whole[..700], "it breaks off"),
        (&whole[..whole.len() / 2], "it breaks off inside "),
        (&packed[..packed.len() / 2], "it breaks off"),
        (&spoilt, "its gzip is damaged"),
    ] {
        std::fs::write(&archive, bytes).unwrap();
        let refusal = stand.refusal(&archive).await;
        let beginning = format!("{}: {said}", archive.display());
        assert!(refusal.starts_with(&beginning), "{refusal}");
        assert!(refusal.ends_with(ARCHIVE), "{refusal}");
    }
}
