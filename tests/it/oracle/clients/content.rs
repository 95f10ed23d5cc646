//! What is pushed: an OCI layout, something to build an image from, a chart.

use super::image::TAG;
use super::story::Pulled;
use crate::random::Random;
use crate::registry::sha256;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Larger than the pieces that clients send at once.
const LARGE_BYTES: usize = 9 * 1024 * 1024 + 17;

/// What a container of the built image says.
pub(super) const GREETING: &str = "hello from a layer";

/// Writes an OCI layout of one image.
pub(super) fn layout(folder: &Path) {
    fs::create_dir_all(folder.join("blobs/sha256")).expect("the folder is writable");
    let (small, large) = (vec![1], Random::of(1).bytes(LARGE_BYTES));
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": [sha256(&small), sha256(&large)] },
    });
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": part(folder, "config.v1+json", config.to_string().as_bytes()),
        "layers": [
            part(folder, "layer.v1.tar", &small),
            part(folder, "layer.v1.tar", &large),
        ],
    });
    let mut entry = part(folder, "manifest.v1+json", manifest.to_string().as_bytes());
    entry["annotations"] = json!({ "org.opencontainers.image.ref.name": TAG });
    let index = json!({ "schemaVersion": 2, "manifests": [entry] });
    fs::write(folder.join("index.json"), index.to_string()).expect("the folder is writable");
    let version = json!({ "imageLayoutVersion": "1.0.0" });
    fs::write(folder.join("oci-layout"), version.to_string()).expect("the folder is writable");
}

/// Writes a blob, and gives its descriptor.
fn part(layout: &Path, kind: &str, bytes: &[u8]) -> Value {
    let digest = sha256(bytes);
    let file = layout.join("blobs").join(digest.replace(':', "/"));
    fs::write(file, bytes).expect("the folder is writable");
    json!({
        "mediaType": format!("application/vnd.oci.image.{kind}"),
        "digest": digest,
        "size": bytes.len(),
    })
}

/// What is in an OCI layout of one image.
pub(super) fn pulled(layout: &Path) -> Pulled {
    let index = fs::read(layout.join("index.json")).expect("a layout has an index");
    let index: Value = serde_json::from_slice(&index).expect("JSON");
    let entries = index["manifests"].as_array().expect("a list");
    assert_eq!(entries.len(), 1, "{index}");
    let digest = entries[0]["digest"].as_str().expect("a digest").to_owned();
    let files = fs::read_dir(layout.join("blobs/sha256")).expect("a folder");
    let mut contents: BTreeSet<String> = files
        .map(|file| sha256(&fs::read(file.expect("a file").path()).expect("a file")))
        .collect();
    assert!(contents.remove(&digest), "the manifest is there too");
    Pulled { digest, contents }
}

/// Writes what an image is built from: one file, and what a container of it does.
pub(super) fn context(folder: &Path, busybox: &Path) {
    fs::create_dir_all(folder).expect("the folder is writable");
    fs::copy(busybox, folder.join("busybox")).expect("a program");
    let steps = format!(
        "FROM scratch\nCOPY busybox /bin/busybox\nCMD [\"/bin/busybox\", \"echo\", \"{GREETING}\"]\n"
    );
    fs::write(folder.join("Dockerfile"), steps).expect("the folder is writable");
}

/// Compares the files of an image, once built from that, with what they were.
pub(super) fn check_files(root: &Path, busybox: &Path) {
    let came = fs::read(root.join("bin/busybox")).expect("the file of the image");
    let went = fs::read(busybox).expect("a program");
    assert!(came == went, "the file is another one");
}

/// Writes the sources of a chart.
pub(super) fn chart(folder: &Path, name: &str) {
    fs::create_dir_all(folder.join("templates")).expect("the folder is writable");
    let head = format!("apiVersion: v2\nname: {name}\nversion: {TAG}\n");
    fs::write(folder.join("Chart.yaml"), head).expect("the folder is writable");
    fs::write(folder.join("values.yaml"), "greeting: hello\n").expect("the folder is writable");
}
