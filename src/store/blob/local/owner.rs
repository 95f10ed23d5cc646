//! The mark of the owner as a file beside the folders of the blobs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::blob::Error;
use crate::blob::off_thread::off_thread;
use crate::blob::owner::{MARK, MOST_BYTES, named};

use super::cause;
use super::folder::Folder;
use super::slot::sync_folder;

impl Folder {
    pub(in crate::blob) async fn owner(&self) -> Result<Option<String>, Error> {
        let mark = self.mark();
        off_thread(
            move || match File::open(&mark).and_then(|file| read(&file)) {
                Ok(bytes) => Ok(named(&bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(cause::of_folder(&mark, &error)),
            },
        )
        .await?
    }

    pub(in crate::blob) async fn claim(&self, owner: &str) -> Result<String, Error> {
        let (root, mark, owner) = (Arc::clone(&self.root), self.mark(), owner.to_owned());
        off_thread(move || {
            let whose = claim(&mark, owner).map_err(|error| cause::of_folder(&mark, &error))?;
            sync_folder(&root)?;
            Ok(whose)
        })
        .await?
    }

    fn mark(&self) -> PathBuf {
        self.root.join(MARK)
    }
}

/// Of several that claim a folder at the same time, the lock lets one be the first.
fn claim(mark: &Path, owner: String) -> io::Result<String> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(mark)?;
    file.lock()?;
    if let Some(known) = named(&read(&file)?) {
        return Ok(known);
    }
    file.rewind()?;
    writeln!(file, "{owner}")?;
    file.sync_all()?;
    Ok(owner)
}

fn read(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
