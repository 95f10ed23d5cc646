//! A request's body that is read to its end, within limits, also when its handler wants no more of it.
//!
//! Many clients send all they have before they look for an answer. One that is cut off while it sends
//! sees a broken connection instead of the answer.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::runtime::Handle;

/// How much is still read, and dropped.
pub(super) const READ_ON_BYTES: u64 = 64 * 1024 * 1024;

/// The body; what its handler leaves of it is read in the background.
pub(super) struct ReadOn<B: HttpBody<Data = Bytes> + Unpin + Send + 'static> {
    body: Option<B>,
    /// The client sends only when it is told to, which reading does.
    awaits_leave: bool,
}

impl<B: HttpBody<Data = Bytes> + Unpin + Send + 'static> ReadOn<B> {
    pub(super) fn new(body: B, headers: &HeaderMap) -> Self {
        Self {
            body: Some(body),
            awaits_leave: headers.contains_key(header::EXPECT),
        }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin + Send + 'static> HttpBody for ReadOn<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.awaits_leave = false;
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = Pin::new(body).poll_frame(context);
        if !matches!(frame, Poll::Pending | Poll::Ready(Some(Ok(_)))) {
            self.body = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.body.as_ref();
        body.map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin + Send + 'static> Drop for ReadOn<B> {
    fn drop(&mut self) {
        if self.awaits_leave || self.is_end_stream() {
            return;
        }
        if let (Some(body), Ok(runtime)) = (self.body.take(), Handle::try_current()) {
            runtime.spawn(drop_rest(body));
        }
    }
}

async fn drop_rest(mut body: impl HttpBody<Data = Bytes> + Unpin) {
    let mut left = READ_ON_BYTES;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let size = frame.data_ref().map_or(0, Bytes::len) as u64;
        match left.checked_sub(size) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::HeaderValue};
    use futures_util::stream;
    use http_body_util::BodyExt as _;
    use tokio::sync::mpsc;

    use super::*;

    const PIECE_BYTES: usize = 1024 * 1024;

    /// A body of so many pieces, and a channel that hears of each that is taken and ends with the body.
    fn body(pieces: usize) -> (Body, mpsc::UnboundedReceiver<()>) {
        let (taken, takings) = mpsc::unbounded_channel();
        let pieces = stream::iter((0..pieces).map(move |_| {
            taken.send(()).unwrap();
            Ok::<_, std::io::Error>(Bytes::from_static(&[0; PIECE_BYTES]))
        }));
        (Body::from_stream(pieces), takings)
    }

    async fn count(mut takings: mpsc::UnboundedReceiver<()>) -> usize {
        let mut count = 0;
        while takings.recv().await.is_some() {
            count += 1;
        }
        count
    }

    #[tokio::test]
    async fn what_the_handler_leaves_is_read() {
        let (untouched, takings) = body(8);
        drop(ReadOn::new(untouched, &HeaderMap::new()));
        assert_eq!(count(takings).await, 8);

        let (begun, takings) = body(8);
        let mut begun = ReadOn::new(begun, &HeaderMap::new());
        begun.frame().await.unwrap().unwrap();
        drop(begun);
        assert_eq!(count(takings).await, 8);
    }

    #[tokio::test]
    async fn reading_on_has_a_limit() {
        let most = usize::try_from(READ_ON_BYTES).unwrap() / PIECE_BYTES;
        let (endless, takings) = body(usize::MAX);
        drop(ReadOn::new(endless, &HeaderMap::new()));
        assert_eq!(count(takings).await, most + 1);
    }

    #[tokio::test]
    async fn a_client_that_waits_for_leave_need_not_send() {
        let mut headers = HeaderMap::new();
        headers.insert(header::EXPECT, HeaderValue::from_static("100-continue"));
        let (waiting, takings) = body(8);
        drop(ReadOn::new(waiting, &headers));
        assert_eq!(count(takings).await, 0);
    }
}
