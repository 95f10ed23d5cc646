//! Images on this machine: in a layout folder or in an archive.

use super::archive::{self, Archived};
use super::name::{self, Candidate};
use super::pump::off_thread;
use super::{Error, Remedy, layout};
use crate::registry::{Content, FileSlice};
use acr_api::oci::{Descriptor, Digest, Manifest};
use bytes::Bytes;
use futures_util::StreamExt;
use std::collections::HashMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where images on this machine are.
pub enum Input {
    /// A layout folder, or an archive that may be compressed with gzip. What is neither a folder nor a
    /// regular file is read as a stream.
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
    /// Opens a folder or an archive and finds the image `wanted` in it: by its digest, its name, or an end
    /// of that, such as the tag. Without `wanted` there must be one image only.
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
        name::of(&self.root)
    }

    /// The file that holds a blob, as it is called in a message.
    pub(super) fn file_of(&self, digest: &Digest) -> String {
        match &self.contents {
            Contents::Folder(folder) => layout::blob_path(folder, digest).display().to_string(),
            Contents::Archive(_) => {
                let member = layout::blob_path(Path::new(""), digest);
                format!("{}: {}", self.place, member.display())
            }
        }
    }

    fn remedy(&self) -> Remedy {
        match self.contents {
            Contents::Folder(_) => Remedy::Folder,
            Contents::Archive(_) => Remedy::Archive,
        }
    }

    pub(super) fn broken(&self, digest: &Digest, reason: impl Into<String>) -> Error {
        self.remedy().of(self.file_of(digest), reason)
    }

    pub(super) fn wrong_size(&self, blob: &Descriptor, actual: u64) -> Error {
        let expected = blob.size;
        let reason = format!("it should have {expected} bytes, but it has {actual}");
        self.broken(&blob.digest, reason)
    }

    /// A blob that is there.
    pub(super) fn content(&self, blob: &Descriptor) -> Result<Box<dyn Content>, Error> {
        let content: Box<dyn Content> = match &self.contents {
            Contents::Folder(folder) => {
                let opened = FileSlice::open(&layout::blob_path(folder, &blob.digest));
                let failed = |error| Remedy::Folder.of_reading(self.file_of(&blob.digest), error);
                Box::new(opened.map_err(failed)?)
            }
            Contents::Archive(blobs) => match blobs.get(&blob.digest) {
                Some(Stored::Slice(slice)) => Box::new(slice.clone()),
                Some(Stored::Bytes(bytes)) => Box::new(bytes.clone()),
                None => return Err(self.broken(&blob.digest, "it is missing")),
            },
        };
        match content.size() == blob.size {
            true => Ok(content),
            false => Err(self.wrong_size(blob, content.size())),
        }
    }

    /// A small blob whole, its digest unchecked.
    pub(super) async fn read_whole(&self, blob: &Descriptor) -> Result<Bytes, Error> {
        let mut stream = self.content(blob)?.read(0..blob.size);
        let mut bytes = Vec::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(|source| Error::File {
                place: self.file_of(&blob.digest),
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
    // What refers to an image lies beside it and is not another one.
    let is_offered = |entry: &&Descriptor| wanted.is_some() || !contents.is_referrer(entry);
    let candidate = |entry| Candidate {
        name: name::of(entry).map(str::to_owned),
        alias: name::short(entry).map(str::to_owned),
        identity: entry.digest.to_string(),
        item: entry,
    };
    let candidates: Vec<_> = entries.iter().filter(is_offered).map(candidate).collect();
    name::choose(&candidates, wanted, place)
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
