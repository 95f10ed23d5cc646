//! Another registry of this server as a source: read without going over the network.

use std::sync::Arc;

use acr_api::oci::{Descriptor, Digest, Reference, RepositoryName};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};

use super::{
    refusal::{of_own_source, source},
    source::{Document, Stream},
};
use crate::{
    app::App,
    domain::{
        Error, ErrorKind,
        access::Registry,
        content::{self, blob, manifest, referrer, repository},
    },
};

/// A repository of this server.
pub(super) struct Local {
    app: App,
    registry: Arc<Registry>,
    repository: content::Repository,
    name: RepositoryName,
}

impl Local {
    pub(super) async fn open(
        app: &App,
        registry: Arc<Registry>,
        name: RepositoryName,
    ) -> Result<Self, Error> {
        let found = repository::find(app, &registry, &name).await;
        Ok(Self {
            repository: found.map_err(|error| of_own_source(&registry.login_server, error))?,
            app: app.clone(),
            registry,
            name,
        })
    }

    /// Whether this is the registry, so that its repositories can share blobs.
    pub(super) fn is_in(&self, registry: &Registry) -> bool {
        self.registry.registry_id == registry.registry_id
    }

    pub(super) fn name(&self) -> &RepositoryName {
        &self.name
    }

    pub(super) async fn resolve(&self, reference: &Reference) -> Result<Document, Error> {
        let found = manifest::find(&self.app, &self.repository, reference).await;
        let found = found.map_err(|error| self.refuse(error))?;
        manifest::check_quarantine(&self.repository, &found, reference, false)
            .map_err(|error| self.refuse(error))?;
        let content = manifest::content(&self.app, &self.repository, &found).await;
        let bytes = Bytes::from(content.map_err(|error| self.refuse(error))?.text);
        Document::read(*found.digest(), bytes, found.media_type())
            .map_err(|error| source("SourceInvalid", self.host(), &error.to_string()))
    }

    pub(super) async fn manifest(&self, entry: &Descriptor) -> Result<Option<Document>, Error> {
        match self.resolve(&entry.digest.into()).await {
            Ok(document) => Ok(Some(document)),
            Err(error) if error.code() == "SourceNotFound" => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn referrers(&self, subject: &Digest) -> Result<Vec<Descriptor>, Error> {
        let mut found: Vec<Descriptor> = Vec::new();
        loop {
            let last = found.last().map(|referrer| referrer.digest.to_string());
            let page = (last.as_deref(), None);
            let page = referrer::list(&self.app, &self.repository, subject, None, page).await?;
            found.extend(page.items);
            if !page.has_more {
                return Ok(found);
            }
        }
    }

    pub(super) async fn has(&self, blob: &Descriptor) -> Result<bool, Error> {
        match blob::find(&self.app, &self.repository, &blob.digest).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.refuse(error)),
        }
    }

    pub(super) async fn blob(&self, blob: &Descriptor) -> Result<Stream, Error> {
        let linked = blob::find(&self.app, &self.repository, &blob.digest).await;
        let linked = linked.map_err(|error| self.refuse(error))?;
        let content = blob::read(&self.app, &linked, ..).await?;
        let (sender, failure) = tokio::sync::oneshot::channel();
        let mut sender = Some(sender);
        let body = content.map_err(move |error| {
            let reason = error.to_string();
            if let Some(sender) = sender.take() {
                let _ = sender.send(Error::internal(error));
            }
            reason
        });
        Ok(Stream {
            body: body.boxed(),
            failure,
        })
    }

    fn host(&self) -> &str {
        &self.registry.login_server
    }

    fn refuse(&self, error: Error) -> Error {
        of_own_source(self.host(), error)
    }
}
