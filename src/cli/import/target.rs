//! What an image is to be called, and how that is asked for.

use super::source::Source;
use serde_json::{Value, json};

/// The target of an import.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TargetArgs {
    /// What the image is to be called, `REPOSITORY[:TAG]`; may be given more than once.
    #[arg(short = 't', long = "image", value_name = "IMAGE")]
    pub images: Vec<String>,
    /// A repository that is to have the image without a tag; may be given more than once.
    #[arg(long = "repository", value_name = "REPOSITORY")]
    pub repositories: Vec<String>,
    /// Take a tag from the image that has it.
    #[arg(long)]
    pub force: bool,
}

impl TargetArgs {
    /// The names of the image: those given, else the one it has at the source, without a digest.
    pub(crate) fn names(&self, source: &Source) -> Vec<String> {
        if !self.images.is_empty() || !self.repositories.is_empty() {
            return self.images.clone();
        }
        let name = source.image.split('@').next().unwrap_or_default();
        vec![match name {
            "" => source.image.clone(),
            name => name.to_owned(),
        }]
    }

    /// The request for an image under these names.
    pub(crate) fn body(&self, source: &Source, names: &[String]) -> Value {
        let mut body = json!({ "source": source.to_json() });
        if !names.is_empty() {
            body["targetTags"] = json!(names);
        }
        if !self.repositories.is_empty() {
            body["untaggedTargetRepositories"] = json!(self.repositories);
        }
        body["mode"] = if self.force { "Force" } else { "NoForce" }.into();
        body
    }
}
