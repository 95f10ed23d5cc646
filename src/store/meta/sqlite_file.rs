//! The file of a SQLite store: made with its folders, for its owner only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::cause;
use crate::Error;

/// The size SQLite gives pages by itself.
const PAGE_BYTES: u16 = 4096;

/// Makes the folder of a database with those above it.
pub(super) fn create_folder_of(path: &Path) -> Result<(), Error> {
    let folder = path
        .parent()
        .ok_or_else(|| Error::invalid("database path: it has no folder"))?;
    create_folder(folder).map_err(|error| cause::of_io(&folder.display().to_string(), &error))
}

/// Makes an empty database in a folder that is there, unless there is a file already.
///
/// SQLite would let others read it, and turn it over to the write-ahead log with four syncs, for a journal that has
/// nothing to undo.
pub(super) fn create(path: &Path) -> Result<(), Error> {
    if path.exists() {
        return Ok(());
    }
    create_file(path).map_err(|error| cause::of_io(&path.display().to_string(), &error))
}

/// Gives a whole database its name at once, because another program may open it at any time.
fn create_file(path: &Path) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!("-{}", Uuid::new_v4().simple()));
    let whole = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&whole)?;
    let placed = file
        .write_all(&empty_database())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&whole, path));
    fs::remove_file(&whole)?;
    if placed.is_err() {
        // Another program was first, or the file system has no links: SQLite completes an empty file as well.
        options.open(path)?;
    }
    Ok(())
}

/// The one page of a database without tables that uses the write-ahead log, <https://www.sqlite.org/fileformat2.html>.
fn empty_database() -> [u8; PAGE_BYTES as usize] {
    let mut page = [0; PAGE_BYTES as usize];
    let mut put = |offset: usize, bytes: &[u8]| {
        page[offset..offset + bytes.len()].copy_from_slice(bytes);
    };
    put(0, b"SQLite format 3\0");
    put(16, &PAGE_BYTES.to_be_bytes());
    // Read and written by way of the log.
    put(18, &[2, 2]);
    // Fractions of a page that keys may take, the same in every database.
    put(21, &[64, 32, 32]);
    // Change counter and number of pages, and the counter for which that number holds.
    put(24, &1_u32.to_be_bytes());
    put(28, &1_u32.to_be_bytes());
    put(92, &1_u32.to_be_bytes());
    // A leaf without cells, whose content begins behind the page's end.
    put(100, &[13]);
    put(105, &PAGE_BYTES.to_be_bytes());
    page
}

/// Makes a folder and those above it, each durable before something is put into it.
fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder
        .parent()
        .map_or_else(|| PathBuf::from("/"), Path::to_owned);
    create_folder(&above)?;
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    #[cfg(unix)]
    fs::File::open(above)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::{AnyConnection, Connection, Row};

    use super::*;

    #[tokio::test]
    async fn sqlite_takes_the_page_for_its_own() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("new.db");
        create(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        sqlx::any::install_default_drivers();
        let url = format!("sqlite:{}", path.display());
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        for (question, expected) in [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA integrity_check", "ok"),
            ("PRAGMA encoding", "UTF-8"),
            ("SELECT CAST(COUNT(*) AS TEXT) FROM sqlite_master", "0"),
        ] {
            let row = sqlx::query(question).fetch_one(&mut connection).await;
            let answer: String = row.unwrap().get(0);
            assert_eq!(answer, expected, "{question}");
        }
    }

    #[test]
    fn what_is_there_stays() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("old.db");
        for content in ["", "kept"] {
            fs::write(&path, content).unwrap();
            create(&path).unwrap();
            create_file(&path).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
    }
}
