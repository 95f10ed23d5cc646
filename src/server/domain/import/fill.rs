//! Brings the content of an import into a repository: blobs, then manifests, and the names at the end.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use acr_api::oci::{Descriptor, Digest, RepositoryName};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    plan::Plan,
    refusal::{of_own_source, of_target, source},
    request::{Target, Wanted},
    source::{Document, Source},
};
use crate::{
    app::App,
    domain::{
        Error,
        access::Registry,
        content::{
            blob,
            manifest::{self, Push},
            repository,
            upload::{self, Chunk},
        },
    },
};

/// Blobs that are on their way at a time.
const AT_ONCE: usize = 4;

/// A repository that is being filled.
pub(super) struct Fill<'a> {
    pub(super) app: &'a App,
    pub(super) registry: &'a Registry,
    pub(super) source: &'a Source,
    pub(super) host: &'a str,
    pub(super) wanted: &'a Wanted,
    pub(super) plan: &'a Plan,
    /// The blobs that this import has brought. Others that a target has are not the source's to give to the next one.
    pub(super) brought: Mutex<HashSet<Digest>>,
}

impl Fill<'_> {
    /// Copies all blobs into a repository that this import has not copied into `before`, from which it mounts those.
    pub(super) async fn blobs(
        &self,
        repository: &RepositoryName,
        before: Option<&RepositoryName>,
    ) -> Result<(), Error> {
        let blobs = self.plan.blobs.iter();
        let copies: Vec<_> = blobs
            .map(|(blob, is_optional)| self.blob(repository, before, blob, *is_optional))
            .collect();
        stream::iter(copies)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    /// Stores the manifests; the last one is the image, and with it appear its names, all or none.
    pub(super) async fn manifests(&self, target: &Target) -> Result<(), Error> {
        let Some((image, others)) = self.plan.manifests.split_last() else {
            return Ok(());
        };
        for document in others {
            self.manifest(target, document, false).await?;
        }
        self.manifest(target, image, true).await
    }

    async fn manifest(
        &self,
        target: &Target,
        document: &Document,
        has_names: bool,
    ) -> Result<(), Error> {
        let push = Push {
            name: target.repository.clone(),
            reference: document.digest.into(),
            tags: if has_names {
                target.tags.clone()
            } else {
                Vec::new()
            },
            content_type: Some(document.manifest.media_type().to_owned()),
            naming: self.wanted.naming(),
            bytes: document.bytes.clone(),
        };
        let pushed = manifest::push(self.app, self.registry, &push).await;
        pushed.map(drop).map_err(|error| self.refuse(error))
    }

    async fn blob(
        &self,
        repository: &RepositoryName,
        before: Option<&RepositoryName>,
        blob: &Descriptor,
        is_optional: bool,
    ) -> Result<(), Error> {
        if self.is_there(repository, blob).await? {
            return Ok(());
        }
        let local = self.source.local();
        let shared = local.filter(|local| local.is_in(self.registry));
        let before = before.filter(|_| self.has_brought(&blob.digest));
        let neighbours = [before, shared.map(|local| local.name())];
        for neighbour in neighbours.into_iter().flatten() {
            let digest = &blob.digest;
            let mounted = blob::mount(self.app, self.registry, repository, neighbour, digest).await;
            if mounted.map_err(|error| self.refuse(error))? {
                self.bring(blob.digest);
                return Ok(());
            }
        }
        if is_optional && !self.source.has(blob).await? {
            return Ok(());
        }
        self.copy(repository, blob).await?;
        self.bring(blob.digest);
        Ok(())
    }

    fn bring(&self, digest: Digest) {
        let mut brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        brought.insert(digest);
    }

    fn has_brought(&self, digest: &Digest) -> bool {
        let brought = self.brought.lock().unwrap_or_else(PoisonError::into_inner);
        brought.contains(digest)
    }

    async fn is_there(&self, name: &RepositoryName, blob: &Descriptor) -> Result<bool, Error> {
        let found = match repository::find_holder(self.app, self.registry, name).await {
            Ok(repository) => blob::announce(self.app, &repository, &blob.digest).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(_) => Ok(true),
            Err(error) if error.is_passing() => Err(error),
            Err(_) => Ok(false),
        }
    }

    async fn copy(&self, repository: &RepositoryName, blob: &Descriptor) -> Result<(), Error> {
        let mut from = self.source.blob(blob).await?;
        let chunk = Chunk {
            range: None,
            length: Some(blob.size),
            body: from.body,
        };
        let stored = upload::store(self.app, self.registry, repository, chunk, &blob.digest).await;
        let Err(error) = stored else {
            return Ok(());
        };
        // What broke off says better why than whoever waited for it.
        match from.failure.try_recv() {
            Ok(failure) if self.source.local().is_some() => Err(of_own_source(self.host, failure)),
            Ok(failure) => Err(failure),
            Err(_) if error.code() == "DIGEST_INVALID" => {
                let why = format!("the content of {} is damaged", blob.digest);
                Err(source("SourceDamaged", self.host, &why))
            }
            Err(_) => Err(self.refuse(error)),
        }
    }

    fn refuse(&self, error: Error) -> Error {
        of_target(&self.registry.login_server, error)
    }
}
