//! Content that is sent from a stream, and the watch over whether it still moves.

use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt};
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Bytes that come in pieces.
pub type ByteStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// How long a service may think about content it has whole: it may have to write all of it to disk.
const THINKING_LIMIT: Duration = Duration::from_secs(600);

/// A request body of known length that is read as it is sent.
pub struct Upload {
    length: u64,
    stream: ByteStream,
}

impl Upload {
    /// A body of exactly `length` bytes; a stream of another length breaks the request off.
    pub fn new(
        length: u64,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self {
            length,
            stream: Box::pin(stream),
        }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The stream, with each piece that is taken told to `pulse`.
    pub(crate) fn watched(
        self,
        pulse: &Pulse,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let state = pulse.state.clone();
        let mut left = self.length;
        state.is_sent.store(left == 0, Ordering::Relaxed);
        self.stream.map(move |piece| {
            let piece = piece?;
            left = left.saturating_sub(piece.len() as u64);
            state.pieces.fetch_add(1, Ordering::Relaxed);
            state.is_sent.store(left == 0, Ordering::Relaxed);
            Ok(piece)
        })
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({} bytes)", self.length)
    }
}

/// Whether a request still moves.
#[derive(Default)]
pub(crate) struct Pulse {
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    pieces: AtomicU64,
    is_sent: AtomicBool,
}

impl Pulse {
    /// Ends when no piece was taken for `limit`, or no answer came long after the last one.
    pub(crate) async fn silence(&self, limit: Duration) {
        loop {
            let before = self.state.pieces.load(Ordering::Relaxed);
            let is_sent = self.state.is_sent.load(Ordering::Relaxed);
            let patience = if is_sent {
                limit.max(THINKING_LIMIT)
            } else {
                limit
            };
            tokio::time::sleep(patience).await;
            let now = self.state.pieces.load(Ordering::Relaxed);
            if before == now && is_sent == self.state.is_sent.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Client, ErrorKind, Method, Settings, StatusCode};
    use axum::Router;
    use axum::body::Body;
    use axum::http::HeaderMap;
    use axum::routing::{any, get};
    use futures_util::stream;
    use tokio::net::TcpListener;

    fn client(read_timeout: Duration) -> Client {
        Client::new(Settings {
            read_timeout,
            ..Settings::default()
        })
    }

    fn patient() -> Client {
        client(Duration::from_secs(60))
    }

    async fn serve(router: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// Answers with the length that was told and the one that came.
    async fn measure() -> String {
        serve(Router::new().route(
            "/",
            any(|headers: HeaderMap, body: Body| async move {
                let mut stream = body.into_data_stream();
                let mut length = 0;
                while let Some(Ok(piece)) = stream.next().await {
                    length += piece.len();
                }
                let told = headers["content-length"].to_str().unwrap().to_owned();
                assert!(!headers.contains_key("transfer-encoding"));
                format!("{told} {length}")
            }),
        ))
        .await
    }

    fn pieces(count: usize) -> impl Stream<Item = io::Result<Bytes>> {
        stream::iter((0..count).map(|_| Ok(Bytes::from(vec![7; 100_000]))))
    }

    #[tokio::test]
    async fn a_stream_is_sent_with_its_length() {
        let url = measure().await;
        for count in [0, 1, 80] {
            let upload = Upload::new(count as u64 * 100_000, pieces(count));
            let answer = patient()
                .request(Method::PUT, &url)
                .send_bulk(Some(upload))
                .await
                .unwrap();
            let length = count * 100_000;
            assert_eq!(answer.text().await.unwrap(), format!("{length} {length}"));
        }
    }

    #[tokio::test]
    async fn a_stream_that_ends_early_or_fails_breaks_the_request_off() {
        let url = measure().await;
        let failing = stream::iter([Ok(Bytes::from_static(b"x")), Err(io::Error::other("disk"))]);
        let uploads = [Upload::new(150_000, pieces(1)), Upload::new(9, failing)];
        for upload in uploads {
            let request = patient().request(Method::PUT, &url);
            let error = request.send_bulk(Some(upload)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted);
        }
    }

    #[tokio::test]
    async fn an_answer_comes_in_pieces_and_its_break_is_an_error() {
        let url = serve(Router::new().route(
            "/",
            get(|| async {
                let half = stream::iter([Ok(Bytes::from_static(b"half"))]);
                // What is written leaves only when the stream rests.
                let end = stream::once(async {
                    tokio::task::yield_now().await;
                    Err(io::Error::other("gone"))
                });
                Body::from_stream(half.chain(end))
            }),
        ))
        .await;
        let mut answer = patient().get(&url).send_bulk(None).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.chunk().await.unwrap().unwrap(), "half");
        assert!(answer.chunk().await.is_err());
    }

    #[tokio::test]
    async fn silence_on_either_way_ends_in_a_timeout() {
        let short = client(Duration::from_millis(50));
        let url = serve(Router::new().route(
            "/",
            get(|| async { Body::from_stream(stream::pending::<io::Result<Bytes>>()) }),
        ))
        .await;
        let mut answer = short.get(&url).send_bulk(None).await.unwrap();
        let error = answer.chunk().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);

        let upload = Upload::new(9, stream::pending());
        let request = short.request(Method::PUT, &measure().await);
        let error = request.send_bulk(Some(upload)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_may_think_longer_than_a_stream_may_rest() {
        let pulse = Pulse::default();
        let limit = Duration::from_secs(60);
        let begun = tokio::time::Instant::now();
        pulse.silence(limit).await;
        assert_eq!(begun.elapsed(), limit);
        let upload = Upload::new(1, stream::iter([Ok(Bytes::from_static(b"x"))]));
        let sent: Vec<_> = upload.watched(&pulse).collect().await;
        assert_eq!(sent.len(), 1);
        let begun = tokio::time::Instant::now();
        pulse.silence(limit).await;
        assert_eq!(begun.elapsed(), THINKING_LIMIT);
    }
}
