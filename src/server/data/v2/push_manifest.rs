//! `PUT manifests`: takes a manifest with the tags it is to have.

use acr_api::oci::{ErrorCode, MAX_MANIFEST_BYTES, Reference, RepositoryName, Tag};
use axum::{
    body::Body,
    http::{HeaderName, StatusCode, header},
    response::Response,
};

use super::tag;
use crate::{
    data::{
        answer::{at, of_digest},
        body::Document,
        call::Call,
    },
    domain::{
        Error,
        content::{
            manifest::{self, Push},
            tag::Naming,
        },
    },
    http::answer,
};

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
const TAG: HeaderName = HeaderName::from_static("oci-tag");
const MANIFEST: Document = Document {
    what: "the manifest",
    most_bytes: MAX_MANIFEST_BYTES,
    refusal: ErrorCode::ManifestInvalid,
};
/// The most tags of one push.
const MOST_TAGS: usize = 100;

pub(super) async fn push(
    call: &Call,
    name: RepositoryName,
    reference: Reference,
    body: Body,
) -> Result<Response, Error> {
    let tags = match &reference {
        Reference::Digest(_) => tags(call)?,
        Reference::Tag(_) => Vec::new(),
    };
    let bytes = MANIFEST.read(body).await?;
    let push = Push {
        content_type: call.header(header::CONTENT_TYPE).map(str::to_owned),
        naming: Naming::Move,
        name,
        reference,
        tags,
        bytes,
    };
    let pushed = manifest::push(&call.app, call.registry(), &push).await?;
    let location = call.location(&push.name, &format!("manifests/{}", push.reference));
    let mut response = of_digest(at(StatusCode::CREATED, &location), &pushed.digest);
    if let Some(subject) = pushed.subject {
        response = answer::header(response, SUBJECT, &subject.to_string());
    }
    let names: Vec<&str> = push.tags.iter().map(Tag::as_str).collect();
    if !names.is_empty() {
        response = answer::header(response, TAG, &names.join(", "));
    }
    Ok(response)
}

/// The tags that a push by digest asks for.
fn tags(call: &Call) -> Result<Vec<Tag>, Error> {
    let named = call.parameters("tag");
    if named.len() > MOST_TAGS {
        return Err(Error::invalid(
            ErrorCode::TagInvalid.as_str().to_owned(),
            format!("one push has at most {MOST_TAGS} tags"),
        ));
    }
    let mut tags: Vec<Tag> = Vec::new();
    for name in named {
        let tag = tag(&name)?;
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok(tags)
}
