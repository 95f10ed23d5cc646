//! What is told of each tag and manifest that was looked at more closely.

use acr_api::oci::{Digest, RepositoryName, Tag};
use serde_json::{Value, json};

/// A tag or a manifest, what is done with it and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its repository.
    pub repository: RepositoryName,
    /// What it is.
    pub item: Item,
    /// The digest of its manifest.
    pub digest: Digest,
    /// When it changed, as the registry told; it must not have changed since.
    pub seen: String,
    /// Whether it is locked, so that it has to be unlocked first.
    pub is_locked: bool,
    /// What is done.
    pub action: Action,
    /// Whether its deletion was begun.
    pub should_have_gone: bool,
    /// Why.
    pub reason: String,
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// A tag.
    Tag(Tag),
    /// A manifest.
    Manifest(Form),
}

/// The order in which manifests go: lists before what they list, and what refers to others at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// It lists others.
    Index,
    /// It stands alone.
    Image,
    /// It refers to another one.
    Referrer,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// It would be deleted.
    Delete,
    /// It stays.
    Keep,
    /// It was deleted.
    Deleted,
    /// It should have been deleted and was not.
    Failed,
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Keep => "keep",
            Self::Deleted => "deleted",
            Self::Failed => "failed",
        }
    }
}

impl Row {
    /// Whether it is about a tag.
    pub(crate) fn is_tag(&self) -> bool {
        matches!(self.item, Item::Tag(_))
    }

    /// The row as data.
    pub(crate) fn to_json(&self) -> Value {
        let tag = match &self.item {
            Item::Tag(tag) => Some(tag.as_str()),
            Item::Manifest(_) => None,
        };
        json!({
            "repository": self.repository,
            "tag": tag,
            "digest": self.digest,
            "action": self.action.as_str(),
            "reason": self.reason,
        })
    }
}

/// How many tags and manifests there are of an action; `None` if there are none.
pub(crate) fn counted<'a>(
    rows: impl IntoIterator<Item = &'a Row>,
    action: Action,
) -> Option<String> {
    let meant = rows.into_iter().filter(|row| row.action == action);
    let (tags, manifests): (Vec<&Row>, Vec<&Row>) = meant.partition(|row| row.is_tag());
    let count = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        number => Some(format!("{number} {word}s")),
    };
    let parts = [count(tags.len(), "tag"), count(manifests.len(), "manifest")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}
