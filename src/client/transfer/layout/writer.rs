//! Writes images into a layout folder: each blob appears when it is whole and right.

use super::footprint::Footprint;
use super::index::{self, blob_path};
use crate::registry::{Hasher, ManifestDocument};
use crate::transfer::pump::{Sink, off_thread, pump};
use crate::transfer::{Error, Events, Source, State, name};
use acr_api::oci::{Descriptor, Digest, Reference};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const BUFFER_BYTES: usize = 1024 * 1024;

/// A layout folder that is being added to.
#[derive(Debug)]
pub struct LayoutWriter {
    folder: PathBuf,
    name: Option<String>,
    footprint: Arc<Footprint>,
}

/// A blob under way.
struct Partial {
    file: File,
    path: PathBuf,
    hasher: Hasher,
    done: u64,
}

impl Sink for Partial {
    fn place(&self) -> Option<String> {
        Some(self.path.display().to_string())
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.file.write_all(piece)
    }
}

impl LayoutWriter {
    pub(in crate::transfer) async fn open(
        folder: PathBuf,
        name: Option<String>,
    ) -> Result<Self, Error> {
        let place = folder.display().to_string();
        off_thread(&place, move || {
            let footprint = Arc::new(Footprint::make(&folder)?);
            Ok(Self {
                folder,
                name,
                footprint,
            })
        })
        .await
    }

    fn place(&self) -> String {
        self.folder.display().to_string()
    }

    pub(in crate::transfer) async fn put_blob(
        &self,
        source: &Source,
        blob: &Descriptor,
        events: &Events,
    ) -> Result<State, Error> {
        let path = blob_path(&self.folder, &blob.digest);
        let (kept, wanted) = (path.clone(), blob.clone());
        if off_thread(&self.place(), move || is_whole(&kept, &wanted)).await? {
            return Ok(State::Skipped);
        }
        let (footprint, wanted) = (self.footprint.clone(), blob.clone());
        let opening = move || Partial::open(&footprint, &wanted);
        let partial = off_thread(&self.place(), opening).await?;
        let begun = (partial.hasher.clone(), partial.done);
        if partial.done > 0 {
            events.tell(blob.digest, blob.size, State::Resumed(partial.done));
        }
        let partial_path = partial.path.clone();
        let tell = |done| events.tell(blob.digest, blob.size, State::Moving(done));
        let written = pump(source, blob, begun, partial, tell).await;
        match written {
            Ok(partial) => {
                off_thread(&self.place(), move || partial.complete(&path)).await?;
                Ok(State::Done)
            }
            Err(error) => {
                if is_damage(&error) {
                    // What is wrong must not be taken up again.
                    let _ = std::fs::remove_file(&partial_path);
                }
                Err(error)
            }
        }
    }

    pub(in crate::transfer) async fn put_manifest(
        &self,
        document: &ManifestDocument,
    ) -> Result<(), Error> {
        let path = blob_path(&self.folder, &document.digest);
        let (footprint, digest) = (self.footprint.clone(), document.digest);
        let bytes = document.bytes.clone();
        off_thread(&self.place(), move || {
            let mut partial = Partial::fresh(&footprint, &digest)?;
            let failed = |error| Error::file(&path, error);
            partial.file.write_all(&bytes).map_err(failed)?;
            partial.complete(&path)
        })
        .await
    }

    pub(in crate::transfer) async fn name(
        &self,
        mut entry: Descriptor,
        to: Option<&Reference>,
        referrers: &[Descriptor],
    ) -> Result<Option<String>, Error> {
        name::give(&mut entry, self.name.as_deref(), to);
        let (folder, referrers) = (self.folder.clone(), referrers.to_vec());
        off_thread(&self.place(), move || {
            index::add_image(&folder, entry, &referrers)
        })
        .await
    }
}

fn is_damage(error: &Error) -> bool {
    match error {
        Error::Damage(_) | Error::Archive { .. } | Error::Broken { .. } => true,
        Error::Registry(error) => error.is_damage(),
        _ => false,
    }
}

impl Partial {
    /// Takes up what an earlier run left, if nobody else is at it.
    fn open(footprint: &Footprint, blob: &Descriptor) -> Result<Self, Error> {
        let path = footprint.partial(&file_name(&blob.digest), true)?;
        let failed = |error| Error::file(&path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        if file.try_lock().is_err() {
            return Self::fresh(footprint, &blob.digest);
        }
        let mut done = file.metadata().map_err(failed)?.len();
        if done > blob.size {
            file.set_len(0).map_err(failed)?;
            done = 0;
        }
        let hasher = match done {
            0 => Hasher::new(blob.digest.algorithm()),
            _ => hash(&mut file, blob).map_err(failed)?,
        };
        file.seek(SeekFrom::Start(done)).map_err(failed)?;
        Ok(Self {
            file,
            path,
            hasher,
            done,
        })
    }

    /// Begins with nothing, under a name of its own.
    fn fresh(footprint: &Footprint, digest: &Digest) -> Result<Self, Error> {
        let name = format!("{}.{}", file_name(digest), uuid::Uuid::new_v4());
        let path = footprint.partial(&name, false)?;
        let file = File::create_new(&path).map_err(|error| Error::file(&path, error))?;
        Ok(Self {
            file,
            path,
            hasher: Hasher::new(digest.algorithm()),
            done: 0,
        })
    }

    fn complete(self, path: &Path) -> Result<(), Error> {
        let rename = || {
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
            std::fs::rename(&self.path, path)
        };
        rename().map_err(|error| Error::file(path, error))
    }
}

/// Whether a blob is there as it should be. One that was damaged meanwhile is fetched again and takes its place.
fn is_whole(path: &Path, blob: &Descriptor) -> Result<bool, Error> {
    let is_there = |found: Metadata| found.is_file() && found.len() == blob.size;
    if !path.metadata().is_ok_and(is_there) {
        return Ok(false);
    }
    let hashed = File::open(path).and_then(|mut file| hash(&mut file, blob));
    let hasher = hashed.map_err(|error| Error::file(path, error))?;
    Ok(hasher.finish() == blob.digest)
}

/// Reads what is left of a file as the beginning of a blob.
fn hash(file: &mut File, blob: &Descriptor) -> io::Result<Hasher> {
    let mut hasher = Hasher::new(blob.digest.algorithm());
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// What the file of a partial blob is called.
fn file_name(digest: &Digest) -> String {
    format!("{}-{}", digest.algorithm(), digest.encoded())
}
