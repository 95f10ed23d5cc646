//! Writes what `docker load` reads: the layers not compressed, under names `docker save` gives.

use super::writer::{ArchiveWriter, Slot};
use crate::registry::Hasher;
use crate::transfer::plan::{Node, Plan};
use crate::transfer::pump::{Sink, off_thread, pump};
use crate::transfer::{Error, Events, Source, State};
use acr_api::oci::media_type::Kind;
use acr_api::oci::{Algorithm, Descriptor, Digest, ImageManifest, Reference};
use flate2::write::MultiGzDecoder;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::sync::{Mutex, PoisonError};

/// A layer does not unpack to more: what does, was made to fill disks.
const LARGEST_LAYER_BYTES: u64 = 1 << 38;
/// How much is copied at once.
const PIECE_BYTES: usize = 512 * 1024;

/// An archive for `docker load` that is being written.
#[derive(Debug)]
pub struct DockerArchive {
    writer: ArchiveWriter,
    name: Option<String>,
    known: Box<Mutex<Known>>,
}

/// What was learned of the image on the way.
#[derive(Debug, Default)]
struct Known {
    image: Option<ImageManifest>,
    config: Vec<u8>,
    /// What each layer unpacks to.
    diff_ids: HashMap<Digest, Digest>,
}

impl DockerArchive {
    pub(in crate::transfer) fn new(writer: ArchiveWriter, name: Option<String>) -> Self {
        Self {
            writer,
            name,
            known: Box::default(),
        }
    }

    pub(in crate::transfer) fn writer(&self) -> &ArchiveWriter {
        &self.writer
    }

    /// Refuses what the form cannot hold before anything is fetched.
    pub(in crate::transfer) fn prepare(&self, plan: &Plan) -> Result<(), Error> {
        let [node] = plan.manifests.as_slice() else {
            return Err(unfit("one image, and not a list: choose a platform"));
        };
        let Some(image) = node.manifest.as_image() else {
            return Err(unfit("one image, and not a list: choose a platform"));
        };
        if Kind::of(&image.config.media_type) != Kind::ImageConfig {
            return Err(unfit("images, and not other artifacts"));
        }
        for layer in &image.layers {
            if Kind::of(&layer.media_type) != Kind::Layer || layer.media_type.ends_with("zstd") {
                return Err(unfit(&format!("no layer of type {}", layer.media_type)));
            }
        }
        self.known().image = Some(image.clone());
        Ok(())
    }

    pub(in crate::transfer) async fn put_blob(
        &self,
        source: &Source,
        blob: &Descriptor,
        events: &Events,
    ) -> Result<State, Error> {
        let begun = (Hasher::new(blob.digest.algorithm()), 0);
        let tell = |done| events.tell(blob.digest, blob.size, State::Moving(done));
        let place = source.place();
        let is_config = {
            let known = self.known();
            known
                .image
                .as_ref()
                .is_some_and(|image| image.config.digest == blob.digest)
        };
        if is_config {
            let memory = pump(source, blob, begun, Memory::default(), tell).await?;
            self.known().config.clone_from(&memory.0);
            let name = format!("{}.json", blob.digest.encoded());
            self.writer.append(&name, memory.0.into()).await?;
            return Ok(State::Done);
        }
        let is_packed = blob.media_type.ends_with("gzip");
        let place_here = self.writer.place().to_owned();
        let unpacker = Unpacker::new(is_packed).map_err(|source| Error::File {
            place: place_here.clone(),
            source,
        })?;
        let unpacker = pump(source, blob, begun, unpacker, tell).await?;
        let (mut file, size, diff_id) = off_thread(&place_here, move || {
            unpacker
                .finish()
                .map_err(|source| Error::File { place, source })
        })
        .await?;
        self.known().diff_ids.insert(blob.digest, diff_id);
        if let Some(slot) = self.writer.begin(&layer_name(&diff_id), size)? {
            let place = place_here.clone();
            off_thread(&place_here, move || {
                copy(&mut file, slot).map_err(|source| Error::File { place, source })
            })
            .await??;
        }
        Ok(State::Done)
    }

    pub(in crate::transfer) async fn name(
        &self,
        root: &Node,
        to: Option<&Reference>,
    ) -> Result<(), Error> {
        let manifest = {
            let known = self.known();
            let Some(image) = root.manifest.as_image() else {
                return Err(unfit("one image, and not a list: choose a platform"));
            };
            let layers: Vec<Digest> = image
                .layers
                .iter()
                .filter_map(|layer| known.diff_ids.get(&layer.digest).copied())
                .collect();
            check(&known.config, &layers, self.writer.place())?;
            let tag = to.and_then(Reference::tag).map(ToString::to_string);
            json!([{
                "Config": format!("{}.json", image.config.digest.encoded()),
                "RepoTags": self.name.clone().or(tag).into_iter().collect::<Vec<_>>(),
                "Layers": layers.iter().map(layer_name).collect::<Vec<_>>(),
            }])
        };
        let bytes = manifest.to_string().into_bytes();
        self.writer.append("manifest.json", bytes.into()).await
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unfit(holds: &str) -> Error {
    Error::Unfit(format!("an archive for docker load holds {holds}"))
}

fn layer_name(diff_id: &Digest) -> String {
    format!("{}/layer.tar", diff_id.encoded())
}

/// The layers must unpack to what the configuration says, or Docker would refuse the archive.
fn check(config: &[u8], layers: &[Digest], place: &str) -> Result<(), Error> {
    let config: Value = serde_json::from_slice(config)
        .map_err(|error| Error::archive(place, format!("the configuration: {error}")))?;
    let told = config["rootfs"]["diff_ids"].as_array();
    let told: Option<Vec<&str>> = told.map(|told| told.iter().filter_map(Value::as_str).collect());
    let own: Vec<String> = layers.iter().map(Digest::to_string).collect();
    if told.is_some_and(|told| told == own) {
        return Ok(());
    }
    let reason = "the layers do not unpack to what the configuration of the image says";
    Err(Error::archive(place, reason))
}

fn copy(file: &mut File, mut slot: Slot) -> io::Result<Result<(), Error>> {
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(slot.complete()),
            read => slot.write(&buffer[..read])?,
        }
    }
}

#[derive(Default)]
struct Memory(Vec<u8>);

impl Sink for Memory {
    fn place(&self) -> Option<String> {
        None
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(piece);
        Ok(())
    }
}

/// Unpacks a layer into a temporary file, because a tar wants its length first.
enum Unpacker {
    Plain(Spool),
    Packed(Box<MultiGzDecoder<Spool>>),
}

struct Spool {
    file: File,
    hasher: Hasher,
    size: u64,
}

impl Unpacker {
    fn new(is_packed: bool) -> io::Result<Self> {
        let spool = Spool {
            file: tempfile::tempfile()?,
            hasher: Hasher::new(Algorithm::Sha256),
            size: 0,
        };
        Ok(match is_packed {
            true => Self::Packed(Box::new(MultiGzDecoder::new(spool))),
            false => Self::Plain(spool),
        })
    }

    fn finish(self) -> io::Result<(File, u64, Digest)> {
        let mut spool = match self {
            Self::Plain(spool) => spool,
            Self::Packed(decoder) => decoder.finish()?,
        };
        spool.file.rewind()?;
        Ok((spool.file, spool.size, spool.hasher.finish()))
    }
}

impl Sink for Unpacker {
    fn place(&self) -> Option<String> {
        None
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(spool) => spool.write_all(piece),
            Self::Packed(decoder) => decoder.write_all(piece),
        }
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.size += written as u64;
        if self.size > LARGEST_LAYER_BYTES {
            return Err(io::Error::other(
                "a layer unpacks to more than any image has",
            ));
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
