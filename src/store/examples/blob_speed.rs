//! Measures a local blob store against `dd conv=fdatasync` on the same disk: `blob_speed FOLDER [MIB]`.
//!
//! Nearly all the work is the kernel's and the digest's, which is optimised in every build, so the unoptimised
//! program tells the same.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use acr_store::blob::{Blobs, Hashes, Key, Target};
use bytes::Bytes;
use futures_util::TryStreamExt;
use tokio::io::AsyncWriteExt;

const ROUNDS: usize = 3;
const MIB: usize = 1024 * 1024;
/// About what an HTTP server hands on at once.
const PIECE_BYTES: usize = 128 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: blob_speed FOLDER [MIB]")?);
    let mib = arguments.next().map_or(Ok(1024), |text| text.parse())?;
    let blobs = Blobs::open(&Target::Local(folder.join("blobs"))).await?;
    let mut files = Vec::new();
    let mut keys = Vec::new();
    for round in 0..ROUNDS {
        let file = folder.join(format!("dd-{round}"));
        let dd = dd(&file, mib)?;
        let key = Key::random();
        let write = write(&blobs, &key, mib).await?;
        let ratio = write.as_secs_f64() / dd.as_secs_f64();
        say(&format!(
            "write {mib} MiB: dd {dd:.2?}, blob {write:.2?}, {ratio:.2} of dd"
        ))?;
        let (stream, socket) = (stream(&blobs, &key).await?, send(&blobs, &key).await?);
        say(&format!(
            "read  {mib} MiB: stream {stream:.2?}, to a socket {socket:.2?}"
        ))?;
        files.push(file);
        keys.push(key);
    }
    // Not before the end: a disk writes faster to blocks that were just freed.
    for key in keys {
        blobs.remove(&key).await?;
    }
    for file in files {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

fn dd(path: &Path, mib: usize) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let status = Command::new("dd")
        .args(["if=/dev/zero", "bs=1M", "conv=fdatasync"])
        .arg(format!("of={}", path.display()))
        .arg(format!("count={mib}"))
        .stderr(Stdio::null())
        .status()?;
    let time = start.elapsed();
    if status.success() {
        Ok(time)
    } else {
        Err("dd failed".into())
    }
}

async fn write(blobs: &Blobs, key: &Key, mib: usize) -> Result<Duration, Box<dyn Error>> {
    let piece = Bytes::from(vec![7; PIECE_BYTES]);
    let start = Instant::now();
    let mut upload = blobs.begin(key, Hashes::Sha256).await?;
    for _ in 0..mib * MIB / PIECE_BYTES {
        upload.append(piece.clone()).await?;
    }
    upload.finish().await?;
    Ok(start.elapsed())
}

async fn stream(blobs: &Blobs, key: &Key) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let mut content = blobs.read(key, ..).await?;
    while content.try_next().await?.is_some() {}
    Ok(start.elapsed())
}

async fn send(blobs: &Blobs, key: &Key) -> Result<Duration, Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let sender = TcpStream::connect(listener.local_addr()?)?;
    let (mut receiver, _) = listener.accept()?;
    let reader = thread::spawn(move || -> io::Result<()> {
        let mut buffer = vec![0; 256 * 1024];
        while receiver.read(&mut buffer)? > 0 {}
        Ok(())
    });
    sender.set_nonblocking(true)?;
    let mut sender = tokio::net::TcpStream::from_std(sender)?;
    let start = Instant::now();
    let mut content = blobs.read(key, ..).await?;
    while let Some(bytes) = content.try_next().await? {
        sender.write_all(&bytes).await?;
    }
    drop(sender);
    reader.join().map_err(|_| "the reader failed")??;
    Ok(start.elapsed())
}
