//! One upload session: how far it is, and what to do when it stumbles.

use super::manifest::told_digest;
use super::send::{Body, Call, Registry, scope};
use super::unfinished::Note;
use super::{BlobUpload, Error};
use acr_api::auth::Action;
use acr_api::oci::Received;
use acr_http::{Method, Response, Retry, StatusCode, Upload};
use futures_util::StreamExt;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::time::Duration;
use url::Url;

/// So many attempts in a row may get nothing across.
const PATIENCE: Retry = Retry::attempts(6);
/// A chunk that front ends with a limit let pass: 20 MB is the lowest that was seen on large ones.
const CHUNK_BYTES: u64 = 16 * 1024 * 1024;
/// Smaller chunks than this are not tried.
const SMALLEST_CHUNK_BYTES: u64 = 1024 * 1024;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The blob is stored.
    Stored,
    /// The registry knows nothing of it any more.
    Lost,
}

/// How a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    /// With nothing sent.
    Fresh,
    /// With nothing sent, after another one: what broke that would break this one too, and chunks stay.
    Again,
    /// With what an earlier run has sent.
    Resumed,
}

/// How one request of a session ended.
enum Step {
    /// The registry has what was sent.
    Done,
    /// How far it is must be asked.
    Unclear,
    /// What was sent is too large for one request.
    TooLarge,
    /// There is no such session.
    Lost,
}

pub(super) struct Session<'a> {
    registry: &'a Registry,
    upload: &'a BlobUpload<'a>,
    location: Url,
    /// How much the registry has.
    offset: u64,
    chunk: u64,
    beginning: Beginning,
    failures: u32,
    note: Option<&'a mut Note>,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        registry: &'a Registry,
        upload: &'a BlobUpload<'a>,
        location: Url,
        beginning: Beginning,
    ) -> Self {
        Self {
            registry,
            upload,
            location,
            offset: 0,
            chunk: CHUNK_BYTES,
            beginning,
            failures: 0,
            note: None,
        }
    }

    /// Keeps a note of where it is.
    pub(super) fn noted(self, note: Option<&'a mut Note>) -> Self {
        Self { note, ..self }
    }

    /// Whether to try the whole blob in one request.
    fn is_whole(&self) -> bool {
        let wants_chunks = self.registry.inner.wants_chunks.load(Ordering::Relaxed);
        let fits = !wants_chunks || self.upload.size() <= SMALLEST_CHUNK_BYTES;
        self.beginning == Beginning::Fresh && fits
    }

    /// Sends the blob: whole in one request if the registry takes that, else in chunks.
    pub(super) async fn run(mut self) -> Result<Ending, Error> {
        let size = self.upload.size();
        if self.beginning == Beginning::Resumed {
            if !self.synchronise().await? {
                return Ok(Ending::Lost);
            }
            (self.upload.resumed)(self.offset);
        } else if self.is_whole() {
            match self.put(0..size).await? {
                Step::Done => return Ok(Ending::Stored),
                Step::Lost => return Ok(Ending::Lost),
                Step::TooLarge if size > SMALLEST_CHUNK_BYTES => {
                    let wants_chunks = &self.registry.inner.wants_chunks;
                    wants_chunks.store(true, Ordering::Relaxed);
                }
                Step::TooLarge | Step::Unclear => {}
            }
            if !self.synchronise().await? {
                return Ok(Ending::Lost);
            }
        }
        loop {
            let step = if self.offset < size {
                let end = size.min(self.offset + self.chunk);
                self.patch(self.offset..end).await?
            } else {
                match self.put(size..size).await? {
                    Step::Done => return Ok(Ending::Stored),
                    step => step,
                }
            };
            match step {
                Step::Done => continue,
                Step::Lost => return Ok(Ending::Lost),
                Step::TooLarge => self.chunk = (self.chunk / 2).max(SMALLEST_CHUNK_BYTES),
                Step::Unclear => {}
            }
            if !self.synchronise().await? {
                return Ok(Ending::Lost);
            }
        }
    }

    /// Sends the last bytes, or none, and names the blob.
    async fn put(&mut self, range: Range<u64>) -> Result<Step, Error> {
        let mut url = self.location.clone();
        let digest = self.upload.digest;
        url.query_pairs_mut()
            .append_pair("digest", &digest.to_string());
        let Some(response) = self.send(Method::PUT, url, range).await? else {
            return Ok(Step::Unclear);
        };
        match response.status {
            StatusCode::CREATED | StatusCode::OK | StatusCode::NO_CONTENT => {
                match told_digest(&response) {
                    Some(told) if told.algorithm() == digest.algorithm() && told != digest => {
                        Err(Error::damage(self.registry.host(), digest, told))
                    }
                    _ => Ok(Step::Done),
                }
            }
            _ => self.stumble(Method::PUT, response).await,
        }
    }

    /// Sends a chunk.
    async fn patch(&mut self, range: Range<u64>) -> Result<Step, Error> {
        let end = range.end;
        let url = self.location.clone();
        let Some(response) = self.send(Method::PATCH, url, range).await? else {
            return Ok(Step::Unclear);
        };
        match response.status {
            StatusCode::ACCEPTED | StatusCode::CREATED | StatusCode::NO_CONTENT => {
                self.failures = 0;
                self.read_place(&response, end)?;
                Ok(Step::Done)
            }
            _ => self.stumble(Method::PATCH, response).await,
        }
    }

    /// Asks the registry how far the upload is. `false` if it does not know.
    async fn synchronise(&mut self) -> Result<bool, Error> {
        let url = self.location.clone();
        let call = self.call(Method::GET, url);
        let response = self.registry.send(&call).await?;
        if !response.status.is_success() || response.header("range").is_none() {
            return Ok(false);
        }
        self.read_place(&response, self.offset)?;
        Ok(true)
    }

    /// Reads from an answer where to go on, and how much is there; `told` if it does not say.
    fn read_place(&mut self, response: &Response, told: u64) -> Result<(), Error> {
        let size = self.upload.size();
        let received: Option<Received> = response.header("range").and_then(|r| r.parse().ok());
        let offset = received.map_or(told, |received| received.0);
        // A range of one byte is written like one of none.
        let offset = if told == 1 && offset == 0 { 1 } else { offset };
        if offset > size {
            let reason = format!("it has {offset} bytes of a blob of {size}");
            return Err(Error::decode(response, reason));
        }
        if offset > self.offset {
            self.failures = 0;
        }
        self.offset = offset;
        if let Some(target) = response.header("location") {
            self.location = self
                .registry
                .inner
                .endpoint
                .follow(&self.location, target)?;
            if let Some(note) = &mut self.note {
                note.write(&self.location);
            }
        }
        (self.upload.progress)(self.offset);
        Ok(())
    }

    /// Sends a part of the content; `None` if the connection broke and another try is worth it.
    async fn send(
        &mut self,
        method: Method,
        url: Url,
        range: Range<u64>,
    ) -> Result<Option<Response>, Error> {
        let upload = self.upload;
        let open = {
            let range = range.clone();
            move || {
                let progress = upload.progress.clone();
                let mut sent = range.start;
                let stream = upload.content.read(range.clone()).inspect(move |piece| {
                    if let Ok(piece) = piece {
                        sent += piece.len() as u64;
                        progress(sent);
                    }
                });
                Upload::new(range.end - range.start, stream)
            }
        };
        let mut call = self
            .call(method.clone(), url)
            .header("content-type", "application/octet-stream");
        if method == Method::PATCH {
            let last = range.end.saturating_sub(1);
            call = call.header("content-range", format!("{}-{last}", range.start));
        }
        call.body = Body::Bulk(&open);
        match self.registry.send(&call).await {
            Ok(response) => Ok(Some(response)),
            Err(Error::Transport(error)) => {
                // By the session, sending again is safe, whatever the method.
                let pause = PATIENCE.after_error(self.failures + 1, &Method::PUT, &error);
                let Some(pause) = pause else {
                    return Err(error.into());
                };
                tracing::debug!(%error, "the upload broke off");
                self.wait(pause, None).await;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What a refused part means for the session.
    async fn stumble(&mut self, method: Method, response: Response) -> Result<Step, Error> {
        match response.status {
            StatusCode::PAYLOAD_TOO_LARGE
                if method == Method::PUT || self.chunk > SMALLEST_CHUNK_BYTES =>
            {
                return Ok(Step::TooLarge);
            }
            StatusCode::NOT_FOUND => return Ok(Step::Lost),
            StatusCode::RANGE_NOT_SATISFIABLE if self.failures < 3 => {
                self.failures += 1;
                return Ok(Step::Unclear);
            }
            _ => {}
        }
        match PATIENCE.after_answer(self.failures + 1, &Method::PUT, &response) {
            Some(pause) => {
                self.wait(pause, Some(&response)).await;
                Ok(Step::Unclear)
            }
            None => Err(Error::refused(response, &self.upload.doing()).await),
        }
    }

    async fn wait(&mut self, pause: Duration, answer: Option<&Response>) {
        self.failures += 1;
        self.registry.http().pause(pause, answer).await;
    }

    fn call(&self, method: Method, url: Url) -> Call<'static> {
        let scopes = scope(self.upload.repository, &[Action::Pull, Action::Push]);
        Call::new(method, url, scopes, self.upload.doing())
    }
}
