//! The mark of the owner as an object beside the blobs.

use object_store::path::Path;
use object_store::{Error as Cause, ObjectStoreExt, PutMode, PutPayload};

use crate::blob::Error;
use crate::blob::owner::{MARK, MOST_BYTES, named};

use super::cause;
use super::objects::Objects;

impl Objects {
    pub(in crate::blob) async fn owner(&self) -> Result<Option<String>, Error> {
        let got = match self.client.get(&self.mark()).await {
            Ok(got) => got,
            Err(Cause::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(cause::of_store(&error)),
        };
        if got.meta.size > MOST_BYTES {
            return Err(Error::corrupt("the mark of the owner"));
        }
        let bytes = got.bytes().await.map_err(|error| cause::of_store(&error))?;
        Ok(named(&bytes))
    }

    /// Of several that claim a store at the same time the first has it, or the last where it cannot tell which
    /// was first.
    pub(in crate::blob) async fn claim(&self, owner: &str) -> Result<String, Error> {
        let (mark, payload) = (self.mark(), PutPayload::from(owner.to_owned()));
        let first = PutMode::Create.into();
        let put = match self.client.put_opts(&mark, payload.clone(), first).await {
            Err(Cause::NotImplemented { .. } | Cause::NotSupported { .. }) => {
                self.client.put(&mark, payload).await
            }
            put => put,
        };
        match put {
            Ok(_) | Err(Cause::AlreadyExists { .. } | Cause::Precondition { .. }) => {}
            Err(error) => return Err(cause::of_store(&error)),
        }
        let owner = self.owner().await?;
        owner.ok_or_else(|| Error::unavailable("the mark of its owner vanished"))
    }

    fn mark(&self) -> Path {
        self.folder.clone().join(MARK)
    }
}
