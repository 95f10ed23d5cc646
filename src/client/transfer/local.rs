//! Images on this machine: in a layout folder or in an archive.

use super::Error;
use super::archive::{self, Archived};
use super::layout;
use super::pump::off_thread;
use crate::registry::{Content, FileSlice};
use acr_api::oci::{Descriptor, Digest, Manifest};
use bytes::Bytes;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// What names an image inside a layout.
pub(super) const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// Where images on this machine are.
pub enum Input {
    /// A layout folder, or an archive that may be compressed with gzip.
    Path(PathBuf),
    /// An archive that comes as a stream, such as from standard input. It is kept in a temporary file.
    Stream(Box<dyn Read + Send>),
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "Input({})", path.display()),
            Self::Stream(_) => f.write_str("Input(stream)"),
        }
    }
}

/// One image on this machine, and all that lies beside it.
#[derive(Debug, Clone)]
pub struct Local {
    place: String,
    root: Arc<Descriptor>,
    entries: Arc<Vec<Descriptor>>,
    contents: Contents,
}

/// Where the blobs are.
#[derive(Debug, Clone)]
pub(super) enum Contents {
    /// In a layout folder.
    Folder(PathBuf),
    /// In an archive, or in what was made of it.
    Archive(Arc<HashMap<Digest, Stored>>),
}

/// A blob of an archive.
#[derive(Debug, Clone)]
pub(super) enum Stored {
    Slice(FileSlice),
    Bytes(Bytes),
}

impl Local {
    /// Opens a folder or an archive and finds the image `wanted` in it: by its tag, its name or its
    /// digest. Without `wanted` there must be one image only.
    pub async fn open(input: Input, wanted: Option<String>) -> Result<Self, Error> {
        let place = match &input {
            Input::Path(path) => path.display().to_string(),
            Input::Stream(_) => "the archive".to_owned(),
        };
        let name = place.clone();
        off_thread(&name, move || {
            Self::open_now(input, place, wanted.as_deref())
        })
        .await
    }

    fn open_now(input: Input, place: String, wanted: Option<&str>) -> Result<Self, Error> {
        let (entries, contents) = match input {
            Input::Path(path) if path.is_dir() => {
                (layout::read_index(&path)?, Contents::Folder(path))
            }
            input => {
                let Archived { entries, blobs } = archive::read(input, &place, wanted)?;
                (entries, Contents::Archive(Arc::new(blobs)))
            }
        };
        let root = choose(&entries, &contents, wanted, &place)?.clone();
        Ok(Self {
            place,
            root: Arc::new(root),
            entries: Arc::new(entries),
            contents,
        })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// What the image begins with.
    pub(super) fn root(&self) -> &Descriptor {
        &self.root
    }

    /// The name the image has here, if it has one.
    pub fn name(&self) -> Option<&str> {
        name(&self.root)
    }

    /// A blob that is there.
    pub(super) fn content(&self, blob: &Descriptor) -> Result<Box<dyn Content>, Error> {
        let content: Box<dyn Content> = match &self.contents {
            Contents::Folder(folder) => {
                let path = layout::blob_path(folder, &blob.digest);
                Box::new(FileSlice::open(&path).map_err(|error| Error::file(&path, error))?)
            }
            Contents::Archive(blobs) => match blobs.get(&blob.digest) {
                Some(Stored::Slice(slice)) => Box::new(slice.clone()),
                Some(Stored::Bytes(bytes)) => Box::new(bytes.clone()),
                None => {
                    let reason = format!("it has no blob {}", blob.digest);
                    return Err(Error::archive(&self.place, reason));
                }
            },
        };
        if content.size() == blob.size {
            return Ok(content);
        }
        let reason = format!(
            "the content of {} should have {} bytes, but it has {}",
            blob.digest,
            blob.size,
            content.size()
        );
        Err(Error::archive(&self.place, reason))
    }

    /// A small blob whole, its digest unchecked.
    pub(super) async fn read_whole(&self, blob: &Descriptor) -> Result<Bytes, Error> {
        let mut stream = self.content(blob)?.read(0..blob.size);
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(|source| Error::File {
                place: self.place.clone(),
                source,
            })?);
        }
        Ok(bytes.into())
    }

    /// The entries whose manifests refer to `subject`.
    pub(super) async fn referrers(&self, subject: &Digest) -> Result<Vec<Descriptor>, Error> {
        let mut found = Vec::new();
        for entry in self.entries.iter() {
            let Ok(bytes) = self.read_whole(entry).await else {
                continue;
            };
            let Ok(manifest) = Manifest::parse(&bytes, Some(&entry.media_type)) else {
                continue;
            };
            if manifest
                .subject()
                .is_some_and(|found| found.digest == *subject)
            {
                found.push(entry.clone());
            }
        }
        Ok(found)
    }
}

fn choose<'a>(
    entries: &'a [Descriptor],
    contents: &Contents,
    wanted: Option<&str>,
    place: &str,
) -> Result<&'a Descriptor, Error> {
    let chosen = match wanted {
        Some(wanted) => entries.iter().find(|entry| is_called(entry, wanted)),
        None => {
            // What refers to an image lies beside it and is not another one.
            let mut images = entries.iter().filter(|entry| !contents.is_referrer(entry));
            let first = images.next();
            first.filter(|first| images.all(|other| other.digest == first.digest))
        }
    };
    chosen.ok_or_else(|| Error::NoImage {
        place: place.to_owned(),
        wanted: wanted.unwrap_or("that stands alone").to_owned(),
        found: entries
            .iter()
            .map(|entry| name(entry).map_or_else(|| entry.digest.to_string(), str::to_owned))
            .collect(),
    })
}

impl Contents {
    fn is_referrer(&self, entry: &Descriptor) -> bool {
        let bytes = match self {
            Self::Folder(folder) => {
                layout::read_small(&layout::blob_path(folder, &entry.digest)).ok()
            }
            Self::Archive(blobs) => match blobs.get(&entry.digest) {
                Some(Stored::Bytes(bytes)) => Some(bytes.to_vec()),
                Some(Stored::Slice(slice)) => archive::read_small(slice).ok(),
                None => None,
            },
        };
        bytes
            .and_then(|bytes| Manifest::parse(&bytes, Some(&entry.media_type)).ok())
            .is_some_and(|manifest| manifest.subject().is_some())
    }
}

fn name(entry: &Descriptor) -> Option<&str> {
    entry.annotations.get(REF_NAME).map(String::as_str)
}

/// A tag stands for a whole name too, as both are written into layouts.
fn is_called(entry: &Descriptor, wanted: &str) -> bool {
    name(entry).is_some_and(|name| {
        name == wanted
            || name
                .strip_suffix(wanted)
                .is_some_and(|head| head.ends_with(':'))
    }) || entry.digest.to_string() == wanted
}
