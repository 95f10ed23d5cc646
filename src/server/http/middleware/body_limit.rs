//! Request bodies: how large one may be, and how long it may stall.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    http::{HeaderMap, Response, StatusCode, header},
};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::{error_body::error, read_on::READ_ON_BYTES};

/// A client that sends nothing for this long has gone.
const STALL: Duration = Duration::from_secs(60);

/// A request's body with its limit.
pub(super) struct Limited {
    body: Body,
    left: u64,
    over: u64,
    is_too_large: Arc<AtomicBool>,
    stall: Pin<Box<Sleep>>,
}

/// Tells afterwards whether a body went over its limit.
pub(super) struct Verdict {
    is_too_large: Arc<AtomicBool>,
    limit_bytes: u64,
}

/// Puts the limit around a body.
pub(super) fn limit(body: Body, limit_bytes: u64) -> (Limited, Verdict) {
    let is_too_large = Arc::new(AtomicBool::new(false));
    let limited = Limited {
        body,
        left: limit_bytes,
        over: 0,
        is_too_large: Arc::clone(&is_too_large),
        stall: Box::pin(sleep(STALL)),
    };
    let verdict = Verdict {
        is_too_large,
        limit_bytes,
    };
    (limited, verdict)
}

impl Verdict {
    /// The answer that has to be given in place of the handler's, if the body was too large.
    pub(super) fn answer(&self) -> Option<Response<Body>> {
        self.is_too_large
            .load(Ordering::Acquire)
            .then(|| too_large(self.limit_bytes))
    }
}

/// Refuses a body whose announced length is over the limit; what is on its way is read and dropped.
pub(super) async fn admit(
    body: Body,
    headers: &HeaderMap,
    limit_bytes: u64,
) -> Result<Body, Response<Body>> {
    let announced = body.size_hint().lower();
    if announced <= limit_bytes {
        return Ok(body);
    }
    // A client that waits for leave to send need not send at all.
    if !headers.contains_key(header::EXPECT) {
        let (mut limited, _) = limit(body, 0);
        while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut limited).poll_frame(context)).await
        {
        }
    }
    Err(too_large(limit_bytes))
}

fn too_large(limit_bytes: u64) -> Response<Body> {
    error(
        StatusCode::PAYLOAD_TOO_LARGE,
        "RequestContentTooLarge",
        &format!("The request body is larger than the {limit_bytes} bytes allowed here."),
    )
}

impl Limited {
    /// Takes a frame's size off what is left; false if the body is too large.
    fn admit(&mut self, size: u64) -> bool {
        if let Some(left) = self.left.checked_sub(size)
            && self.over == 0
        {
            self.left = left;
            return true;
        }
        self.over += size.max(1);
        self.is_too_large.store(true, Ordering::Release);
        false
    }

    fn poll_stall(&mut self, context: &mut Context<'_>) -> Poll<axum::Error> {
        self.stall
            .as_mut()
            .poll(context)
            .map(|()| axum::Error::new("the request body stalled"))
    }
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        loop {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
                return self.poll_stall(context).map(|error| Some(Err(error)));
            };
            self.stall.as_mut().reset(Instant::now() + STALL);
            let Some(Ok(frame)) = frame else {
                let is_whole = frame.is_none() && self.over > 0;
                let too_large = || axum::Error::new("the request body is too large");
                return Poll::Ready(if is_whole {
                    Some(Err(too_large()))
                } else {
                    frame
                });
            };
            let size = frame.data_ref().map_or(0, Bytes::len) as u64;
            if self.admit(size) {
                return Poll::Ready(Some(Ok(frame)));
            }
            if self.over > READ_ON_BYTES {
                return Poll::Ready(Some(Err(axum::Error::new("the request body is too large"))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.over == 0 && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
