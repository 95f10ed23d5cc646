//! Looks whether everything that is named is there: after a crash, after a backup was brought back, in tests.

use std::collections::BTreeSet;

use acr_api::oci::{Digest, Role};
use acr_store::blob::{Error as BlobError, Hashes};
use serde::Deserialize;

use super::{
    blob::Record as Stored,
    collection::{
        ABANDONED_REPOSITORY, BARE_REPOSITORY, BLOB, BLOB_HOLDER, BLOB_LINK, BLOB_STORAGE,
        DELETED_MANIFEST, DELETED_REPOSITORY, MANIFEST, MANIFEST_CONTENT, MANIFEST_REFERENCE,
        REPOSITORY, TAG, TAG_OF, key, key3, last_part, prefix,
    },
    manifest::{self, Content, has_other},
    refusal,
    repository::{Deleted, Record},
    tag,
};
use crate::{
    app::App,
    domain::{Error, scan::Slices},
};

/// Documents that are read at a time.
const SLICE: u32 = 200;

/// What is being looked at, and what was found wrong.
struct Look<'a> {
    app: &'a App,
    faults: Vec<String>,
}

/// The part of a manifest that was deleted and is kept.
#[derive(Deserialize)]
struct Buried {
    record: manifest::Record,
}

/// Looks at everything, bytes included, and tells what is missing or not what it should be. Nothing may be changed
/// meanwhile, or that can look like a fault.
pub async fn verify(app: &App) -> Result<Vec<String>, Error> {
    let mut look = Look {
        app,
        faults: Vec::new(),
    };
    for held in [REPOSITORY, BARE_REPOSITORY, DELETED_REPOSITORY] {
        let mut slices = Slices::new(held, "", SLICE);
        while let Some(documents) = slices.next(app).await? {
            for document in documents {
                let record: Record = match held {
                    DELETED_REPOSITORY => document.parse::<Deleted>()?.record,
                    _ => document.parse()?,
                };
                let registry_id = document.key.split('/').next().unwrap_or_default();
                if held == BARE_REPOSITORY && has_other(app, &record.id, &BTreeSet::new()).await? {
                    let fault = format!("repository {}: it has a manifest", document.key);
                    look.faults.push(fault);
                }
                look.manifests(&record.id).await?;
                look.tags(&record.id).await?;
                look.links(registry_id, &record.id).await?;
            }
        }
    }
    look.blobs().await?;
    look.holders().await?;
    Ok(look.faults)
}

impl Look<'_> {
    /// Notes a fault if a document is not there.
    async fn expect(&mut self, collection: &str, place: &str, by: &str) -> Result<(), Error> {
        if self.app.meta().get(collection, place).await?.is_none() {
            self.faults.push(format!("{by}: no {collection} {place}"));
        }
        Ok(())
    }

    async fn manifests(&mut self, id: &str) -> Result<(), Error> {
        for held in [MANIFEST, DELETED_MANIFEST] {
            let all = prefix(id);
            let mut slices = Slices::new(held, &all, SLICE);
            while let Some(documents) = slices.next(self.app).await? {
                for document in documents {
                    let record = match held {
                        MANIFEST => document.parse()?,
                        _ => document.parse::<Buried>()?.record,
                    };
                    self.manifest(id, &document.key, &record).await?;
                }
            }
        }
        Ok(())
    }

    async fn manifest(
        &mut self,
        id: &str,
        place: &str,
        record: &manifest::Record,
    ) -> Result<(), Error> {
        let by = format!("manifest {place}");
        let Some(document) = self.app.meta().get(MANIFEST_CONTENT, place).await? else {
            self.faults.push(format!("{by}: it has no bytes"));
            return Ok(());
        };
        let content: Content = document.parse()?;
        if !record.is_of(&content.text)? || last_part(place) != record.digest.to_string() {
            self.faults
                .push(format!("{by}: its bytes have another digest"));
        }
        for reference in record.parse(&content.text)?.references() {
            let target = reference.descriptor.digest;
            if reference.role == Role::Subject {
                continue;
            }
            let needs = key3(id, target, record.digest);
            self.expect(MANIFEST_REFERENCE, &needs, &by).await?;
            let may_lack = matches!(reference.role, Role::Child | Role::Entry)
                || reference.role.is_optional()
                || self.app.settings().takes_sparse_images;
            if !may_lack {
                self.expect(BLOB_LINK, &key(id, target), &by).await?;
            }
        }
        Ok(())
    }

    async fn tags(&mut self, id: &str) -> Result<(), Error> {
        let all = prefix(id);
        let mut slices = Slices::new(TAG, &all, SLICE);
        while let Some(documents) = slices.next(self.app).await? {
            for document in documents {
                let by = format!("tag {}", document.key);
                let record: tag::Record = document.parse()?;
                let names = key3(id, record.digest, last_part(&document.key));
                self.expect(MANIFEST, &key(id, record.digest), &by).await?;
                self.expect(TAG_OF, &names, &by).await?;
            }
        }
        Ok(())
    }

    async fn links(&mut self, registry_id: &str, id: &str) -> Result<(), Error> {
        let all = prefix(id);
        let mut slices = Slices::new(BLOB_LINK, &all, SLICE);
        while let Some(documents) = slices.next(self.app).await? {
            for document in documents {
                let (by, digest) = (format!("link {}", document.key), last_part(&document.key));
                let holder = key3(registry_id, digest, id);
                self.expect(BLOB_HOLDER, &holder, &by).await?;
                let known = self.app.meta().get(BLOB, &key(registry_id, digest)).await?;
                let known = known.map(|known| known.parse::<Stored>()).transpose()?;
                if known != Some(document.parse::<Stored>()?) {
                    self.faults
                        .push(format!("{by}: the blob is another one or none"));
                }
            }
        }
        Ok(())
    }

    async fn blobs(&mut self) -> Result<(), Error> {
        let mut slices = Slices::new(BLOB, "", SLICE);
        while let Some(documents) = slices.next(self.app).await? {
            for document in documents {
                let by = format!("blob {}", document.key);
                let stored: Stored = document.parse()?;
                self.expect(BLOB_STORAGE, stored.storage.as_str(), &by)
                    .await?;
                self.bytes(&by, last_part(&document.key), &stored).await?;
            }
        }
        Ok(())
    }

    async fn bytes(&mut self, by: &str, digest: &str, stored: &Stored) -> Result<(), Error> {
        let digest: Digest = digest.parse().map_err(Error::internal)?;
        let blobs = stored.blobs(self.app).await?;
        let read = blobs.digest(&stored.storage, Hashes::Sha256AndSha512).await;
        let is_whole = match read {
            Ok(found) => match digest {
                Digest::Sha256(said) => found.size == stored.size && found.sha256 == said,
                Digest::Sha512(said) => found.size == stored.size && found.sha512 == Some(said),
            },
            Err(BlobError::NotFound { .. } | BlobError::Corrupt { .. }) => false,
            Err(error) => return Err(refusal::blob_store(error)),
        };
        if !is_whole {
            self.faults
                .push(format!("{by}: its bytes are not there or not these"));
        }
        Ok(())
    }

    async fn holders(&mut self) -> Result<(), Error> {
        let mut slices = Slices::new(BLOB_HOLDER, "", SLICE);
        while let Some(documents) = slices.next(self.app).await? {
            for document in documents {
                let mut parts = document.key.split('/');
                let (Some(registry_id), Some(digest), Some(id)) =
                    (parts.next(), parts.next(), parts.next())
                else {
                    continue;
                };
                let abandoned = key(registry_id, id);
                let meta = self.app.meta();
                if meta.get(ABANDONED_REPOSITORY, &abandoned).await?.is_none() {
                    let by = format!("holder {}", document.key);
                    self.expect(BLOB_LINK, &key(id, digest), &by).await?;
                    self.expect(BLOB, &key(registry_id, digest), &by).await?;
                }
            }
        }
        Ok(())
    }
}
