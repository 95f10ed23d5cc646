//! What is asked for: the image at its source and the names it is to have.

use acr_api::{
    arm::ImportImage,
    oci::{Reference, RepositoryName, Tag},
};
use serde::{Deserialize, Serialize};

use crate::domain::{Error, content::tag::Naming};

/// Names that one request may give.
const MOST_TARGETS: usize = 100;
/// How much of a wrong value is shown.
const SHOWN_CHARS: usize = 200;

/// An import that makes sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    /// Which repository of the source.
    pub(super) repository: RepositoryName,
    /// Which image in it.
    pub(super) reference: Reference,
    pub(super) targets: Vec<Target>,
    /// Whether names are taken from other images.
    pub(super) is_forced: bool,
    /// Whether what refers to the image comes along.
    pub(super) has_referrers: bool,
}

/// A repository that is to have the image, under these names or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) repository: RepositoryName,
    pub(super) tags: Vec<Tag>,
}

impl Wanted {
    pub(super) fn read(asked: &ImportImage) -> Result<Self, Error> {
        let (repository, reference) = image("sourceImage", &asked.source.source_image)?;
        let own = match &reference {
            Some(Reference::Tag(tag)) => tag.clone(),
            Some(Reference::Digest(_)) | None => latest()?,
        };
        let tagged = asked.target_tags.iter().flatten();
        let untagged = asked.untagged_target_repositories.iter().flatten();
        if tagged.clone().count() + untagged.clone().count() > MOST_TARGETS {
            let why = format!("at most {MOST_TARGETS} are taken at once");
            return Err(invalid("targetTags", &why));
        }
        let mut targets = Vec::new();
        for text in tagged {
            let (repository, tag) = image("targetTags", text)?;
            match tag {
                Some(Reference::Tag(tag)) => add(&mut targets, repository, Some(tag)),
                None => add(&mut targets, repository, Some(own.clone())),
                Some(Reference::Digest(_)) => {
                    return Err(invalid(
                        "targetTags",
                        "an image cannot be named by a digest",
                    ));
                }
            }
        }
        for text in untagged {
            let (repository, None) = image("untaggedTargetRepositories", text)? else {
                let why = "a repository is named without a tag";
                return Err(invalid("untaggedTargetRepositories", why));
            };
            add(&mut targets, repository, None);
        }
        if targets.is_empty() {
            let why = "neither it nor untaggedTargetRepositories names a target";
            return Err(invalid("targetTags", why));
        }
        Ok(Self {
            repository,
            reference: reference.unwrap_or(own.into()),
            targets,
            is_forced: is_forced(asked.mode.as_deref())?,
            has_referrers: asked.include_referrers.unwrap_or_default(),
        })
    }

    pub(super) fn naming(&self) -> Naming {
        match self.is_forced {
            true => Naming::Force,
            false => Naming::New,
        }
    }
}

fn add(targets: &mut Vec<Target>, repository: RepositoryName, tag: Option<Tag>) {
    let known = targets
        .iter_mut()
        .find(|target| target.repository == repository);
    match known {
        Some(target) => target
            .tags
            .extend(tag.filter(|tag| !target.tags.contains(tag))),
        None => targets.push(Target {
            repository,
            tags: tag.into_iter().collect(),
        }),
    }
}

/// Reads `repository[:tag]` or `repository@digest`; what stands before the first slash is no host here.
fn image(member: &str, text: &str) -> Result<(RepositoryName, Option<Reference>), Error> {
    let (name, reference) = match text.split_once('@') {
        // A tag beside a digest says nothing more.
        Some((name, digest)) => (name.split(':').next().unwrap_or_default(), Some(digest)),
        None => match text.split_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (text, None),
        },
    };
    let wrong = |why: &dyn std::fmt::Display| {
        let shown: String = text.chars().take(SHOWN_CHARS).collect();
        invalid(member, &format!("{shown:?} names no image: {why}"))
    };
    let repository = name
        .parse()
        .map_err(|error: acr_api::oci::InvalidRepositoryName| wrong(&error))?;
    let reference = reference.map(|reference| match text.contains('@') {
        true => reference
            .parse()
            .map(Reference::Digest)
            .map_err(|error| wrong(&error)),
        false => reference
            .parse()
            .map(Reference::Tag)
            .map_err(|error| wrong(&error)),
    });
    Ok((repository, reference.transpose()?))
}

fn is_forced(mode: Option<&str>) -> Result<bool, Error> {
    match mode {
        None => Ok(false),
        Some(mode) if mode.eq_ignore_ascii_case("NoForce") => Ok(false),
        Some(mode) if mode.eq_ignore_ascii_case("Force") => Ok(true),
        Some(_) => Err(invalid("mode", "it is NoForce or Force")),
    }
}

fn latest() -> Result<Tag, Error> {
    "latest".parse().map_err(Error::internal)
}

pub(super) fn invalid(member: &str, why: &str) -> Error {
    Error::invalid("InvalidParameters", format!("{member}: {why}."))
        .with_target(member)
        .from_provider()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(source: &str, more: Value) -> Result<Wanted, String> {
        let mut body = json!({"source": {"registryUri": "r.example", "sourceImage": source}});
        for (member, value) in more.as_object().unwrap() {
            body[member] = value.clone();
        }
        let asked = serde_json::from_value(body).unwrap();
        Wanted::read(&asked).map_err(|error| error.message().to_owned())
    }

    fn names(wanted: &Wanted) -> Vec<String> {
        let name = |target: &Target| {
            let tags: Vec<&str> = target.tags.iter().map(Tag::as_str).collect();
            format!("{}:{}", target.repository, tags.join(","))
        };
        wanted.targets.iter().map(name).collect()
    }

    #[test]
    fn a_name_without_a_tag_has_that_of_the_source_or_latest() {
        for (source, target, expected) in [
            ("app:v1", "app", "app:v1"),
            ("app:v1", "other:v2", "other:v2"),
            ("app", "app", "app:latest"),
            ("team.io/app", "team.io/app", "team.io/app:latest"),
        ] {
            let wanted = read(source, json!({"targetTags": [target]})).unwrap();
            assert_eq!(names(&wanted), [expected], "{source}");
            assert!(!wanted.is_forced && wanted.naming() == Naming::New);
        }
        let digest = format!("sha256:{}", "a".repeat(64));
        let wanted = read(&format!("app:v1@{digest}"), json!({"targetTags": ["app"]})).unwrap();
        assert_eq!(names(&wanted), ["app:latest"]);
        assert_eq!(wanted.reference.to_string(), digest);
    }

    #[test]
    fn names_in_one_repository_come_together() {
        let targets = json!({
            "targetTags": ["a:1", "b:1", "a:2", "a:1"],
            "untaggedTargetRepositories": ["c", "b"],
            "mode": "FORCE",
        });
        let wanted = read("app:v1", targets).unwrap();
        assert_eq!(names(&wanted), ["a:1,2", "b:1", "c:"]);
        assert!(wanted.is_forced && wanted.naming() == Naming::Force);
    }

    #[test]
    fn refuses_what_names_nothing() {
        let target = || json!({"targetTags": ["app"]});
        for (source, more) in [
            ("", target()),
            ("App:v1", target()),
            ("app:", target()),
            ("app@sha256:abc", target()),
            ("https://r.example/app:v1", target()),
            ("app:v1", json!({})),
            ("app:v1", json!({"targetTags": []})),
            ("app:v1", json!({"targetTags": ["app:"]})),
            ("app:v1", json!({"untaggedTargetRepositories": ["app:v1"]})),
            ("app:v1", json!({"targetTags": ["app"], "mode": "Maybe"})),
            ("app:v1", json!({"targetTags": vec!["app"; 101]})),
        ] {
            assert!(read(source, more.clone()).is_err(), "{source} {more}");
        }
    }
}
