//! A blob on its way here: taken up again where the connection broke, checked to the last byte.

use super::send::{Body, Call, Registry, scope};
use super::{Error, Hasher};
use acr_api::auth::Action;
use acr_api::oci::{ContentRange, Digest, RepositoryName};
use acr_http::{Method, Response, Retry, StatusCode};
use bytes::{Buf, Bytes};
use std::time::Duration;

/// So many attempts in a row may bring nothing.
const PATIENCE: Retry = Retry::attempts(5);

/// A blob that is being read.
#[derive(Debug)]
pub struct Download {
    registry: Registry,
    repository: RepositoryName,
    digest: Digest,
    size: Option<u64>,
    offset: u64,
    /// Bytes at the head of the answer that are here already.
    surplus: u64,
    response: Option<Response>,
    failures: u32,
    hasher: Option<Hasher>,
}

impl Download {
    pub(super) fn new(
        registry: &Registry,
        repository: &RepositoryName,
        digest: Digest,
        size: Option<u64>,
    ) -> Self {
        Self {
            registry: registry.clone(),
            repository: repository.clone(),
            digest,
            size,
            offset: 0,
            surplus: 0,
            response: None,
            failures: 0,
            hasher: Some(Hasher::new(digest.algorithm())),
        }
    }

    /// Goes on from `offset`. The caller has the bytes before it, and checks the digest itself.
    pub fn from(mut self, offset: u64) -> Self {
        self.offset = offset;
        self.hasher = None;
        self
    }

    /// How many bytes the blob has, once that is known.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// The next piece; `None` after the last, when everything was right.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if self.response.is_none() && self.size == Some(self.offset) {
                return self.finish();
            }
            let mut response = match self.response.take() {
                Some(response) => response,
                None => self.open().await?,
            };
            match response.chunk().await {
                Ok(Some(piece)) => {
                    self.response = Some(response);
                    if let Some(piece) = self.accept(piece)? {
                        return Ok(Some(piece));
                    }
                }
                Ok(None) if self.size.is_none_or(|size| self.offset == size) => {
                    return self.finish();
                }
                Ok(None) => return Err(self.shortage()),
                Err(error) => self.fail(error).await?,
            }
        }
    }

    fn accept(&mut self, mut piece: Bytes) -> Result<Option<Bytes>, Error> {
        if self.surplus > 0 {
            let skipped = self.surplus.min(piece.len() as u64);
            piece.advance(skipped as usize);
            self.surplus -= skipped;
        }
        if piece.is_empty() {
            return Ok(None);
        }
        self.failures = 0;
        self.offset += piece.len() as u64;
        if self.size.is_some_and(|size| self.offset > size) {
            return Err(self.shortage());
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&piece);
        }
        Ok(Some(piece))
    }

    /// Ends the download; what comes after the end is `None` again.
    fn finish(&mut self) -> Result<Option<Bytes>, Error> {
        self.size = Some(self.offset);
        let Some(hasher) = self.hasher.take() else {
            return Ok(None);
        };
        let actual = hasher.finish();
        if actual == self.digest {
            return Ok(None);
        }
        Err(Error::damage(self.origin(), self.digest, actual))
    }

    /// Asks for the blob from the offset on, as often as is worth it.
    async fn open(&mut self) -> Result<Response, Error> {
        let mut call = Call::new(
            Method::GET,
            self.registry.blob_url(&self.repository, &self.digest),
            scope(&self.repository, &[Action::Pull]),
            format!("read the blob {} of {}", self.digest, self.repository),
        )
        .header("accept-encoding", "identity");
        call.body = Body::BulkAnswer;
        if self.offset > 0 {
            call = call.header("range", format!("bytes={}-", self.offset));
        }
        loop {
            match self.registry.send(&call).await {
                Ok(response) => match response.status {
                    StatusCode::OK => {
                        self.surplus = self.offset;
                        self.check_length(&response, 0)?;
                        return Ok(response);
                    }
                    StatusCode::PARTIAL_CONTENT => {
                        self.surplus = 0;
                        self.check_range(&response)?;
                        return Ok(response);
                    }
                    _ => self.fail_with(response, &call.doing).await?,
                },
                Err(Error::Transport(error)) => self.fail(error).await?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Learns the length of the blob, or finds that the registry contradicts what was said of it.
    fn check_length(&mut self, response: &Response, offset: u64) -> Result<(), Error> {
        let length = response.header("content-length");
        let Some(length) = length.and_then(|n| n.parse::<u64>().ok()) else {
            return Ok(());
        };
        self.check_total(offset.saturating_add(length))
    }

    fn check_range(&mut self, response: &Response) -> Result<(), Error> {
        let range = response.header("content-range").map(str::parse);
        match range {
            Some(Ok(ContentRange::Part { range, total })) if range.first == self.offset => {
                match total {
                    Some(total) => self.check_total(total),
                    None => Ok(()),
                }
            }
            _ => Err(Error::decode(
                response,
                format!("it does not begin at byte {}", self.offset),
            )),
        }
    }

    fn check_total(&mut self, total: u64) -> Result<(), Error> {
        match self.size {
            Some(size) if size != total => Err(Error::Size {
                origin: self.origin(),
                digest: self.digest,
                expected: size,
                actual: total,
            }),
            _ => {
                self.size = Some(total);
                Ok(())
            }
        }
    }

    /// Waits as the answer asks, or gives up with it.
    async fn fail_with(&mut self, response: Response, doing: &str) -> Result<(), Error> {
        match PATIENCE.after_answer(self.failures + 1, &Method::GET, &response) {
            Some(pause) => {
                self.wait(pause, Some(&response)).await;
                Ok(())
            }
            None => Err(Error::refused(response, doing).await),
        }
    }

    /// Waits a little after a broken connection, or gives up with its error.
    async fn fail(&mut self, error: acr_http::Error) -> Result<(), Error> {
        match PATIENCE.after_error(self.failures + 1, &Method::GET, &error) {
            Some(pause) => {
                tracing::debug!(%error, "the blob broke off");
                self.wait(pause, None).await;
                Ok(())
            }
            None => Err(error.into()),
        }
    }

    async fn wait(&mut self, pause: Duration, answer: Option<&Response>) {
        self.failures += 1;
        self.registry.http().pause(pause, answer).await;
    }

    fn shortage(&self) -> Error {
        Error::Size {
            origin: self.origin(),
            digest: self.digest,
            expected: self.size.unwrap_or_default(),
            actual: self.offset,
        }
    }

    fn origin(&self) -> String {
        format!("{}/{}", self.registry.host(), self.repository)
    }
}
