//! Archives written as text, so that a mutation of one is most often another archive: checksums, lengths and digests
//! are filled in.
//!
//! Members are parted by lines of three hyphens. The first line of a member is what it is and its name, the rest its
//! content, or the target of a link:
//!
//! ```text
//! file blobs/sha256/$self
//! {"layers":[]}
//! ---
//! gzip layer.tar          its content compressed
//! bytes
//! ---
//! file manifest.json
//! {"digest":"sha256:$0","size":#0}    the digest and the length of the first member's content
//! ---
//! link a/layer.tar        and `hard`, `folder`
//! ../b/layer.tar
//! ```

use std::io::Write;

use acr_api::oci::Algorithm;
use acr_client::registry::Hasher;
use flate2::{Compression, write::GzEncoder};
use tar::{EntryType, Header};

const BLOCK_BYTES: usize = 512;
/// The most members of one script.
const MOST: usize = 10;

/// The bytes of the archive.
pub(super) fn archive(script: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut contents: Vec<Vec<u8>> = Vec::new();
    for member in script.split("\n---\n").take(MOST) {
        let (head, text) = member.split_once('\n').unwrap_or((member, ""));
        let (kind, name) = head.split_once(' ').unwrap_or(("file", head));
        let mut content = filled_in(text, &contents).into_bytes();
        if kind == "gzip" {
            content = gzip(&content);
        }
        let kind = match kind {
            "link" => EntryType::Symlink,
            "hard" => EntryType::Link,
            "folder" => EntryType::Directory,
            _ => EntryType::Regular,
        };
        let name = filled_in(&name.replace("$self", &hex(&content)), &contents);
        append(&mut bytes, kind, &name, &content);
        contents.push(content);
    }
    bytes.resize(bytes.len() + 2 * BLOCK_BYTES, 0);
    bytes
}

fn filled_in(text: &str, contents: &[Vec<u8>]) -> String {
    let mut text = text.to_owned();
    for (index, content) in contents.iter().enumerate() {
        text = text.replace(&format!("${index}"), &hex(content));
        text = text.replace(&format!("#{index}"), &content.len().to_string());
    }
    text
}

fn hex(content: &[u8]) -> String {
    Hasher::digest(Algorithm::Sha256, content).encoded()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Names and targets are written as they are, up to what a header holds.
fn append(bytes: &mut Vec<u8>, kind: EntryType, name: &str, content: &[u8]) {
    let mut header = Header::new_gnu();
    let old = header.as_old_mut();
    copy(&mut old.name, name.as_bytes());
    let is_file = kind == EntryType::Regular;
    if !is_file {
        copy(&mut old.linkname, content);
    }
    header.set_entry_type(kind);
    header.set_size(if is_file { content.len() as u64 } else { 0 });
    header.set_cksum();
    bytes.extend_from_slice(header.as_bytes());
    if is_file {
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(BLOCK_BYTES), 0);
    }
}

fn copy(field: &mut [u8], text: &[u8]) {
    let length = text.len().min(field.len());
    field[..length].copy_from_slice(&text[..length]);
}
