//! Media types of what registries keep, and what each is.

/// OCI image manifest.
pub const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// OCI image index.
pub const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Docker image manifest, version 2 schema 2.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// Docker manifest list.
pub const DOCKER_MANIFEST_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// Docker manifest, schema 1: no longer accepted anywhere.
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
/// Docker manifest, schema 1, signed.
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
/// The artifact manifest of an OCI release candidate, dropped before 1.1.
pub const OCI_ARTIFACT_MANIFEST: &str = "application/vnd.oci.artifact.manifest.v1+json";
/// The artifact manifest ORAS had before that.
pub const ORAS_ARTIFACT_MANIFEST: &str = "application/vnd.cncf.oras.artifact.manifest.v1+json";
/// OCI image configuration.
pub const IMAGE_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// Docker image configuration.
pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
/// Configuration of a Helm chart.
pub const HELM_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// A Helm chart.
pub const HELM_CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// The provenance file of a Helm chart.
pub const HELM_PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
/// A blob that stands for nothing: the two bytes `{}`.
pub const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// OCI layer.
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
/// OCI layer, compressed with gzip.
pub const LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// OCI layer, compressed with zstd.
pub const LAYER_ZSTD: &str = "application/vnd.oci.image.layer.v1.tar+zstd";
/// Docker layer.
pub const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar";
/// Docker layer, compressed with gzip.
pub const DOCKER_LAYER_GZIP: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
/// Docker layer, compressed with zstd.
pub const DOCKER_LAYER_ZSTD: &str = "application/vnd.docker.image.rootfs.diff.tar.zstd";
/// Docker layer that is fetched from its own addresses, as those of Windows base images were.
pub const DOCKER_FOREIGN_LAYER: &str = "application/vnd.docker.image.rootfs.foreign.diff.tar";
/// The same, compressed with gzip.
pub const DOCKER_FOREIGN_LAYER_GZIP: &str =
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
/// OCI layer that may not be passed on.
pub const FOREIGN_LAYER: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar";
/// The same, compressed with gzip.
pub const FOREIGN_LAYER_GZIP: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
/// The same, compressed with zstd.
pub const FOREIGN_LAYER_ZSTD: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd";
/// The record BuildKit puts beside the layers of an exported cache.
pub const BUILDKIT_CACHE: &str = "application/vnd.buildkit.cacheconfig.v0";
/// Bytes of which nothing is said.
pub const OCTET_STREAM: &str = "application/octet-stream";

/// What a media type is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One image or artifact, OCI.
    ImageManifest,
    /// A list of manifests, OCI.
    ImageIndex,
    /// One image, Docker.
    DockerManifest,
    /// A list of manifests, Docker.
    DockerManifestList,
    /// One image, in the form before schema 2.
    DockerSchema1,
    /// An artifact, in one of the two forms that did not last.
    ArtifactManifest,
    /// The configuration of an image.
    ImageConfig,
    /// The configuration of a Helm chart.
    HelmConfig,
    /// A Helm chart or its provenance.
    HelmContent,
    /// A file system layer.
    Layer,
    /// A layer that is not kept in the registry.
    ForeignLayer,
    /// The empty blob.
    Empty,
    /// The record of a BuildKit cache.
    BuildCache,
    /// Anything else.
    Other,
}

const KINDS: &[(&str, Kind)] = &[
    (IMAGE_MANIFEST, Kind::ImageManifest),
    (IMAGE_INDEX, Kind::ImageIndex),
    (DOCKER_MANIFEST, Kind::DockerManifest),
    (DOCKER_MANIFEST_LIST, Kind::DockerManifestList),
    (DOCKER_SCHEMA1, Kind::DockerSchema1),
    (DOCKER_SCHEMA1_SIGNED, Kind::DockerSchema1),
    (OCI_ARTIFACT_MANIFEST, Kind::ArtifactManifest),
    (ORAS_ARTIFACT_MANIFEST, Kind::ArtifactManifest),
    (IMAGE_CONFIG, Kind::ImageConfig),
    (DOCKER_CONFIG, Kind::ImageConfig),
    (HELM_CONFIG, Kind::HelmConfig),
    (HELM_CHART, Kind::HelmContent),
    (HELM_PROVENANCE, Kind::HelmContent),
    (EMPTY, Kind::Empty),
    (LAYER, Kind::Layer),
    (LAYER_GZIP, Kind::Layer),
    (LAYER_ZSTD, Kind::Layer),
    (DOCKER_LAYER, Kind::Layer),
    (DOCKER_LAYER_GZIP, Kind::Layer),
    (DOCKER_LAYER_ZSTD, Kind::Layer),
    (DOCKER_FOREIGN_LAYER, Kind::ForeignLayer),
    (DOCKER_FOREIGN_LAYER_GZIP, Kind::ForeignLayer),
    (FOREIGN_LAYER, Kind::ForeignLayer),
    (FOREIGN_LAYER_GZIP, Kind::ForeignLayer),
    (FOREIGN_LAYER_ZSTD, Kind::ForeignLayer),
    (BUILDKIT_CACHE, Kind::BuildCache),
];

impl Kind {
    /// What `media_type`, without parameters, is of. Case does not matter.
    pub fn of(media_type: &str) -> Self {
        KINDS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(media_type))
            .map_or(Self::Other, |(_, kind)| *kind)
    }

    /// Whether it is fetched as a manifest and not as a blob.
    pub fn is_manifest(self) -> bool {
        matches!(
            self,
            Self::ImageManifest
                | Self::ImageIndex
                | Self::DockerManifest
                | Self::DockerManifestList
                | Self::DockerSchema1
                | Self::ArtifactManifest
        )
    }
}

/// The media type of a `Content-Type` header, without its parameters.
pub fn essence(header: &str) -> &str {
    header.split(';').next().unwrap_or("").trim()
}

/// Whether a descriptor may carry this media type: `type/subtype` in visible ASCII. Parameters are
/// let through, because artifacts in use have them.
pub fn is_well_formed(media_type: &str) -> bool {
    media_type.len() <= 255
        && essence(media_type)
            .split_once('/')
            .is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
        && media_type.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// `restricted-name` of RFC 6838 §4.2.
fn is_name(name: &str) -> bool {
    name.len() <= 127
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{Kind, essence, is_well_formed};

    #[test]
    fn every_known_type_is_well_formed_and_listed_once() {
        for (index, (media_type, kind)) in super::KINDS.iter().enumerate() {
            assert!(is_well_formed(media_type), "{media_type}");
            assert_eq!(Kind::of(media_type), *kind);
            assert_eq!(Kind::of(&media_type.to_uppercase()), *kind);
            assert!(
                super::KINDS[index + 1..]
                    .iter()
                    .all(|(other, _)| other != media_type)
            );
        }
        assert_eq!(Kind::of("application/vnd.example+json"), Kind::Other);
        assert_eq!(Kind::of(""), Kind::Other);
    }

    #[test]
    fn tells_manifests_from_blobs() {
        let manifests = super::KINDS
            .iter()
            .filter(|(_, kind)| kind.is_manifest())
            .count();
        assert_eq!(manifests, 8);
        assert!(!Kind::of(super::LAYER).is_manifest() && !Kind::Other.is_manifest());
    }

    #[test]
    fn drops_parameters() {
        for header in [
            "application/json",
            "application/json; charset=utf-8",
            " application/json ;x=\"a;b\"",
            "application/json;",
        ] {
            assert_eq!(essence(header), "application/json", "{header}");
        }
        assert_eq!(essence(""), "");
    }

    #[test]
    fn knows_a_malformed_type() {
        for good in [
            "a/b",
            "text/spdx+json",
            "application/vnd.x.y-z_1",
            "text/plain; charset=utf-8",
        ] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "a/",
            "/b",
            "a",
            "a/b/c",
            "a b/c",
            "a/b\0",
            "a/b; x=\n",
            "ä/b",
            "a/b;ä",
            &"x/".repeat(200),
        ] {
            assert!(!is_well_formed(bad), "{bad:?}");
        }
    }
}
