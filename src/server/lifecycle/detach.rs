//! `acr serve --detach`: the same program again, in the background, until it is ready or has failed.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{
    data_dir::{DataDir, OWNER_ONLY},
    lock, probe,
    record::{Record, State},
};
use crate::Error;

/// Set for the background process, which leaves its terminal's session when it sees it.
pub const DETACHED_VARIABLE: &str = "ACR_SERVE_DETACHED";

const LOOK_EVERY: Duration = Duration::from_millis(10);
const TAIL_LINES: usize = 20;
const TAIL_BYTES: u64 = 16 * 1024;
/// A log larger than this is put aside at the next start.
const LOG_BYTES: u64 = 10 * 1024 * 1024;

/// How the background process is started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The program, usually this one.
    pub program: PathBuf,
    /// Its arguments, without the one that asked for the background.
    pub arguments: Vec<OsString>,
    /// How long it may take to get ready.
    pub wait: Duration,
}

/// Starts the server in the background and waits until it takes work.
pub async fn detach(data_dir: &DataDir, launch: &Launch) -> Result<Record, Error> {
    data_dir.create()?;
    if lock::is_held(data_dir)? {
        return Err(lock::taken(data_dir)?);
    }
    let path = data_dir.log_file();
    let (log, begin) = open_log(&path)?;
    let mut child = spawn(launch, log)?;
    let failed = |reason: String| Error::Background {
        reason,
        log: path.clone(),
        tail: tail(&path, begin),
    };
    let deadline = Instant::now() + launch.wait;
    loop {
        let ended = child.try_wait().map_err(|source| Error::System {
            action: "wait for the server",
            source,
        })?;
        if let Some(status) = ended {
            return Err(failed(format!("ended at once ({status})")));
        }
        let record = Record::read(data_dir)?.filter(|record| record.pid == child.id());
        // The port takes connections before anything answers them: no question until the server says it does.
        if let Some(record) = record.filter(|record| record.state == State::Ready)
            && probe::is_ready(&record).await
        {
            return Ok(record);
        }
        if Instant::now() >= deadline {
            // It is ours alone so far: nobody has been told of it.
            let _ = child.kill();
            let _ = child.wait();
            return Err(failed(format!(
                "was not ready after {} s and was ended",
                launch.wait.as_secs()
            )));
        }
        sleep(LOOK_EVERY).await;
    }
}

fn open_log(path: &Path) -> Result<(File, u64), Error> {
    let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    if size(path) > LOG_BYTES {
        let aside = path.with_extension("log.1");
        fs::rename(path, &aside).map_err(|source| Error::file("put aside", path, source))?;
    }
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(OWNER_ONLY)
        .open(path)
        .map_err(|source| Error::file("open", path, source))?;
    Ok((log, size(path)))
}

fn spawn(launch: &Launch, log: File) -> Result<Child, Error> {
    let failed = |source| Error::file("start", &launch.program, source);
    let errors = log.try_clone().map_err(failed)?;
    Command::new(&launch.program)
        .args(&launch.arguments)
        .env(DETACHED_VARIABLE, "1")
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .spawn()
        .map_err(failed)
}

/// The last lines written since the start.
fn tail(path: &Path, begin: u64) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let end = file.metadata()?.len();
        file.seek(SeekFrom::Start(begin.max(end.saturating_sub(TAIL_BYTES))))?;
        let mut bytes = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(TAIL_LINES)..];
    match last {
        [] => "(nothing)".to_owned(),
        last => last.join("\n"),
    }
}
