//! `blobs`: read, whole or in part, and deleted.

use acr_api::oci::{ContentRange, ErrorCode, RangeRequest, RepositoryName, Selection};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
    response::Response,
};
use futures_util::TryStreamExt;

use super::digest;
use crate::{
    data::{
        answer::{empty, of_digest},
        call::Call,
    },
    domain::{
        Error, ErrorKind,
        content::{
            blob::{self, Linked},
            repository,
        },
    },
    http::{answer, oci_error},
};

/// What has a digest for a name never changes.
const FOR_EVER: &str = "max-age=31536000";

pub(crate) async fn blob(
    call: &Call,
    name: &RepositoryName,
    named: &str,
) -> Result<Response, Error> {
    let digest = digest(named)?;
    if call.method == Method::DELETE {
        blob::delete(&call.app, call.registry(), name, &digest).await?;
        return Ok(of_digest(empty(StatusCode::ACCEPTED), &digest));
    }
    let repository = repository::find_holder(&call.app, call.registry(), name).await?;
    // Who asks whether it is there wants to push what needs it; who reads it has no such plan.
    let linked = match call.method == Method::HEAD {
        true => blob::announce(&call.app, &repository, &digest).await?,
        false => blob::find(&call.app, &repository, &digest).await?,
    };
    let etag = format!("\"{digest}\"");
    let response = match call.has(&etag) {
        true => empty(StatusCode::NOT_MODIFIED),
        false => body(call, &linked, &etag).await?,
    };
    let response = answer::header(response, header::ETAG, &etag);
    let response = answer::header(response, header::ACCEPT_RANGES, "bytes");
    let response = answer::header(response, header::CACHE_CONTROL, FOR_EVER);
    Ok(of_digest(response, &digest))
}

async fn body(call: &Call, linked: &Linked, etag: &str) -> Result<Response, Error> {
    let size = linked.size();
    match selection(call, size, etag) {
        Selection::Part(range) => {
            let response = bytes(call, linked, range.first..range.last + 1).await?;
            let part = ContentRange::Part {
                range,
                total: Some(size),
            };
            Ok(partial(response, StatusCode::PARTIAL_CONTENT, part))
        }
        Selection::Unsatisfiable => {
            let error = Error::new(
                ErrorKind::Range,
                ErrorCode::SizeInvalid.as_str().to_owned(),
                format!("the blob has {size} bytes, none of which were asked for"),
            );
            let response = oci_error::respond(&error);
            let status = response.status();
            let nothing = ContentRange::Unsatisfied { total: size };
            Ok(partial(response, status, nothing))
        }
        // Several parts at once are nothing a client of registries asks for.
        Selection::Whole | Selection::Parts(_) => bytes(call, linked, 0..size).await,
    }
}

/// Which part of the blob is asked for. A range that cannot be read is as good as none, and so is one that is meant
/// for another content, or that comes with another method than GET (RFC 9110, 14.2).
fn selection(call: &Call, size: u64, etag: &str) -> Selection {
    let known = call.header(header::IF_RANGE);
    let is_meant = call.method == Method::GET && known.is_none_or(|known| known == etag);
    let range = call.header(header::RANGE).filter(|_| is_meant);
    let range = range.and_then(|range| range.parse::<RangeRequest>().ok());
    range.map_or(Selection::Whole, |range| range.select(size))
}

async fn bytes(
    call: &Call,
    linked: &Linked,
    range: std::ops::Range<u64>,
) -> Result<Response, Error> {
    let length = range.end - range.start;
    let response = match call.method {
        Method::HEAD => empty(StatusCode::OK),
        _ => {
            let content = blob::read(&call.app, linked, range).await?;
            Response::new(match content.in_memory() {
                Some(bytes) => Body::from(bytes.clone()),
                None => {
                    let digest = linked.digest;
                    Body::from_stream(content.inspect_err(move |error| {
                        tracing::error!(%error, %digest, "a blob cannot be read to its end");
                    }))
                }
            })
        }
    };
    let response = answer::header(response, header::CONTENT_LENGTH, &length.to_string());
    Ok(answer::header(
        response,
        header::CONTENT_TYPE,
        acr_api::oci::media_type::OCTET_STREAM,
    ))
}

fn partial(mut response: Response, status: StatusCode, range: ContentRange) -> Response {
    *response.status_mut() = status;
    answer::header(response, header::CONTENT_RANGE, &range.to_string())
}
