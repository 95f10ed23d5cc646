//! A blob on its way to a registry: mounted if it can be, else sent whole or in chunks.

use super::send::{Body, Call, Registry, scope};
use super::session::{Beginning, Ending, Session};
use super::unfinished::Note;
use super::{Content, Error, Hasher};
use acr_api::auth::Action;
use acr_api::oci::{Digest, ErrorCode, RepositoryName};
use acr_http::{Method, StatusCode};
use bytes::Bytes;
use futures_util::StreamExt;
use std::fmt;
use std::sync::Arc;
use url::Url;

/// An upload the registry lost is begun anew so many times.
const MOST_SESSIONS: u32 = 4;

/// Called with the number of bytes that have left so far. It may fall when bytes were lost.
pub type Progress = Arc<dyn Fn(u64) + Send + Sync>;

/// A blob to be stored.
pub struct BlobUpload<'a> {
    /// Where.
    pub repository: &'a RepositoryName,
    /// Its digest, which the registry checks.
    pub digest: Digest,
    /// Its bytes.
    pub content: &'a dyn Content,
    /// What to call them in a message, should they be wrong.
    pub origin: &'a str,
    /// Another repository of the registry that may have it.
    pub mount_from: Option<&'a RepositoryName>,
    /// Told how far it is.
    pub progress: Progress,
    /// Told how much of it the registry has from an earlier run; zero takes that back.
    pub resumed: Progress,
}

/// How a blob came to be in its repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uploaded {
    /// The registry had it elsewhere.
    Mounted,
    /// Its bytes were sent.
    Sent,
}

impl fmt::Debug for BlobUpload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobUpload({}@{})", self.repository, self.digest)
    }
}

impl BlobUpload<'_> {
    pub(super) fn doing(&self) -> String {
        format!("store the blob {} in {}", self.digest, self.repository)
    }

    pub(super) fn size(&self) -> u64 {
        self.content.size()
    }

    /// Reads what is to be sent, to learn whose mistake a refused digest is.
    async fn check_content(&self) -> Result<(), Error> {
        let mut hasher = Hasher::new(self.digest.algorithm());
        let mut stream = self.content.read(0..self.size());
        while let Some(piece) = stream.next().await {
            let Ok(piece) = piece else { return Ok(()) };
            hasher.update(&piece);
        }
        let actual = hasher.finish();
        if actual == self.digest {
            return Ok(());
        }
        Err(Error::damage(self.origin, self.digest, actual))
    }
}

impl Registry {
    /// Stores a blob, unless it can be mounted. The bytes are not hashed on the way: the registry
    /// must check the digest, and what it answers is compared.
    pub async fn put_blob(&self, upload: &BlobUpload<'_>) -> Result<Uploaded, Error> {
        let unfinished = self.unfinished.as_ref();
        let mut note = unfinished.and_then(|notes| notes.note(self.host(), upload));
        let put = match self.take_up(upload, note.as_mut()).await {
            true => Ok(Uploaded::Sent),
            false => self.put_anew(upload, note.as_mut()).await,
        };
        // What broke off may go on; what was refused for good would be refused again.
        if let Some(note) = &mut note
            && !put.as_ref().is_err_and(is_passing)
        {
            note.erase();
        }
        put
    }

    /// Goes on with what an earlier run has sent, if there is such a thing and the registry has kept it. Any
    /// trouble with it leaves it behind: to begin anew is always right.
    async fn take_up(&self, upload: &BlobUpload<'_>, note: Option<&mut Note>) -> bool {
        let Some(note) = note else { return false };
        let (endpoint, base) = (&self.inner.endpoint, self.url("/v2/"));
        let address = note.address();
        let Some(Ok(location)) = address.map(|address| endpoint.follow(&base, &address)) else {
            return false;
        };
        let session = Session::new(self, upload, location, Beginning::Resumed).noted(Some(note));
        match session.run().await {
            Ok(Ending::Stored) => return true,
            Ok(Ending::Lost) => tracing::debug!("the registry has not kept the upload"),
            Err(error) => tracing::debug!(%error, "the upload cannot go on"),
        }
        (upload.resumed)(0);
        false
    }

    async fn put_anew(
        &self,
        upload: &BlobUpload<'_>,
        mut note: Option<&mut Note>,
    ) -> Result<Uploaded, Error> {
        let mut begun = self.begin(upload, upload.mount_from).await?;
        for session in 1..MOST_SESSIONS {
            let Some(location) = begun else {
                return Ok(Uploaded::Mounted);
            };
            if let Some(note) = &mut note {
                note.write(&location);
            }
            let beginning = match session {
                1 => Beginning::Fresh,
                _ => Beginning::Again,
            };
            let session = Session::new(self, upload, location, beginning);
            let ending = session.noted(note.as_deref_mut()).run().await;
            match ending {
                Ok(Ending::Stored) => return Ok(Uploaded::Sent),
                Ok(Ending::Lost) => {
                    // The upload may be gone because it was done and only the answer was lost.
                    if self
                        .head_blob(upload.repository, &upload.digest)
                        .await?
                        .is_some()
                    {
                        return Ok(Uploaded::Sent);
                    }
                    begun = self.begin(upload, None).await?;
                }
                Err(Error::Refused(refusal)) if refusal.code == Some(ErrorCode::DigestInvalid) => {
                    upload.check_content().await?;
                    return Err(Error::Refused(refusal));
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Decode {
            url: format!("{}/{}", self.host(), upload.repository),
            reason: format!("it lost the upload of {} again and again", upload.digest),
        })
    }

    /// Stores a blob that is in memory.
    pub async fn put_blob_bytes(
        &self,
        repository: &RepositoryName,
        bytes: Bytes,
    ) -> Result<Digest, Error> {
        let digest = Hasher::digest(acr_api::oci::Algorithm::Sha256, &bytes);
        if self.head_blob(repository, &digest).await?.is_none() {
            let upload = BlobUpload {
                repository,
                digest,
                content: &bytes,
                origin: "the blob to be sent",
                mount_from: None,
                progress: Arc::new(|_| {}),
                resumed: Arc::new(|_| {}),
            };
            self.put_blob(&upload).await?;
        }
        Ok(digest)
    }

    /// Begins an upload and gives its address; `None` if the blob was mounted.
    async fn begin(
        &self,
        upload: &BlobUpload<'_>,
        mount_from: Option<&RepositoryName>,
    ) -> Result<Option<Url>, Error> {
        let mut url = self.url(&format!("/v2/{}/blobs/uploads/", upload.repository));
        let mut scopes = scope(upload.repository, &[Action::Pull, Action::Push]);
        if let Some(from) = mount_from {
            url.query_pairs_mut()
                .append_pair("mount", &upload.digest.to_string())
                .append_pair("from", from.as_str());
            scopes.extend(scope(from, &[Action::Pull]));
        }
        let mut call = Call::new(Method::POST, url, scopes, upload.doing());
        call.body = Body::Small(Bytes::new());
        let response = self.send(&call).await?;
        match response.status {
            StatusCode::CREATED => Ok(None),
            StatusCode::ACCEPTED => {
                let Some(target) = response.header("location") else {
                    return Err(Error::decode(&response, "it does not say where to upload"));
                };
                let location = self.inner.endpoint.follow(&call.url, target)?;
                Ok(Some(location))
            }
            // A source that may not be read must not be the end: the bytes are here.
            _ if mount_from.is_some() => Box::pin(self.begin(upload, None)).await,
            _ => Err(Error::refused(response, &call.doing).await),
        }
    }
}

/// Whether it was the network, or a registry that has too much to do.
fn is_passing(error: &Error) -> bool {
    match (error, error.status()) {
        (Error::Transport(_), _) => true,
        (_, Some(status)) => status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
        _ => false,
    }
}
