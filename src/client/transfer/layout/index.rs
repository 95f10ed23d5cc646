//! The names in a layout: `oci-layout` and `index.json`.

use crate::transfer::{Error, Remedy, name};
use acr_api::oci::{Descriptor, Digest, ImageIndex, InvalidManifest, Manifest};
use serde_json::Value;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file that makes a folder a layout.
pub(super) const MARK_FILE: &str = "oci-layout";
/// What it says.
pub(in crate::transfer) const MARK: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;
/// An index or a manifest of a layout is not larger.
const LARGEST_BYTES: u64 = 16 * 1024 * 1024;

/// Where a blob lies.
pub(in crate::transfer) fn blob_path(folder: &Path, digest: &Digest) -> PathBuf {
    folder
        .join("blobs")
        .join(digest.algorithm().as_str())
        .join(digest.encoded())
}

/// The images of a layout.
pub(in crate::transfer) fn read_index(folder: &Path) -> Result<Vec<Descriptor>, Error> {
    check_mark(folder)?;
    let path = folder.join("index.json");
    let file = path.display().to_string();
    let failed = |error| Remedy::Folder.of_reading(&file, error);
    let bytes = read_small(&path).map_err(failed)?;
    parse_index(&bytes, &file, Remedy::Folder)
}

/// The entries of an `index.json`.
pub(in crate::transfer) fn parse_index(
    bytes: &[u8],
    file: &str,
    remedy: Remedy,
) -> Result<Vec<Descriptor>, Error> {
    match Manifest::parse(bytes, None) {
        Ok(Manifest::Index(index) | Manifest::DockerList(index)) => Ok(index.manifests),
        Ok(_) => Err(remedy.of(file, "it is a manifest and no index")),
        Err(InvalidManifest::Syntax(why)) => {
            Err(remedy.of_json(file, bytes, format!("it is no JSON: {why}")))
        }
        Err(why) => Err(remedy.of(file, why.to_string())),
    }
}

/// A file that is small in every layout that is one.
pub(in crate::transfer) fn read_small(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path)?
        .take(LARGEST_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if read as u64 > LARGEST_BYTES {
        return Err(io::Error::other("it is too large to be read"));
    }
    Ok(bytes)
}

fn check_mark(folder: &Path) -> Result<(), Error> {
    let path = folder.join(MARK_FILE);
    let bytes = read_small(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::archive(
            &folder.display().to_string(),
            "it is no OCI layout: it has no file oci-layout; name the folder that has one",
        ),
        _ => Error::file(&path, error),
    })?;
    check_version(&bytes, &path.display().to_string(), Remedy::Folder)
}

/// Refuses a layout of a version that is not known.
pub(in crate::transfer) fn check_version(
    bytes: &[u8],
    file: &str,
    remedy: Remedy,
) -> Result<(), Error> {
    let mark: Value = serde_json::from_slice(bytes)
        .map_err(|why| remedy.of_json(file, bytes, format!("it is no JSON: {why}")))?;
    match mark["imageLayoutVersion"].as_str() {
        Some(version) if version.starts_with("1.") => Ok(()),
        Some(version) => Err(Error::archive(
            file,
            format!("layouts of version {version:?} are not known; write it as version 1.0.0"),
        )),
        None => Err(remedy.of(file, "it tells no version of the layout")),
    }
}

/// What preparing a folder came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// It was a layout before.
    Nothing,
    /// It is a layout now.
    Layout,
}

/// Makes a folder a layout, unless it is one. A folder that holds something else is refused.
pub(super) fn prepare(folder: &Path) -> Result<Made, Error> {
    let failed = |error| Error::file(folder, error);
    if folder.join(MARK_FILE).exists() {
        check_mark(folder)?;
        return Ok(Made::Nothing);
    }
    if std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        let place = folder.display().to_string();
        return Err(Error::archive(
            &place,
            "it is neither empty nor an OCI layout; name another folder",
        ));
    }
    replace(folder, MARK_FILE, MARK.as_bytes())?;
    Ok(Made::Layout)
}

/// Whether a layout has nothing but its mark.
pub(super) fn is_bare(folder: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == MARK_FILE))
}

/// Adds an image to the index, and what refers to it; tells what other tools find it by. Another writer
/// waits meanwhile.
pub(super) fn add_image(
    folder: &Path,
    image: Descriptor,
    referrers: &[Descriptor],
) -> Result<Option<String>, Error> {
    let lock_path = folder.join(MARK_FILE);
    let failed = |error| Error::file(&lock_path, error);
    let lock = File::open(&lock_path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let mut entries = match folder.join("index.json").exists() {
        true => read_index(folder)?,
        false => Vec::new(),
    };
    name::add(&mut entries, image);
    let found_by = entries.last().and_then(name::short).map(str::to_owned);
    for referrer in referrers {
        name::add(&mut entries, referrer.clone());
    }
    let bytes = index_bytes(entries, &folder.display().to_string())?;
    replace(folder, "index.json", &bytes)?;
    Ok(found_by)
}

/// The bytes of an index of these entries.
pub(in crate::transfer) fn index_bytes(
    entries: Vec<Descriptor>,
    place: &str,
) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(&ImageIndex::of(entries))
        .map_err(|error| Error::archive(place, error.to_string()))
}

/// Writes a file so that whoever reads it finds the old one or the new one.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = folder.join(name);
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_data()?;
        make_readable(file.as_file())?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|error| Error::file(&path, error))
}

/// A temporary file is for its owner alone; a layout is for everybody.
#[cfg(unix)]
pub(in crate::transfer) fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub(in crate::transfer) fn make_readable(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use acr_api::oci::media_type;

    fn entry(digest: u8, name: Option<&str>) -> Descriptor {
        let digest = Digest::Sha256([digest; 32]);
        let mut entry = Descriptor::new(media_type::IMAGE_MANIFEST, digest, 1);
        if let Some(name) = name {
            name::give_saved(&mut entry, name);
        }
        entry
    }

    #[test]
    fn a_name_moves_and_other_names_stay() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path()).unwrap();
        let add = |image, others: &[_]| add_image(folder.path(), image, others).unwrap();
        let found_by = add(entry(1, Some("v1")), &[entry(2, None)]);
        assert_eq!(found_by.as_deref(), Some("v1"));
        let others = [entry(1, Some("old")), entry(2, None)];
        add(entry(3, Some("v1")), &others);
        let index = read_index(folder.path()).unwrap();
        assert_eq!(
            index,
            [entry(3, Some("v1")), entry(1, Some("old")), entry(2, None)]
        );
        prepare(folder.path()).unwrap();
        assert_eq!(read_index(folder.path()).unwrap().len(), 3);
    }

    #[test]
    fn a_folder_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.txt"), "x").unwrap();
        let error = prepare(folder.path()).unwrap_err().to_string();
        assert!(error.contains("neither empty nor"), "{error}");
        assert!(
            read_index(folder.path())
                .unwrap_err()
                .to_string()
                .contains("no OCI layout")
        );
    }

    #[test]
    fn a_layout_of_the_future_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("oci-layout"),
            r#"{"imageLayoutVersion":"2.0.0"}"#,
        )
        .unwrap();
        assert!(prepare(folder.path()).is_err());
    }
}
