//! An answer's body that counts what the connection takes of it.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::{Access, Outbox};

/// The body, and what is known of its request until it is dropped.
pub(crate) struct Followed {
    body: Body,
    access: Option<Access>,
    outbox: Option<Outbox>,
}

impl Followed {
    pub(super) fn new(body: Body, access: Access) -> Self {
        Self {
            body,
            access: Some(access),
            outbox: None,
        }
    }

    /// Waits, when the connection has taken all, for the connection to pass it on.
    pub(crate) fn through(mut self, outbox: Outbox) -> Self {
        self.outbox = Some(outbox);
        self
    }
}

impl HttpBody for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let is_at_end = self.body.is_end_stream();
        let Some(access) = &mut self.access else {
            return polled;
        };
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                access.take(frame.data_ref().map_or(0, bytes::Buf::remaining));
                if is_at_end {
                    access.reach_end();
                }
            }
            Poll::Ready(Some(Err(error))) => {
                access.break_off();
                tracing::warn!(%error, request_id = access.request_id(), "an answer broke off");
            }
            Poll::Ready(None) => access.reach_end(),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        if let (Some(access), Some(outbox)) = (self.access.take(), &self.outbox)
            && access.is_whole()
        {
            outbox.put(access);
        }
    }
}
