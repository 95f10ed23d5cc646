//! What a path of a registry's host stands for.

use acr_api::oci::RepositoryName;

/// What a request is about. References, digests and ids are kept as they were sent: that one is malformed is
/// said to those only who may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// `/v2/`
    Ping,
    /// `/v2/_catalog`
    Catalog,
    /// `/v2/NAME/…`
    Content(RepositoryName, Content),
    /// `/acr/v1/_catalog`
    AcrCatalog,
    /// `/acr/v1/NAME…`
    Acr(RepositoryName, Acr),
    /// `/acr/v1/_deleted/_catalog`
    DeletedCatalog,
    /// `/acr/v1/_deleted/NAME/…`
    Deleted(RepositoryName, Deleted),
}

/// What of a repository, in the distribution API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// `tags/list`
    Tags,
    /// `manifests/REFERENCE`
    Manifest(String),
    /// `blobs/DIGEST`
    Blob(String),
    /// `blobs/uploads/`
    Uploads,
    /// `blobs/uploads/ID`
    Upload(String),
    /// `referrers/DIGEST`
    Referrers(String),
}

/// What of a repository, in Azure's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Acr {
    /// The repository itself.
    Repository,
    /// `_tags`
    Tags,
    /// `_tags/TAG`
    Tag(String),
    /// `_manifests`
    Manifests,
    /// `_manifests/DIGEST`
    Manifest(String),
}

/// What of a repository that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deleted {
    /// `_tags`
    Tags,
    /// `_manifests`
    Manifests,
    /// `_manifests/DIGEST`
    Manifest(String),
}

impl Route {
    /// Reads a decoded path; `None` if there is nothing of that kind, also where a repository's name is malformed.
    pub(super) fn parse(path: &str) -> Option<Self> {
        if path == "/v2" || path == "/v2/" {
            return Some(Self::Ping);
        }
        if let Some(rest) = path.strip_prefix("/v2/") {
            return match rest {
                "_catalog" => Some(Self::Catalog),
                _ => content(rest),
            };
        }
        match path.strip_prefix("/acr/v1/")? {
            "_catalog" => Some(Self::AcrCatalog),
            "_deleted/_catalog" => Some(Self::DeletedCatalog),
            rest => match rest.strip_prefix("_deleted/") {
                Some(rest) => deleted(rest),
                None => acr(rest),
            },
        }
    }
}

/// A name may have components such as `manifests`, so what it is followed by is looked for at the end.
fn content(rest: &str) -> Option<Route> {
    let found = |name: &str, content: Content| Some(Route::Content(name.parse().ok()?, content));
    let (head, last) = rest.rsplit_once('/')?;
    if let Some(name) = rest.strip_suffix("/tags/list") {
        return found(name, Content::Tags);
    }
    if let Some(name) = rest.strip_suffix("/blobs/uploads") {
        return found(name, Content::Uploads);
    }
    if let Some(name) = head.strip_suffix("/blobs/uploads") {
        return match last {
            "" => found(name, Content::Uploads),
            id => found(name, Content::Upload(id.to_owned())),
        };
    }
    let (name, kind) = head.rsplit_once('/')?;
    let last = last.to_owned();
    match kind {
        _ if last.is_empty() => None,
        "manifests" => found(name, Content::Manifest(last)),
        "blobs" => found(name, Content::Blob(last)),
        "referrers" => found(name, Content::Referrers(last)),
        _ => None,
    }
}

fn acr(rest: &str) -> Option<Route> {
    let found = |name: &str, acr: Acr| Some(Route::Acr(name.parse().ok()?, acr));
    if let Some(name) = rest.strip_suffix("/_tags") {
        return found(name, Acr::Tags);
    }
    if let Some(name) = rest.strip_suffix("/_manifests") {
        return found(name, Acr::Manifests);
    }
    match rest.rsplit_once('/') {
        Some((head, last)) if head.ends_with("/_tags") => {
            found(head.strip_suffix("/_tags")?, Acr::Tag(last.to_owned()))
        }
        Some((head, last)) if head.ends_with("/_manifests") => {
            let name = head.strip_suffix("/_manifests")?;
            found(name, Acr::Manifest(last.to_owned()))
        }
        _ => found(rest, Acr::Repository),
    }
}

/// What was deleted is asked for as what is there, but not one by one.
fn deleted(rest: &str) -> Option<Route> {
    let Route::Acr(name, acr) = acr(rest)? else {
        return None;
    };
    let deleted = match acr {
        Acr::Tags => Deleted::Tags,
        Acr::Manifests => Deleted::Manifests,
        Acr::Manifest(digest) => Deleted::Manifest(digest),
        Acr::Repository | Acr::Tag(_) => return None,
    };
    Some(Route::Deleted(name, deleted))
}

#[cfg(test)]
mod tests {
    use super::{Acr, Content, Deleted, Route};

    fn parse(path: &str) -> Option<(String, Content)> {
        match Route::parse(path)? {
            Route::Content(name, content) => Some((name.to_string(), content)),
            other => panic!("{path}: {other:?}"),
        }
    }

    #[test]
    fn names_may_look_like_routes() {
        let manifest = Content::Manifest("v1".into());
        for (path, name, content) in [
            ("/v2/a/manifests/v1", "a", manifest.clone()),
            ("/v2/a/b/c/manifests/v1", "a/b/c", manifest.clone()),
            ("/v2/manifests/manifests/v1", "manifests", manifest.clone()),
            (
                "/v2/a/blobs/uploads/manifests/v1",
                "a/blobs/uploads",
                manifest,
            ),
            ("/v2/tags/tags/list", "tags", Content::Tags),
            ("/v2/a/blobs/uploads/", "a", Content::Uploads),
            ("/v2/a/blobs/uploads", "a", Content::Uploads),
            ("/v2/a/blobs/uploads/x", "a", Content::Upload("x".into())),
            (
                "/v2/a/blobs/sha256:x",
                "a",
                Content::Blob("sha256:x".into()),
            ),
            ("/v2/a/referrers/d", "a", Content::Referrers("d".into())),
        ] {
            assert_eq!(parse(path), Some((name.to_owned(), content)), "{path}");
        }
    }

    #[test]
    fn knows_azures_paths() {
        for (path, name, acr) in [
            ("/acr/v1/a/b", "a/b", Acr::Repository),
            ("/acr/v1/a/_tags", "a", Acr::Tags),
            ("/acr/v1/a/_tags/v1", "a", Acr::Tag("v1".into())),
            ("/acr/v1/a/_manifests", "a", Acr::Manifests),
            ("/acr/v1/a/_manifests/d", "a", Acr::Manifest("d".into())),
        ] {
            assert_eq!(
                Route::parse(path),
                Some(Route::Acr(name.parse().unwrap(), acr)),
                "{path}"
            );
        }
        assert_eq!(Route::parse("/acr/v1/_catalog"), Some(Route::AcrCatalog));
    }

    #[test]
    fn knows_what_was_deleted() {
        for (path, name, deleted) in [
            ("/acr/v1/_deleted/a/b/_tags", "a/b", Deleted::Tags),
            ("/acr/v1/_deleted/a/_manifests", "a", Deleted::Manifests),
            (
                "/acr/v1/_deleted/a/_manifests/d",
                "a",
                Deleted::Manifest("d".into()),
            ),
        ] {
            assert_eq!(
                Route::parse(path),
                Some(Route::Deleted(name.parse().unwrap(), deleted)),
                "{path}"
            );
        }
        assert_eq!(
            Route::parse("/acr/v1/_deleted/_catalog"),
            Some(Route::DeletedCatalog)
        );
    }

    #[test]
    fn the_rest_is_nothing() {
        for path in [
            "/",
            "/v1/",
            "/v2/a",
            "/v2/A/manifests/v1",
            "/v2/a/manifests/",
            "/v2//manifests/v1",
            "/v2/a/tags",
            "/v2/a/tags/list/",
            "/v2/_catalog/",
            "/acr/v1/",
            "/acr/v1/A/_tags/v1",
            "/acr/v1/_deleted",
            "/acr/v1/_deleted/a",
            "/acr/v1/_deleted/a/_tags/v1",
            "/acr/v1/_deleted/A/_tags",
            "/acr/v1/a/_other",
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
        assert_eq!(Route::parse("/v2"), Some(Route::Ping));
    }
}
