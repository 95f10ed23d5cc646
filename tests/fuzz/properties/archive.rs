//! Archives of images: one that is read can be copied into an archive of our own, which holds the same image.
//!
//! The first line of the input says what the rest is: `script` for the text of `tar_script.rs`, anything else for the
//! bytes of an archive, which may be compressed. What follows a blank on it is the name of the image that is wanted.

use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

use acr_client::transfer::{
    ArchiveFormat, Copied, Copy, Error, Input, Local, Options, Output, Source, Target,
};

use super::{first_line, tar_script};

pub fn check(input: &[u8]) {
    is_image(input);
}

/// Checks the input, and tells whether there was an image in it.
pub fn is_image(input: &[u8]) -> bool {
    let Some((line, rest)) = first_line(input) else {
        return false;
    };
    let (form, wanted) = line.split_once(' ').unwrap_or((line, ""));
    let wanted = Some(wanted.to_owned()).filter(|wanted| !wanted.is_empty());
    let bytes = match (form, str::from_utf8(rest)) {
        ("script", Ok(script)) => tar_script::archive(script),
        ("script", Err(_)) => return false,
        _ => rest.to_vec(),
    };
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.build().unwrap();
    runtime.block_on(survives(bytes, wanted))
}

/// What was read once is written, read again and written as the same.
async fn survives(bytes: Vec<u8>, wanted: Option<String>) -> bool {
    let Ok(local) = open(bytes, wanted).await else {
        return false;
    };
    let Ok((first, archive)) = copy(local, ArchiveFormat::Oci).await else {
        return false;
    };
    let local = open(archive.clone(), None).await.unwrap();
    let _ = copy(local.clone(), ArchiveFormat::Docker).await;
    let (second, again) = copy(local, ArchiveFormat::Oci).await.unwrap();
    assert_eq!(first.digest, second.digest);
    assert_eq!(archive.len(), again.len());
    true
}

async fn open(bytes: Vec<u8>, wanted: Option<String>) -> Result<Local, Error> {
    Local::open(Input::Stream(Box::new(Cursor::new(bytes))), wanted).await
}

async fn copy(local: Local, format: ArchiveFormat) -> Result<(Copied, Vec<u8>), Error> {
    let written = Shared::default();
    let output = Output::Stream(Box::new(written.clone()));
    let copy = Copy {
        source: Source::Local(local),
        from: None,
        target: Target::archive(output, format, None)?,
        to: None,
    };
    let options = Options {
        has_referrers: true,
        ..Options::default()
    };
    let copied = copy.run(&options).await?;
    let bytes = written.0.lock().unwrap().clone();
    Ok((copied, bytes))
}

/// Bytes that are read after their writer is gone.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
