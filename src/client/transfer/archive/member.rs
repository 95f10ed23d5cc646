//! What is in a tar, without a byte of it put on disk: names lead to places inside the archive.

use super::open::{self, read_small};
use crate::registry::FileSlice;
use crate::transfer::{Error, Remedy};
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::Arc;
use tar::EntryType;

/// No archive of images has more members.
const MOST_MEMBERS: usize = 1_000_000;
/// A chain of links is not longer.
const LONGEST_CHAIN: usize = 8;

enum Member {
    File {
        start: u64,
        length: u64,
    },
    /// To another name, from the root of the archive.
    Link(String),
}

/// The members of an archive by their names.
pub(super) struct Members {
    place: String,
    file: Arc<File>,
    members: HashMap<String, Member>,
}

impl Members {
    pub(super) fn scan(file: File, place: &str) -> Result<Self, Error> {
        let failed = |source| Error::File {
            place: place.to_owned(),
            source,
        };
        let size = file.metadata().map_err(failed)?.len();
        let mut members = HashMap::new();
        {
            let mut reader = &file;
            io::Seek::rewind(&mut reader).map_err(failed)?;
            let mut archive = tar::Archive::new(reader);
            for (at, entry) in archive.entries_with_seek().map_err(failed)?.enumerate() {
                let entry = entry.map_err(|source| unreadable(place, at, source))?;
                if members.len() == MOST_MEMBERS {
                    return Err(Error::archive(place, "it has too many members"));
                }
                let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                let Some(name) = normal("", &name) else {
                    continue;
                };
                let target = entry.link_name_bytes();
                let target = target.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let member = match (entry.header().entry_type(), target) {
                    (EntryType::Regular | EntryType::Continuous, _) => {
                        let (start, length) = (entry.raw_file_position(), entry.size());
                        if start.checked_add(length).is_none_or(|end| end > size) {
                            let reason = format!("it breaks off inside {name}");
                            return Err(Remedy::Archive.of(place, reason));
                        }
                        Some(Member::File { start, length })
                    }
                    (EntryType::Symlink, Some(target)) => normal(&name, &target).map(Member::Link),
                    (EntryType::Link, Some(target)) => normal("", &target).map(Member::Link),
                    _ => None,
                };
                if let Some(member) = member {
                    members.insert(name, member);
                }
            }
        }
        Ok(Self {
            place: place.to_owned(),
            file: Arc::new(file),
            members,
        })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// The file of a name, past links; `None` if there is none.
    pub(super) fn get(&self, name: &str) -> Result<Option<FileSlice>, Error> {
        let Some(mut name) = normal("", name) else {
            return Ok(None);
        };
        for _ in 0..LONGEST_CHAIN {
            match self.members.get(&name) {
                None => return Ok(None),
                Some(Member::File { start, length }) => {
                    return Ok(Some(FileSlice::new(self.file.clone(), *start, *length)));
                }
                Some(Member::Link(target)) => name.clone_from(target),
            }
        }
        Err(Error::archive(
            &self.place,
            format!("{name} is a link in a circle"),
        ))
    }

    /// What to call the file of a name in a message.
    pub(super) fn place_of(&self, name: &str) -> String {
        format!("{}: {name}", self.place)
    }

    /// The file of a name that must be there.
    pub(super) fn need(&self, name: &str) -> Result<FileSlice, Error> {
        let missing = || Remedy::Archive.of(self.place_of(name), "it is missing");
        self.get(name)?.ok_or_else(missing)
    }

    /// A small file that must be there, whole.
    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        let failed = |error| Remedy::Archive.of_reading(self.place_of(name), error);
        read_small(&self.need(name)?).map_err(failed)
    }

    /// The names under a folder that ends with a slash.
    pub(super) fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.members
            .keys()
            .map(String::as_str)
            .filter(move |name| name.starts_with(folder))
    }
}

/// Why a member cannot be read. What the reader of tar itself complains of is told without its words:
/// they repeat the bytes that it could not make sense of.
fn unreadable(place: &str, at: usize, source: io::Error) -> Error {
    match (source.kind(), at) {
        (io::ErrorKind::Other, 0) => open::unknown(place),
        (io::ErrorKind::Other, before) => {
            let reason = format!("it is damaged after {before} of its members");
            Remedy::Archive.of(place, reason)
        }
        _ => Remedy::Archive.of_reading(place, source),
    }
}

/// A path as seen from the root of the archive; `target` is relative to the folder of `from`.
/// `None` if it leads out of the archive.
fn normal(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!target.starts_with('/') && !parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn names_stay_inside_the_archive() {
        assert_eq!(normal("", "./a//b").unwrap(), "a/b");
        assert_eq!(
            normal("x/layer.tar", "../y/layer.tar").unwrap(),
            "y/layer.tar"
        );
        for bad in ["..", "../a", "a/../../b", "/etc/passwd", "", "."] {
            assert_eq!(normal("", bad), None, "{bad}");
        }
        assert_eq!(normal("x/a", "../../b"), None);
    }
}
