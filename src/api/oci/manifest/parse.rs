//! Reads the bytes of a manifest and refuses what a registry must not keep.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::object::Object;
use super::{ImageIndex, ImageManifest, InvalidManifest, Manifest};
use crate::oci::Descriptor;
use crate::oci::media_type::{self, Kind, essence};
use crate::text::{excerpt, shorten};

/// The largest manifest that is taken, as in Azure and as the distribution specification advises.
pub const MAX_MANIFEST_BYTES: usize = 4 * 1024 * 1024;

/// The most descriptors one manifest may have. Each costs a look-up when it is pushed.
pub const MAX_DESCRIPTORS: usize = 10_000;

/// The longest explanation: it may quote the value that was sent.
const REASON_CHARS: usize = 300;

impl Manifest {
    /// Reads a manifest that was sent with this `Content-Type`. Members that are not known are
    /// skipped; a member that is known may be given once only.
    pub fn parse(bytes: &[u8], content_type: Option<&str>) -> Result<Self, InvalidManifest> {
        if bytes.len() > MAX_MANIFEST_BYTES {
            return Err(InvalidManifest::TooLarge(bytes.len()));
        }
        // The whole document must be UTF-8, also the parts that are skipped below.
        let text = std::str::from_utf8(bytes)
            .map_err(|error| InvalidManifest::Syntax(error.to_string()))?;
        let Object = read(text)?;
        let outline: Outline = read(text)?;
        let manifest = match outline.kind(content_type)? {
            Kind::ImageManifest => Self::Image(read(text)?),
            Kind::ImageIndex => Self::Index(read(text)?),
            Kind::DockerManifest => Self::DockerImage(read(text)?),
            Kind::DockerManifestList => Self::DockerList(read(text)?),
            _ => {
                return Err(InvalidManifest::UnsupportedMediaType(
                    outline.declared(content_type),
                ));
            }
        };
        outline.refuse_other_form(&manifest)?;
        match &manifest {
            Self::Image(image) | Self::DockerImage(image) => check_image(image)?,
            Self::Index(index) | Self::DockerList(index) => check_index(index)?,
        }
        Ok(manifest)
    }
}

/// The members that tell what a document is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outline {
    schema_version: Option<i64>,
    media_type: Option<String>,
    config: Option<Object>,
    layers: Option<Vec<Object>>,
    manifests: Option<Vec<Object>>,
    #[serde(rename = "subject")]
    _subject: Option<Object>,
    fs_layers: Option<IgnoredAny>,
}

impl Outline {
    /// What the document is: by the header and its own word, which must agree, else by its shape.
    fn kind(&self, content_type: Option<&str>) -> Result<Kind, InvalidManifest> {
        let header = header_type(content_type);
        if header.is_some_and(|header| Kind::of(header) == Kind::DockerSchema1)
            || self.schema_version == Some(1)
            || self.fs_layers.is_some()
        {
            return Err(InvalidManifest::Schema1);
        }
        let body = self.media_type.as_deref().filter(|body| !body.is_empty());
        if let (Some(header), Some(body)) = (header, body)
            && !header.eq_ignore_ascii_case(body)
        {
            return Err(InvalidManifest::MediaTypeMismatch {
                header: excerpt(header),
                body: excerpt(body),
            });
        }
        let kind = match header.or(body) {
            Some(declared) => Kind::of(declared),
            None if self.manifests.is_some() => Kind::ImageIndex,
            None if self.config.is_some() || self.layers.is_some() => Kind::ImageManifest,
            None => {
                return Err(InvalidManifest::member(
                    "mediaType",
                    "neither the manifest nor its Content-Type header says what it is",
                ));
            }
        };
        match self.schema_version {
            _ if !kind.is_manifest() => Ok(kind),
            Some(2) => Ok(kind),
            Some(_) => Err(InvalidManifest::member("schemaVersion", "it must be 2")),
            None => Err(InvalidManifest::member("schemaVersion", "it is missing")),
        }
    }

    fn declared(&self, content_type: Option<&str>) -> String {
        let declared = header_type(content_type).or(self.media_type.as_deref());
        excerpt(declared.unwrap_or_default())
    }

    /// Keeps out documents that one client would take for an image and another for an index
    /// (CVE-2021-41190).
    fn refuse_other_form(&self, manifest: &Manifest) -> Result<(), InvalidManifest> {
        let member = match manifest {
            Manifest::Image(_) | Manifest::DockerImage(_) => {
                self.manifests.is_some().then_some("manifests")
            }
            Manifest::Index(_) | Manifest::DockerList(_) => {
                (self.config.is_some().then_some("config"))
                    .or(self.layers.is_some().then_some("layers"))
            }
        };
        match member {
            None => Ok(()),
            Some(member) => Err(InvalidManifest::Ambiguous {
                member,
                media_type: manifest.media_type().to_owned(),
            }),
        }
    }
}

/// The media type of the header, unless it is one that says nothing.
fn header_type(content_type: Option<&str>) -> Option<&str> {
    content_type.map(essence).filter(|header| {
        !["", "application/json", media_type::OCTET_STREAM]
            .iter()
            .any(|vague| vague.eq_ignore_ascii_case(header))
    })
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, InvalidManifest> {
    let mut document = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut document).map_err(|error| {
        let member = match error.path().iter().len() {
            0 => "manifest".to_owned(),
            _ => excerpt(&error.path().to_string()),
        };
        match error.inner().classify() {
            serde_json::error::Category::Data => {
                InvalidManifest::member(member, shorten(&error.inner().to_string(), REASON_CHARS))
            }
            _ => InvalidManifest::Syntax(error.inner().to_string()),
        }
    })?;
    document
        .end()
        .map_err(|error| InvalidManifest::Syntax(error.to_string()))?;
    Ok(value)
}

fn check_image(image: &ImageManifest) -> Result<(), InvalidManifest> {
    check_count(image.layers.len() + 1)?;
    check_artifact_type(image.artifact_type.as_deref())?;
    check_descriptor(&image.config, || "config".to_owned())?;
    for (index, layer) in image.layers.iter().enumerate() {
        check_descriptor(layer, || format!("layers[{index}]"))?;
    }
    check_subject(image.subject.as_ref())
}

fn check_index(index: &ImageIndex) -> Result<(), InvalidManifest> {
    check_count(index.manifests.len())?;
    check_artifact_type(index.artifact_type.as_deref())?;
    for (index, manifest) in index.manifests.iter().enumerate() {
        check_descriptor(manifest, || format!("manifests[{index}]"))?;
    }
    check_subject(index.subject.as_ref())
}

fn check_count(descriptors: usize) -> Result<(), InvalidManifest> {
    match descriptors {
        0..=MAX_DESCRIPTORS => Ok(()),
        _ => Err(InvalidManifest::TooManyDescriptors(descriptors)),
    }
}

fn check_subject(subject: Option<&Descriptor>) -> Result<(), InvalidManifest> {
    subject.map_or(Ok(()), |subject| {
        check_descriptor(subject, || "subject".to_owned())
    })
}

fn check_descriptor(
    descriptor: &Descriptor,
    path: impl Fn() -> String,
) -> Result<(), InvalidManifest> {
    if media_type::is_well_formed(&descriptor.media_type) {
        return Ok(());
    }
    Err(InvalidManifest::member(
        format!("{}.mediaType", path()),
        format!("{:?} is no media type", excerpt(&descriptor.media_type)),
    ))
}

fn check_artifact_type(artifact_type: Option<&str>) -> Result<(), InvalidManifest> {
    match artifact_type {
        None | Some("") => Ok(()),
        Some(named) if media_type::is_well_formed(named) => Ok(()),
        Some(named) => Err(InvalidManifest::member(
            "artifactType",
            format!("{:?} is no media type", excerpt(named)),
        )),
    }
}
