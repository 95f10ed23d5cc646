//! A blob store, opened: one adapter behind the operations all of them have.

use std::ops::RangeBounds;
use std::sync::Arc;

use futures_util::TryStreamExt;

use super::content::Wanted;
use super::hash::Hasher;
use super::local::Folder;
use super::object::Objects;
use super::off_thread::off_thread;
use super::seal::{self, DataKey, Opener, Sealer};
use super::sink::{Sink, Writer};
use super::small::Small;
use super::state::Parts;
use super::{Content, Error, Finished, Hashes, Key, State, Target, Upload};

/// An open blob store; clones share it.
#[derive(Clone, Debug)]
pub struct Blobs {
    adapter: Adapter,
    data_key: Option<DataKey>,
    small: Option<Arc<Small>>,
}

#[derive(Clone, Debug)]
enum Adapter {
    Local(Folder),
    Object(Objects),
}

/// What lies in a store: a finished blob, or what an upload has written of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: Key,
    pub size: u64,
    /// When it was last written to, by the store's clock, in milliseconds since 1970.
    pub modified_ms: i64,
    /// Object stores list finished blobs only.
    pub is_finished: bool,
}

/// A store that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Unknown of object stores, which have no end.
    pub free_bytes: Option<u64>,
}

impl Blobs {
    /// Opens a store, and makes the folders of a local one. Whether a remote one answers, [`Blobs::health`] says.
    pub async fn open(target: &Target) -> Result<Self, Error> {
        let adapter = match target {
            Target::Local(path) => {
                let path = path.clone();
                Adapter::Local(off_thread(move || Folder::open(&path)).await??)
            }
            Target::Azure(remote) => Adapter::Object(Objects::azure(remote)?),
            Target::S3(remote) => Adapter::Object(Objects::s3(remote)?),
            Target::Memory => Adapter::Object(Objects::memory()),
        };
        Ok(Self {
            adapter,
            data_key: None,
            small: Some(Arc::default()),
        })
    }

    /// The same store, whose blobs are sealed with a key if there is one. Each blob is read with the key it was
    /// written with, and an upload goes on with the one it was begun with.
    pub fn sealed_with(&self, data_key: Option<DataKey>) -> Self {
        Self {
            data_key,
            ..self.clone()
        }
    }

    /// Begins an upload under a key that was never used.
    pub async fn begin(&self, key: &Key, hashes: Hashes) -> Result<Upload, Error> {
        let sink = self.sink(key).await?;
        Ok(Upload::new(self.clone(), Hasher::new(hashes), sink))
    }

    /// Begins to write under a key that was never used.
    pub(super) async fn sink(&self, key: &Key) -> Result<Sink, Error> {
        let writer = match &self.adapter {
            Adapter::Local(folder) => Writer::Local(folder.begin(key).await?),
            Adapter::Object(objects) => Writer::Object(objects.writer(key, Parts::default())),
        };
        Ok(Sink::new(writer, self.sealer(key, 0)?))
    }

    /// Goes on with a suspended upload at [`State::size`]; what was appended after `state` was taken is forgotten.
    pub async fn resume(&self, key: &Key, state: &State) -> Result<Upload, Error> {
        if state.is_sealed != self.data_key.is_some() {
            return Err(Error::invalid("key to go on with an upload"));
        }
        let hasher = Hasher::resume(&state.hasher)?;
        let written = match state.is_sealed {
            true => seal::of_whole_chunks(hasher.size()),
            false => hasher.size(),
        };
        let writer = match (&self.adapter, &state.parts) {
            (Adapter::Local(folder), None) => Writer::Local(folder.resume(key, written).await?),
            (Adapter::Object(objects), Some(parts)) => {
                Writer::Object(objects.writer(key, parts.clone()))
            }
            _ => return Err(other_store()),
        };
        let sink = Sink::new(writer, self.sealer(key, hasher.size())?);
        let mut upload = Upload::new(self.clone(), hasher, sink);
        if let Some(tail) = &state.tail {
            upload.take_up(tail).await?;
        }
        Ok(upload)
    }

    /// Gives up a suspended upload; that it is gone already is fine.
    pub async fn discard(&self, key: &Key, state: &State) -> Result<(), Error> {
        if let Some(tail) = state.tail_key() {
            self.remove(tail).await?;
        }
        match (&self.adapter, &state.parts) {
            (Adapter::Object(objects), Some(parts)) => {
                objects.writer(key, parts.clone()).abort().await
            }
            (Adapter::Local(folder), None) => folder.discard(key).await,
            _ => Err(other_store()),
        }
    }

    /// Whether an upload is [`Error::Busy`] for everybody else while somebody goes on with it.
    pub fn guards_uploads(&self) -> bool {
        matches!(self.adapter, Adapter::Local(_))
    }

    /// Reads a finished blob or a range of it; a range that is not inside the blob is refused.
    pub async fn read(&self, key: &Key, range: impl RangeBounds<u64>) -> Result<Content, Error> {
        let wanted = Wanted::new(&range);
        let Some(data_key) = &self.data_key else {
            return self.stored(key, wanted).await;
        };
        let sealed = self.stored(key, seal::sealed_range(wanted)).await;
        seal::read(Opener::new(data_key, key)?, wanted, sealed)
    }

    /// Reads what lies in the store, sealed or not.
    async fn stored(&self, key: &Key, wanted: Wanted) -> Result<Content, Error> {
        // What is sealed is looked at anew each time, because opening it is what shows damage.
        let small = self.small.as_ref().filter(|_| self.data_key.is_none());
        if let Some(known) = small.and_then(|small| small.get(key)) {
            let size = known.len() as u64;
            let range = wanted.within(size)?;
            let bytes = known.slice(range.start as usize..range.end as usize);
            return Ok(Content::once(size, range, bytes));
        }
        let content = match &self.adapter {
            Adapter::Local(folder) => folder.read(key, wanted).await,
            Adapter::Object(objects) => objects.read(key, wanted).await,
        }?;
        if let Some(small) = small {
            small.keep(key, &content);
        }
        Ok(content)
    }

    fn sealer(&self, key: &Key, plain_bytes: u64) -> Result<Option<Sealer>, Error> {
        let data_key = self.data_key.as_ref();
        data_key
            .map(|data_key| Sealer::new(data_key, key, plain_bytes))
            .transpose()
    }

    /// Hashes a finished blob again: to find damage, or to learn a digest the upload did not compute.
    pub async fn digest(&self, key: &Key, hashes: Hashes) -> Result<Finished, Error> {
        let fresh = Self {
            small: None,
            ..self.clone()
        };
        let mut content = fresh.read(key, ..).await?;
        let mut hasher = Hasher::new(hashes);
        while let Some(bytes) = content.try_next().await? {
            hasher = off_thread(move || {
                hasher.update(&[bytes]);
                hasher
            })
            .await?;
        }
        Ok(hasher.finish())
    }

    /// Removes a blob, or what an unfinished upload left; that there is none is fine. Who reads it goes on reading
    /// in a local store.
    pub async fn remove(&self, key: &Key) -> Result<(), Error> {
        match &self.adapter {
            Adapter::Local(folder) => folder.remove(key).await,
            Adapter::Object(objects) => objects.remove(key).await,
        }?;
        if let Some(small) = &self.small {
            small.forget(key);
        }
        Ok(())
    }

    /// The next entries by ascending key, for garbage collection; fewer than `limit` are the last.
    pub async fn list(&self, after: Option<&Key>, limit: usize) -> Result<Vec<Entry>, Error> {
        match &self.adapter {
            Adapter::Local(folder) => folder.list(after, limit).await,
            Adapter::Object(objects) => objects.list(after, limit).await,
        }
    }

    /// Whose the store is, if somebody claimed it.
    pub async fn owner(&self) -> Result<Option<String>, Error> {
        match &self.adapter {
            Adapter::Local(folder) => folder.owner().await,
            Adapter::Object(objects) => objects.owner().await,
        }
    }

    /// Makes the store somebody's, durably, unless it is somebody's already; gives whose it is then.
    pub async fn claim(&self, owner: &str) -> Result<String, Error> {
        match &self.adapter {
            Adapter::Local(folder) => folder.claim(owner).await,
            Adapter::Object(objects) => objects.claim(owner).await,
        }
    }

    /// Asks the store whether it answers, and what space is left.
    pub async fn health(&self) -> Result<Health, Error> {
        match &self.adapter {
            Adapter::Local(folder) => folder.health().await,
            Adapter::Object(objects) => objects.health().await,
        }
    }
}

fn other_store() -> Error {
    Error::invalid("state of an upload: it is another store's")
}
