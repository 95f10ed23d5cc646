//! Whose bytes lie in the store of blobs. To the garbage collection of any other database, all of them are garbage,
//! so store and database are bound to each other at the first start and compared at every later one:
//!
//! ```text
//! store of blobs   a mark with the id of the tenant     written first
//! database         setting `blob-store`                 then: the mark is there, and must not be missing again
//! ```
//!
//! A crash in between is made good at the next start. Servers on one database have one tenant. A copy of a database is
//! the same database: it must not be given the store of the original.

use acr_store::{Batch, Scan};
use serde::{Deserialize, Serialize};

use super::{collection::BLOB_STORAGE, refusal::blob_store};
use crate::{app::App, domain::Error};

const SETTINGS: &str = "setting";
const BLOB_STORE: &str = "blob-store";

/// What a claim comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The store is this database's.
    Ours,
    /// Another database has it.
    Theirs,
    /// There are bytes in it, and this database knows of none.
    Unknown,
    /// It is not the one this database had; that one has a mark with this id.
    Lost(String),
}

/// What a database knows of its store.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlobStore {
    owner: String,
}

/// Claims the store for this database, unless it may be another one's.
pub(crate) async fn claim(app: &App) -> Result<Claim, Error> {
    let (blobs, id) = (app.blobs(), &app.tenancy().tenant_id);
    let known = app.meta().get(SETTINGS, BLOB_STORE).await?;
    let owner = match blobs.owner().await.map_err(blob_store)? {
        Some(owner) => owner,
        None if known.is_some() => return Ok(Claim::Lost(id.clone())),
        None if is_empty(app).await? || names_bytes(app).await? => {
            blobs.claim(id).await.map_err(blob_store)?
        }
        None => return Ok(Claim::Unknown),
    };
    if owner != *id {
        return Ok(Claim::Theirs);
    }
    if known.is_none() {
        let batch = Batch::new().put(SETTINGS, BLOB_STORE, &BlobStore { owner });
        app.meta().commit(batch).await?;
    }
    Ok(Claim::Ours)
}

async fn is_empty(app: &App) -> Result<bool, Error> {
    let first = app.blobs().list(None, 1).await.map_err(blob_store)?;
    Ok(first.is_empty())
}

/// Whether this database names blobs: those of the store are taken for them if neither has a mark of the other yet.
async fn names_bytes(app: &App) -> Result<bool, Error> {
    let scan = Scan {
        collection: BLOB_STORAGE,
        prefix: "",
        after: None,
        limit: 1,
    };
    Ok(!app.meta().scan(scan).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use acr_store::blob::{Hashes, Key, MARK, Target};
    use tempfile::TempDir;

    use super::{Claim, claim};
    use crate::testing::Server;

    fn mark(folder: &TempDir) -> PathBuf {
        folder.path().join(MARK)
    }

    async fn server(folder: &Path) -> Server {
        let target = Target::Local(folder.to_owned());
        Server::start_with(|options| options.blobs = target).await
    }

    #[tokio::test]
    async fn a_store_stays_with_its_database() {
        let folder = TempDir::new().unwrap();
        let first = server(folder.path()).await;
        assert_eq!(claim(&first.app).await.unwrap(), Claim::Ours);
        let other = server(folder.path()).await;
        assert_eq!(claim(&other.app).await.unwrap(), Claim::Theirs);
        assert_eq!(claim(&first.app).await.unwrap(), Claim::Ours);
    }

    #[tokio::test]
    async fn what_lies_in_a_store_without_a_mark_is_not_a_new_database_s() {
        let folder = TempDir::new().unwrap();
        let server = server(folder.path()).await;
        let (blobs, key) = (server.app.blobs(), Key::random());
        let mut upload = blobs.begin(&key, Hashes::Sha256).await.unwrap();
        upload.finish().await.unwrap();
        assert_eq!(claim(&server.app).await.unwrap(), Claim::Unknown);
        assert!(!mark(&folder).exists());
    }

    #[tokio::test]
    async fn a_store_that_is_not_mounted_is_missed() {
        let folder = TempDir::new().unwrap();
        let server = server(folder.path()).await;
        claim(&server.app).await.unwrap();
        std::fs::remove_file(mark(&folder)).unwrap();
        let Claim::Lost(id) = claim(&server.app).await.unwrap() else {
            panic!("an empty folder was taken for the store");
        };
        std::fs::write(mark(&folder), id).unwrap();
        assert_eq!(claim(&server.app).await.unwrap(), Claim::Ours);
    }

    #[tokio::test]
    async fn a_crash_between_the_two_marks_is_made_good() {
        let folder = TempDir::new().unwrap();
        let server = server(folder.path()).await;
        let id = &server.app.tenancy().tenant_id;
        server.app.blobs().claim(id).await.unwrap();
        assert_eq!(claim(&server.app).await.unwrap(), Claim::Ours);
        std::fs::remove_file(mark(&folder)).unwrap();
        assert_eq!(claim(&server.app).await.unwrap(), Claim::Lost(id.clone()));
    }
}
