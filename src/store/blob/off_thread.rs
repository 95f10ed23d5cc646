//! Blocking work, kept off the threads that serve requests.

use super::Error;

/// Runs to its end even if the caller stops waiting.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::unavailable(format!("work on a blob was given up: {error}")))
}
