//! The lock that keeps two servers out of one folder; the system drops it when its holder ends, however it ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    thread,
    time::Duration,
};

use super::{data_dir::DataDir, process, record::Record};
use crate::Error;

/// Someone who only asks whether the lock is held holds it for a moment, so one refusal proves nothing.
const ATTEMPTS: u32 = 5;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(20);

/// Held for as long as the server works on the folder.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn acquire(data_dir: &DataDir) -> Result<Self, Error> {
        for _ in 0..ATTEMPTS {
            if let Some(lock) = Self::try_acquire(data_dir)? {
                return Ok(lock);
            }
            thread::sleep(BETWEEN_ATTEMPTS);
        }
        Err(taken(data_dir)?)
    }

    fn try_acquire(data_dir: &DataDir) -> Result<Option<Self>, Error> {
        let path = data_dir.lock_file();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| Error::file("open", &path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(Error::file("lock", path, source)),
        }
    }
}

/// Says who has the folder, unless the only record is of one that has ended.
pub(super) fn taken(data_dir: &DataDir) -> Result<Error, Error> {
    let holder = Record::read(data_dir)?.filter(process::is_alive);
    Ok(Error::Locked {
        data_dir: data_dir.path().to_path_buf(),
        pid: holder.map(|record| record.pid),
    })
}

/// Whether a server works on the folder right now.
pub(super) fn is_held(data_dir: &DataDir) -> Result<bool, Error> {
    if !data_dir.lock_file().exists() {
        return Ok(false);
    }
    // A shared lock, so that two who only ask never look like a server to each other.
    let path = data_dir.lock_file();
    let file = File::open(&path).map_err(|source| Error::file("open", &path, source))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(source)) => Err(Error::file("lock", path, source)),
    }
}
