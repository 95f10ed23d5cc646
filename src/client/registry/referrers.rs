//! Referrers: what was attached to a manifest, on registries that keep account and on those that do not.

use super::send::{Call, Registry, scope};
use super::{Error, Hasher, ManifestDocument};
use acr_api::auth::Action;
use acr_api::oci::{
    Algorithm, Descriptor, Digest, ImageIndex, Manifest, Reference, RepositoryName, Tag, media_type,
};
use acr_http::{Link, Method};
use serde_json::Value;
use url::Url;

/// More pages than this are not read: no manifest has so many referrers.
const MOST_PAGES: usize = 1000;
/// Nor so many of them at once.
const MOST_REFERRERS: usize = 100_000;

impl Registry {
    /// What refers to `subject`, of one type of artifact or of all.
    pub async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<Descriptor>, Error> {
        let entries = self
            .referrer_entries(repository, subject, artifact_type)
            .await?;
        let read = |entry| serde_json::from_value(entry);
        let read: Result<_, _> = entries.into_iter().map(read).collect();
        read.map_err(|error| Error::Decode {
            url: format!("{}/{repository}", self.host()),
            reason: error.to_string(),
        })
    }

    /// As [`Registry::referrers`], with every member that the registry sent.
    pub async fn referrer_entries(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Vec<Value>, Error> {
        let mut found = match self
            .referrers_told(repository, subject, artifact_type)
            .await?
        {
            Some(found) => found,
            None => {
                let tag = Reference::Tag(Tag::of_referrers(subject));
                match self.get_manifest(repository, &tag).await {
                    Ok(document) => raw_entries(self.host(), &document)?,
                    Err(error) if error.is_not_found() => Vec::new(),
                    Err(error) => return Err(error),
                }
            }
        };
        // A registry may leave the choice to its clients.
        if let Some(wanted) = artifact_type {
            found.retain(|referrer| referrer["artifactType"] == wanted);
        }
        Ok(found)
    }

    /// Writes into the tag that stands in for the referrers API that `referrer` refers to `subject`.
    pub async fn put_referrer_by_tag(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        referrer: Descriptor,
    ) -> Result<(), Error> {
        let tag = Reference::Tag(Tag::of_referrers(subject));
        let mut known = match self.get_manifest(repository, &tag).await {
            Ok(document) => entries(self.host(), &document)?,
            Err(error) if error.is_not_found() => Vec::new(),
            Err(error) => return Err(error),
        };
        if known.iter().any(|known| known.digest == referrer.digest) {
            return Ok(());
        }
        known.push(referrer);
        let bytes = serde_json::to_vec(&ImageIndex::of(known)).map_err(|error| Error::Decode {
            url: format!("{}/{repository}", self.host()),
            reason: error.to_string(),
        })?;
        let document = ManifestDocument {
            digest: Hasher::digest(Algorithm::Sha256, &bytes),
            media_type: media_type::IMAGE_INDEX.to_owned(),
            bytes: bytes.into(),
        };
        self.put_manifest(repository, &tag, &document).await?;
        Ok(())
    }

    /// What the referrers API answers; `None` if there is none.
    async fn referrers_told(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
    ) -> Result<Option<Vec<Value>>, Error> {
        let mut url = self.url(&format!("/v2/{repository}/referrers/{subject}"));
        if let Some(artifact_type) = artifact_type {
            url.query_pairs_mut()
                .append_pair("artifactType", artifact_type);
        }
        let mut found = Vec::new();
        let mut next = Some(url);
        for _ in 0..MOST_PAGES {
            let Some(url) = next.take() else { break };
            let Some((page, after)) = self.referrers_page(repository, url).await? else {
                return Ok(None);
            };
            found.extend(page);
            if found.len() > MOST_REFERRERS {
                return Err(Error::Decode {
                    url: format!("{}/{repository}", self.host()),
                    reason: format!("it lists more than {MOST_REFERRERS} referrers of {subject}"),
                });
            }
            next = after;
        }
        Ok(Some(found))
    }

    async fn referrers_page(
        &self,
        repository: &RepositoryName,
        url: Url,
    ) -> Result<Option<(Vec<Value>, Option<Url>)>, Error> {
        let call = Call::new(
            Method::GET,
            url,
            scope(repository, &[Action::Pull]),
            format!("list the referrers in {repository}"),
        )
        .header("accept", media_type::IMAGE_INDEX);
        let response = self.send(&call).await?;
        match response.status.as_u16() {
            200 => {}
            // Registries without the API answer in many ways.
            400 | 404 | 405 | 501 => return Ok(None),
            _ => return Err(Error::refused(response, &call.doing).await),
        }
        let endpoint = &self.inner.endpoint;
        let next = match Link::find_next(response.header_values("link")) {
            None => None,
            Some(link) => {
                let next = endpoint.follow(&call.url, &link.target)?;
                if !endpoint.owns(&next) {
                    return Err(Error::decode(&response, "its next page is on another host"));
                }
                Some(next)
            }
        };
        let is_index = response
            .header("content-type")
            .is_some_and(|told| media_type::essence(told) == media_type::IMAGE_INDEX);
        if !is_index {
            return Ok(None);
        }
        let mut index: Value = response.json().await?;
        Ok(Some((listed(&mut index), next)))
    }
}

/// The entries of an index; none may come as null.
fn listed(index: &mut Value) -> Vec<Value> {
    match index.get_mut("manifests").map(Value::take) {
        Some(Value::Array(entries)) => entries,
        _ => Vec::new(),
    }
}

fn raw_entries(host: &str, document: &ManifestDocument) -> Result<Vec<Value>, Error> {
    // Whether it is an index at all is judged by the types.
    if entries(host, document)?.is_empty() {
        return Ok(Vec::new());
    }
    let mut index = serde_json::from_slice(&document.bytes).unwrap_or_default();
    Ok(listed(&mut index))
}

fn entries(host: &str, document: &ManifestDocument) -> Result<Vec<Descriptor>, Error> {
    match document.parse(host)? {
        Manifest::Index(index) | Manifest::DockerList(index) => Ok(index.manifests),
        Manifest::Image(_) | Manifest::DockerImage(_) => Ok(Vec::new()),
    }
}
