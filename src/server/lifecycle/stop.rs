//! `acr serve stop`: asks the server of a folder to finish and end, and nobody else.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{data_dir::DataDir, lock, process, record::Record};
use crate::Error;

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Stops the server and waits until it has ended; gives back what it was.
pub async fn stop(data_dir: &DataDir, wait: Duration) -> Result<Record, Error> {
    if !lock::is_held(data_dir)? {
        return Err(Error::NotRunning {
            data_dir: data_dir.path().to_path_buf(),
        });
    }
    let recorded = Record::read(data_dir)?;
    let pid = recorded.as_ref().map(|record| record.pid);
    let Some(record) = recorded.filter(process::is_alive) else {
        return Err(Error::Stranger {
            data_dir: data_dir.path().to_path_buf(),
            pid,
        });
    };
    process::terminate(record.pid)?;
    let deadline = Instant::now() + wait;
    while lock::is_held(data_dir)? {
        if Instant::now() >= deadline {
            return Err(Error::StillRunning {
                pid: record.pid,
                seconds: wait.as_secs(),
            });
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(record)
}
