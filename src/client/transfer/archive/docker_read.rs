//! Reads what `docker save` wrote, and makes of it what a registry takes.

use super::member::Members;
use super::open::{Archived, LARGEST_UNPACKED_BYTES};
use crate::registry::{Content, FileSlice, Hasher};
use crate::transfer::local::Stored;
use crate::transfer::name::{self, Candidate};
use crate::transfer::{Error, Remedy};
use acr_api::oci::{Algorithm, Annotations, Descriptor, Digest, ImageManifest, media_type};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// How much is hashed or compressed at once.
const PIECE_BYTES: usize = 256 * 1024;

/// An image of `manifest.json`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Vec<String>,
}

impl Saved {
    fn names(&self) -> &[String] {
        self.repo_tags.as_deref().unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Config {
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    #[serde(default)]
    diff_ids: Vec<Digest>,
}

/// A layer as a registry takes it.
struct Layer {
    descriptor: Descriptor,
    content: FileSlice,
}

/// The outcome of preparing a layer, and the digest of what it unpacks to.
type Prepared = io::Result<(Layer, Digest)>;

pub(super) fn read(members: &Members, wanted: Option<&str>) -> Result<Archived, Error> {
    let place = members.place();
    let saved: Vec<Saved> = parse(members, "manifest.json", &members.read("manifest.json")?)?;
    let image = choose(&saved, wanted, place)?;
    let config = members.read(&image.config)?;
    let diff_ids = parse::<Config>(members, &image.config, &config)?
        .rootfs
        .diff_ids;
    if diff_ids.len() != image.layers.len() {
        let (told, found) = (diff_ids.len(), image.layers.len());
        let reason = format!("it tells of {told} layers, but manifest.json of {found}");
        return Err(Remedy::Archive.of(members.place_of(&image.config), reason));
    }
    let layers = layers(members, &image.layers, &diff_ids)?;
    let config_digest = Hasher::digest(Algorithm::Sha256, &config);
    let config_size = config.len() as u64;
    let manifest = ImageManifest {
        schema_version: 2,
        media_type: Some(media_type::DOCKER_MANIFEST.to_owned()),
        artifact_type: None,
        config: Descriptor::new(media_type::DOCKER_CONFIG, config_digest, config_size),
        layers: layers
            .iter()
            .map(|layer| layer.descriptor.clone())
            .collect(),
        subject: None,
        annotations: Annotations::new(),
    };
    let manifest =
        serde_json::to_vec(&manifest).map_err(|why| Error::archive(place, why.to_string()))?;
    let digest = Hasher::digest(Algorithm::Sha256, &manifest);
    let size = manifest.len() as u64;
    let mut blobs: HashMap<Digest, Stored> = layers
        .into_iter()
        .map(|layer| (layer.descriptor.digest, Stored::Slice(layer.content)))
        .collect();
    blobs.insert(config_digest, Stored::Bytes(config.into()));
    blobs.insert(digest, Stored::Bytes(manifest.into()));
    let entry = Descriptor::new(media_type::DOCKER_MANIFEST, digest, size);
    Ok(Archived {
        entries: entries(&entry, image.names()),
        blobs,
    })
}

/// What a JSON file of the archive says.
fn parse<T: DeserializeOwned>(members: &Members, name: &str, bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|why| {
        let file = members.place_of(name);
        Remedy::Archive.of_json(
            file,
            bytes,
            format!("it is not the JSON it should be: {why}"),
        )
    })
}

/// One entry for each name of the image, or one without a name.
fn entries(entry: &Descriptor, names: &[String]) -> Vec<Descriptor> {
    if names.is_empty() {
        return vec![entry.clone()];
    }
    let named = names.iter().map(|name| {
        let mut entry = entry.clone();
        name::give_saved(&mut entry, name);
        entry
    });
    named.collect()
}

fn choose<'a>(saved: &'a [Saved], wanted: Option<&str>, place: &str) -> Result<&'a Saved, Error> {
    let mut candidates = Vec::new();
    for image in saved {
        let mut names: Vec<_> = image.names().iter().cloned().map(Some).collect();
        if names.is_empty() {
            names.push(None);
        }
        candidates.extend(names.into_iter().map(|name| Candidate {
            name,
            alias: None,
            identity: image.config.clone(),
            item: image,
        }));
    }
    name::choose(&candidates, wanted, place)
}

/// Prepares the layers, several at once: compressing is the slow part.
fn layers(members: &Members, names: &[String], diff_ids: &[Digest]) -> Result<Vec<Layer>, Error> {
    let slices: Vec<FileSlice> = names
        .iter()
        .map(|name| members.need(name))
        .collect::<Result<_, _>>()?;
    let prepared: Vec<OnceLock<Prepared>> = slices.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(slice), Some(slot)) = (slices.get(at), prepared.get(at)) else {
                        break;
                    };
                    slot.get_or_init(|| prepare(slice));
                }
            });
        }
    });
    let mut layers = Vec::new();
    for ((slot, name), expected) in prepared.into_iter().zip(names).zip(diff_ids) {
        let result = slot
            .into_inner()
            .unwrap_or_else(|| Err(io::Error::other("it was not read")));
        let file = members.place_of(name);
        let (layer, actual) = result.map_err(|error| Remedy::Archive.of_reading(&file, error))?;
        if actual != *expected {
            let reason = format!(
                "it is damaged: it unpacks to {actual}, and the configuration says {expected}"
            );
            return Err(Remedy::Archive.of(file, reason));
        }
        layers.push(layer);
    }
    Ok(layers)
}

/// A layer that is compressed stays as it is; another one is compressed. The digest is that of what
/// it unpacks to.
fn prepare(slice: &FileSlice) -> io::Result<(Layer, Digest)> {
    let mut head = [0; 2];
    if slice.size() >= 2 {
        slice.read_at(&mut head, 0)?;
    }
    let is_packed = head == [0x1f, 0x8b];
    let mut packed = Hasher::new(Algorithm::Sha256);
    let mut unpacked = Hasher::new(Algorithm::Sha256);
    let content = if is_packed {
        each_piece(slice.reader(), |piece| {
            packed.update(piece);
            Ok(())
        })?;
        let plain = MultiGzDecoder::new(io::BufReader::with_capacity(PIECE_BYTES, slice.reader()));
        each_piece(plain.take(LARGEST_UNPACKED_BYTES), |piece| {
            unpacked.update(piece);
            Ok(())
        })?;
        slice.clone()
    } else {
        let file = tempfile::tempfile()?;
        let sink = Hashed {
            file: &file,
            hasher: &mut packed,
            written: 0,
        };
        let mut encoder = GzEncoder::new(sink, Compression::fast());
        each_piece(slice.reader(), |piece| {
            unpacked.update(piece);
            encoder.write_all(piece)
        })?;
        let written = encoder.finish()?.written;
        FileSlice::new(Arc::new(file), 0, written)
    };
    let digest = packed.finish();
    let descriptor = Descriptor::new(media_type::DOCKER_LAYER_GZIP, digest, content.size());
    Ok((
        Layer {
            descriptor,
            content,
        },
        unpacked.finish(),
    ))
}

fn each_piece(
    mut reader: impl Read,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(()),
            read => take(&buffer[..read])?,
        }
    }
}

struct Hashed<'a> {
    file: &'a File,
    hasher: &'a mut Hasher,
    written: u64,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
