//! `blobs/uploads/ID`: chunks, status, end and cancellation of an upload.

use acr_api::oci::{ByteRange, ErrorCode, Received, RepositoryName};
use axum::{
    body::{Body, HttpBody as _},
    http::{HeaderName, Method, StatusCode, header},
    response::Response,
};
use futures_util::StreamExt as _;
use uuid::Uuid;

use super::{begin_upload::created, digest};
use crate::{
    data::{
        answer::{at, empty},
        call::Call,
    },
    domain::{
        Error,
        content::upload::{self, Chunk, Session},
    },
    http::answer,
};

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

pub(crate) async fn upload(
    call: Call,
    name: RepositoryName,
    id: &str,
    body: Body,
) -> Result<Response, Error> {
    let Ok(id) = id.parse::<Uuid>() else {
        return Err(Error::not_found(
            ErrorCode::BlobUploadUnknown.as_str().to_owned(),
            "blob upload unknown to registry",
        ));
    };
    let session = upload::find(&call.app, call.registry(), &name, id).await?;
    match call.method {
        Method::PATCH => receive(call, &name, session, body).await,
        Method::PUT => finish(call, &name, session, body).await,
        Method::DELETE => {
            upload::cancel(&call.app, &session).await?;
            Ok(empty(StatusCode::NO_CONTENT))
        }
        _ => {
            let state = (&*id.to_string(), session.received());
            Ok(under_way(&call, &name, StatusCode::NO_CONTENT, state))
        }
    }
}

async fn receive(
    call: Call,
    name: &RepositoryName,
    session: Session,
    body: Body,
) -> Result<Response, Error> {
    let chunk = chunk(&call, body)?;
    let id = session.id.to_string();
    let app = call.app.clone();
    let received = to_the_end(async move { upload::receive(&app, &session, chunk).await }).await?;
    Ok(under_way(
        &call,
        name,
        StatusCode::ACCEPTED,
        (&id, received),
    ))
}

async fn finish(
    call: Call,
    name: &RepositoryName,
    session: Session,
    body: Body,
) -> Result<Response, Error> {
    let Some(named) = call.parameter("digest") else {
        return Err(Error::invalid(
            ErrorCode::DigestInvalid.as_str().to_owned(),
            "the digest of the whole blob is missing",
        ));
    };
    let digest = digest(&named)?;
    let chunk = chunk(&call, body)?;
    let (app, access) = (call.app.clone(), call.access.clone());
    to_the_end(
        async move { upload::finish(&app, access.registry(), &session, chunk, &digest).await },
    )
    .await?;
    Ok(created(&call, name, &digest))
}

/// The bytes of a request, and what its headers say of them.
pub(super) fn chunk(call: &Call, body: Body) -> Result<Chunk, Error> {
    let range = match call.header(header::CONTENT_RANGE) {
        None => None,
        Some(range) => Some(range.parse::<ByteRange>().map_err(|error| {
            Error::invalid(
                ErrorCode::BlobUploadInvalid.as_str().to_owned(),
                error.to_string(),
            )
        })?),
    };
    Ok(Chunk {
        range,
        length: body.size_hint().exact(),
        body: body
            .into_data_stream()
            .map(|bytes| bytes.map_err(|error| error.to_string()))
            .boxed(),
    })
}

/// Does the work to its end even if the client goes away, so that what has arrived is kept.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    use tracing::Instrument as _;
    let task = tokio::spawn(work.in_current_span());
    task.await.map_err(Error::internal)?
}

/// The answer about an upload that is not at its end: where to go on, and from which byte.
pub(super) fn under_way(
    call: &Call,
    name: &RepositoryName,
    status: StatusCode,
    (id, received): (&str, u64),
) -> Response {
    let location = call.location(name, &format!("blobs/uploads/{id}"));
    let response = answer::header(at(status, &location), UPLOAD_ID, id);
    answer::header(response, header::RANGE, &Received(received).to_string())
}
