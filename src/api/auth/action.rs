//! The words of scopes: kinds of resources, and what can be done with them.

use std::fmt;
use std::str::FromStr;

use super::InvalidScope;
use crate::text::{consists_of, excerpt, serde_as_text};

/// What kind of resource a scope is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// A repository.
    Repository,
    /// The registry: its catalogs.
    Registry,
    /// A repository of Helm 2 charts.
    ArtifactRepository,
    /// A word that is not known here.
    Other(String),
}

impl ResourceKind {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Repository => "repository",
            Self::Registry => "registry",
            Self::ArtifactRepository => "artifact-repository",
            Self::Other(word) => word,
        }
    }
}

impl FromStr for ResourceKind {
    type Err = InvalidScope;

    fn from_str(word: &str) -> Result<Self, InvalidScope> {
        Ok(match word {
            "repository" => Self::Repository,
            "registry" => Self::Registry,
            "artifact-repository" => Self::ArtifactRepository,
            _ if is_word(word) => Self::Other(word.to_owned()),
            _ => return Err(InvalidScope(excerpt(word))),
        })
    }
}

/// Something that can be done with a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// `*`: everything there is to do.
    All,
    /// Read manifests and blobs.
    Pull,
    /// Write manifests and blobs.
    Push,
    /// Delete manifests, tags and the repository.
    Delete,
    /// Read attributes.
    MetadataRead,
    /// Change attributes.
    MetadataWrite,
    /// List what was deleted.
    DeletedRead,
    /// Bring back what was deleted.
    DeletedRestore,
    /// Read what is in quarantine.
    QuarantineRead,
    /// Let something out of quarantine.
    QuarantineWrite,
    /// A word that is not known here.
    Other(String),
}

impl Action {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::All => "*",
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
            Self::MetadataRead => "metadata_read",
            Self::MetadataWrite => "metadata_write",
            Self::DeletedRead => "deleted_read",
            Self::DeletedRestore => "deleted_restore",
            Self::QuarantineRead => "quarantine_read",
            Self::QuarantineWrite => "quarantine_write",
            Self::Other(word) => word,
        }
    }
}

impl FromStr for Action {
    type Err = InvalidScope;

    fn from_str(word: &str) -> Result<Self, InvalidScope> {
        Ok(match word {
            "*" => Self::All,
            "pull" => Self::Pull,
            "push" => Self::Push,
            "delete" => Self::Delete,
            "metadata_read" => Self::MetadataRead,
            "metadata_write" => Self::MetadataWrite,
            "deleted_read" => Self::DeletedRead,
            "deleted_restore" => Self::DeletedRestore,
            "quarantine_read" => Self::QuarantineRead,
            "quarantine_write" => Self::QuarantineWrite,
            _ if is_word(word) => Self::Other(word.to_owned()),
            _ => return Err(InvalidScope(excerpt(word))),
        })
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(ResourceKind, "the kind of a resource");
serde_as_text!(Action, "an action");

/// A word of a scope: what a type, a class or an action may be.
pub(super) fn is_word(word: &str) -> bool {
    consists_of(word, |byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte)
    })
}

#[cfg(test)]
mod tests {
    use super::{Action, ResourceKind};

    #[test]
    fn known_words_are_known_and_others_are_kept() {
        let actions =
            "* pull push delete metadata_read metadata_write deleted_read deleted_restore";
        for word in actions.split(' ') {
            let action: Action = word.parse().unwrap();
            assert!(!matches!(action, Action::Other(_)), "{word}");
            assert_eq!(action.as_str(), word);
        }
        for word in ["repository", "registry", "artifact-repository"] {
            let kind: ResourceKind = word.parse().unwrap();
            assert!(!matches!(kind, ResourceKind::Other(_)), "{word}");
            assert_eq!(kind.to_string(), word);
        }
        assert_eq!("frob".parse(), Ok(Action::Other("frob".into())));
        assert!("Pull".parse::<Action>().is_err() && "".parse::<ResourceKind>().is_err());
    }
}
