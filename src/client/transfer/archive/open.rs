//! Opens an archive: unpacks what is compressed, tells the two forms apart.

use super::member::Members;
use super::{docker_read, oci};
use crate::registry::{Content, FileSlice};
use crate::transfer::local::{Input, Stored};
use crate::transfer::{Error, Remedy};
use acr_api::oci::{Descriptor, Digest};
use flate2::read::MultiGzDecoder;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};

/// Nothing unpacked is larger: what is, was made to fill disks.
pub(super) const LARGEST_UNPACKED_BYTES: u64 = 1 << 40;
/// A JSON file of an archive is not larger.
const LARGEST_JSON_BYTES: usize = 16 * 1024 * 1024;

/// The images of an archive.
pub(in crate::transfer) struct Archived {
    pub(in crate::transfer) entries: Vec<Descriptor>,
    pub(in crate::transfer) blobs: HashMap<Digest, Stored>,
}

/// Reads an archive of either form. Of what `docker save` wrote only the image `wanted` is prepared.
pub(in crate::transfer) fn read(
    input: Input,
    place: &str,
    wanted: Option<&str>,
) -> Result<Archived, Error> {
    let file = unpacked(input).map_err(|error| unreadable(place, error))?;
    if file.metadata().is_ok_and(|found| found.len() == 0) {
        return Err(Remedy::Archive.of(place, "it is empty"));
    }
    let members = Members::scan(file, place)?;
    if members.get("oci-layout")?.is_some() {
        oci::read(&members)
    } else if members.get("manifest.json")?.is_some() {
        docker_read::read(&members, wanted)
    } else {
        Err(unknown(place))
    }
}

pub(super) fn unknown(place: &str) -> Error {
    let reason = "it is neither an OCI layout, a docker-save archive nor a gzip of one";
    Remedy::Archive.of(place, reason)
}

/// Why an archive could not be unpacked.
fn unreadable(place: &str, error: io::Error) -> Error {
    match error.kind() {
        // What is not there was misspelled.
        io::ErrorKind::NotFound => Error::File {
            place: place.to_owned(),
            source: error,
        },
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Remedy::Archive.of(place, "its gzip is damaged")
        }
        _ => Remedy::Archive.of_reading(place, error),
    }
}

/// A small member whole.
pub(in crate::transfer) fn read_small(slice: &FileSlice) -> io::Result<Vec<u8>> {
    let size = usize::try_from(slice.size()).unwrap_or(usize::MAX);
    if size > LARGEST_JSON_BYTES {
        return Err(io::Error::other("a member that should be small is not"));
    }
    let mut bytes = vec![0; size];
    slice.read_at(&mut bytes, 0)?;
    Ok(bytes)
}

/// The archive as a file that is not compressed.
fn unpacked(input: Input) -> io::Result<File> {
    match input {
        Input::Path(path) => {
            let mut file = File::open(path)?;
            // A pipe by a name, such as /dev/stdin, has no places to go back to.
            if !file.metadata()?.is_file() {
                return unpacked_stream(file);
            }
            let mut head = [0; 4];
            let read = read_up_to(&mut file, &mut head)?;
            file.rewind()?;
            match is_packed(&head[..read])? {
                true => spool(MultiGzDecoder::new(BufReader::new(file))),
                false => Ok(file),
            }
        }
        Input::Stream(stream) => unpacked_stream(stream),
    }
}

fn unpacked_stream(mut stream: impl Read) -> io::Result<File> {
    let mut head = [0; 4];
    let read = read_up_to(&mut stream, &mut head)?;
    let is_packed = is_packed(&head[..read])?;
    let whole = io::Cursor::new(head).take(read as u64).chain(stream);
    match is_packed {
        true => spool(MultiGzDecoder::new(BufReader::new(whole))),
        false => spool(whole),
    }
}

fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match reader.read(&mut buffer[read..])? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}

fn is_packed(head: &[u8]) -> io::Result<bool> {
    match head {
        [0x28, 0xb5, 0x2f, 0xfd] => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "archives compressed with zstd are not read: unpack it first",
        )),
        [0x1f, 0x8b, ..] => Ok(true),
        _ => Ok(false),
    }
}

fn spool(reader: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let copied = io::copy(&mut reader.take(LARGEST_UNPACKED_BYTES), &mut file)?;
    if copied == LARGEST_UNPACKED_BYTES {
        return Err(io::Error::other("it is too large to be an image"));
    }
    Ok(file)
}
