//! `/acr/v1`: Azure's own interface to repositories, tags and manifests.
//!
//! What comes back is read as the caller wants it: as the types of [`acr_api::acr`], or as
//! [`serde_json::Value`] to be shown with every member the service sent.

use super::Error;
use super::listing::Pages;
use super::send::{Body, Call, Deletion, Registry, scope};
use acr_api::acr::{ChangeableAttributes, PageQuery, RestoreRequest};
use acr_api::auth::{Action, ResourceKind, Scope};
use acr_api::oci::{Digest, RepositoryName, Tag};
use acr_http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt;
use url::Url;

/// Something whose attributes can be read and changed.
#[derive(Debug, Clone, Copy)]
pub enum Entity<'a> {
    /// A repository.
    Repository(&'a RepositoryName),
    /// A tag.
    Tag(&'a RepositoryName, &'a Tag),
    /// A manifest.
    Manifest(&'a RepositoryName, &'a Digest),
}

impl Entity<'_> {
    fn repository(&self) -> &RepositoryName {
        match self {
            Self::Repository(name) | Self::Tag(name, _) | Self::Manifest(name, _) => name,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Repository(name) => format!("/acr/v1/{name}"),
            Self::Tag(name, tag) => format!("/acr/v1/{name}/_tags/{tag}"),
            Self::Manifest(name, digest) => format!("/acr/v1/{name}/_manifests/{digest}"),
        }
    }
}

impl fmt::Display for Entity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repository(name) => write!(f, "the repository {name}"),
            Self::Tag(name, tag) => write!(f, "the tag {name}:{tag}"),
            Self::Manifest(name, digest) => write!(f, "the manifest {name}@{digest}"),
        }
    }
}

impl Registry {
    /// The names of the repositories.
    pub fn repositories(&self, query: &PageQuery) -> Pages<String> {
        let url = self.queried("/acr/v1/_catalog", query);
        let scopes = registry_scope("catalog");
        Pages::new(self, url, scopes, "repositories", "its repositories")
    }

    /// The attributes of the tags of a repository.
    pub fn tag_attributes<T: DeserializeOwned>(
        &self,
        repository: &RepositoryName,
        query: &PageQuery,
    ) -> Pages<T> {
        let url = self.queried(&format!("/acr/v1/{repository}/_tags"), query);
        let scopes = scope(repository, &[Action::MetadataRead]);
        let what = format!("the tags of {repository}");
        Pages::new(self, url, scopes, "tags", &what)
    }

    /// The attributes of the manifests of a repository.
    pub fn manifest_attributes<T: DeserializeOwned>(
        &self,
        repository: &RepositoryName,
        query: &PageQuery,
    ) -> Pages<T> {
        let url = self.queried(&format!("/acr/v1/{repository}/_manifests"), query);
        let scopes = scope(repository, &[Action::MetadataRead]);
        let what = format!("the manifests of {repository}");
        Pages::new(self, url, scopes, "manifests", &what)
    }

    /// The repositories in which something was deleted.
    pub fn deleted_repositories<T: DeserializeOwned>(&self, query: &PageQuery) -> Pages<T> {
        let url = self.queried("/acr/v1/_deleted/_catalog", query);
        let scopes = registry_scope("deleted_catalog");
        let what = "its deleted repositories";
        Pages::new(self, url, scopes, "repositories", what)
    }

    /// The manifests of a repository that were deleted.
    pub fn deleted_manifests<T: DeserializeOwned>(
        &self,
        repository: &RepositoryName,
        query: &PageQuery,
    ) -> Pages<T> {
        let url = self.queried(&format!("/acr/v1/_deleted/{repository}/_manifests"), query);
        let scopes = scope(repository, &[Action::DeletedRead]);
        let what = format!("the deleted manifests of {repository}");
        Pages::new(self, url, scopes, "manifests", &what)
    }

    /// The tags of a repository that were deleted.
    pub fn deleted_tags<T: DeserializeOwned>(
        &self,
        repository: &RepositoryName,
        query: &PageQuery,
    ) -> Pages<T> {
        let url = self.queried(&format!("/acr/v1/_deleted/{repository}/_tags"), query);
        let scopes = scope(repository, &[Action::DeletedRead]);
        let what = format!("the deleted tags of {repository}");
        Pages::new(self, url, scopes, "tags", &what)
    }

    /// The attributes of one repository, tag or manifest.
    pub async fn attributes<T: DeserializeOwned>(&self, entity: Entity<'_>) -> Result<T, Error> {
        let call = Call::new(
            Method::GET,
            self.url(&entity.path()),
            scope(entity.repository(), &[Action::MetadataRead]),
            format!("show {entity}"),
        );
        Ok(self.expect(&call, &[200]).await?.json().await?)
    }

    /// Changes attributes, and gives all of them as they are then.
    pub async fn change_attributes<T: DeserializeOwned>(
        &self,
        entity: Entity<'_>,
        change: &ChangeableAttributes,
    ) -> Result<T, Error> {
        let actions = [Action::MetadataWrite, Action::MetadataRead];
        let call = Call::new(
            Method::PATCH,
            self.url(&entity.path()),
            scope(entity.repository(), &actions),
            format!("change the locks of {entity}"),
        );
        let call = with_json(call, change)?;
        Ok(self.expect(&call, &[200]).await?.json().await?)
    }

    /// Deletes a repository with all it has, and tells what that was, `null` if the answer that told it was
    /// lost; `None` if there was none.
    pub async fn delete_repository(
        &self,
        repository: &RepositoryName,
    ) -> Result<Option<Value>, Error> {
        let call = self.delete_call(Entity::Repository(repository));
        match self.delete(&call).await? {
            Deletion::Answered(response) if response.status != StatusCode::NO_CONTENT => {
                Ok(Some(response.json().await?))
            }
            Deletion::Answered(_) | Deletion::Unanswered => Ok(Some(Value::Null)),
            Deletion::Needless => Ok(None),
        }
    }

    /// Deletes a tag and leaves its manifest. `false` if there was none.
    pub async fn delete_tag(&self, repository: &RepositoryName, tag: &Tag) -> Result<bool, Error> {
        let call = self.delete_call(Entity::Tag(repository, tag));
        Ok(self.delete(&call).await?.is_done())
    }

    /// Brings a deleted manifest back, and tells what the service says of it.
    pub async fn restore_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        request: &RestoreRequest,
        is_forced: bool,
    ) -> Result<Value, Error> {
        let path = format!("/acr/v1/_deleted/{repository}/_manifests/{digest}");
        let mut url = self.url(&path);
        url.query_pairs_mut()
            .append_pair("force", if is_forced { "True" } else { "False" });
        let actions = [Action::DeletedRead, Action::DeletedRestore];
        let call = Call::new(
            Method::POST,
            url,
            scope(repository, &actions),
            format!("restore the manifest {repository}@{digest}"),
        );
        // A manifest that gets no tag says so; Azure's own tool never leaves the member out.
        let call = with_json(call, &json!({ "tag": request.tag }))?;
        let response = self.expect(&call, &[200, 201, 202, 204]).await?;
        let body = response.bytes().await?;
        // Nothing is promised about the body, so any will do.
        Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    fn delete_call(&self, entity: Entity<'_>) -> Call<'static> {
        Call::new(
            Method::DELETE,
            self.url(&entity.path()),
            scope(entity.repository(), &[Action::Delete]),
            format!("delete {entity}"),
        )
    }

    /// The address of a listing; what is not asked for is left out.
    fn queried(&self, path: &str, query: &PageQuery) -> Url {
        let mut url = self.url(path);
        let n = query.n.map(|n| n.to_string());
        let order = Some(query.orderby.to_string()).filter(|order| !order.is_empty());
        let asked = [
            ("n", n),
            ("last", query.last.clone()),
            ("orderby", order),
            ("digest", query.digest.clone()),
        ];
        for (name, value) in asked {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, &value);
            }
        }
        url
    }
}

fn registry_scope(name: &str) -> Vec<Scope> {
    vec![Scope {
        kind: ResourceKind::Registry,
        class: None,
        name: name.to_owned(),
        actions: vec![Action::All],
    }]
}

fn with_json<'a>(call: Call<'a>, body: &impl serde::Serialize) -> Result<Call<'a>, Error> {
    let bytes = serde_json::to_vec(body).map_err(|error| Error::Decode {
        url: acr_http::redact_url(&call.url),
        reason: error.to_string(),
    })?;
    let mut call = call.header("content-type", "application/json");
    call.body = Body::Small(bytes.into());
    Ok(call)
}
