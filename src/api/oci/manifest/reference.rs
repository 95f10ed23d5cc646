//! What a manifest refers to, and what must be there when it is pushed.

use super::Manifest;
use crate::oci::Descriptor;
use crate::oci::media_type::Kind;

/// One descriptor of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManifestReference<'a> {
    /// What the descriptor is in the manifest.
    pub role: Role,
    /// The descriptor.
    pub descriptor: &'a Descriptor,
}

/// What a descriptor is in a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The blob with the configuration.
    Config,
    /// The blob of a layer or a file.
    Layer,
    /// A layer that is fetched from elsewhere.
    ForeignLayer,
    /// A manifest in an index.
    Child,
    /// Something in an index that is no manifest by its media type: a blob, as the caches of
    /// BuildKit list them, or a manifest of a form that is not known.
    Entry,
    /// The manifest that this one is about.
    Subject,
}

impl Role {
    /// Whether the content need never be in the repository. A subject must be accepted before it
    /// exists, and a foreign layer is not stored. For the other roles the distribution
    /// specification leaves it to the registry: it may refuse with `MANIFEST_BLOB_UNKNOWN`, or
    /// accept sparse indexes and images.
    pub fn is_optional(self) -> bool {
        matches!(self, Self::ForeignLayer | Self::Subject)
    }

    /// Whether the content is a blob; `None` where only a look into the store can tell.
    pub fn is_blob(self) -> Option<bool> {
        match self {
            Self::Config | Self::Layer | Self::ForeignLayer => Some(true),
            Self::Child | Self::Subject => Some(false),
            Self::Entry => None,
        }
    }
}

impl Manifest {
    /// Everything it refers to, in the order of the document; the subject comes last.
    pub fn references(&self) -> impl Iterator<Item = ManifestReference<'_>> {
        let image = self.as_image().into_iter().flat_map(|image| {
            let config = ManifestReference {
                role: Role::Config,
                descriptor: &image.config,
            };
            std::iter::once(config).chain(image.layers.iter().map(layer))
        });
        let index = self
            .as_index()
            .into_iter()
            .flat_map(|index| index.manifests.iter().map(entry));
        let subject = self.subject().map(|descriptor| ManifestReference {
            role: Role::Subject,
            descriptor,
        });
        image.chain(index).chain(subject)
    }
}

fn layer(descriptor: &Descriptor) -> ManifestReference<'_> {
    let role = match Kind::of(&descriptor.media_type) {
        Kind::ForeignLayer => Role::ForeignLayer,
        _ => Role::Layer,
    };
    ManifestReference { role, descriptor }
}

fn entry(descriptor: &Descriptor) -> ManifestReference<'_> {
    let role = match Kind::of(&descriptor.media_type).is_manifest() {
        true => Role::Child,
        false => Role::Entry,
    };
    ManifestReference { role, descriptor }
}
