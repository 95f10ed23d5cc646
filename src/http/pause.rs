//! Waits for a service, and who is told of those that are worth a word: the service asks for them, or is silent.

use crate::client::Client;
use crate::response::Response;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Silence that nobody is told of.
const SHORT_SILENCE: Duration = Duration::from_secs(5);

/// Why there is a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The service asks for it.
    Asked,
    /// The service has not answered for so long.
    Silent(Duration),
}

/// A wait that a service causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause<'a> {
    /// Why.
    pub reason: Reason,
    /// The service: its host, with its port if it has one.
    pub host: &'a str,
    /// How long it is to be, or may become.
    pub length: Duration,
}

/// Who is told of the waits that services cause. Calls come from several threads.
#[derive(Clone)]
pub struct Pauses(Arc<dyn Fn(Pause<'_>) + Send + Sync>);

impl Pauses {
    /// Tells `listener`.
    pub fn to(listener: impl Fn(Pause<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(listener))
    }
}

impl fmt::Debug for Pauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pauses")
    }
}

impl Client {
    /// Waits before another attempt, whatever the last one ended with: `answer` is what it brought, if
    /// anything. A service that asked for the wait in it is named to whoever is told of such.
    pub async fn pause(&self, length: Duration, answer: Option<&Response>) {
        if let Some(answer) = answer.filter(|answer| answer.retry_after().is_some()) {
            self.tell(Reason::Asked, answer.url(), length);
        }
        tokio::time::sleep(length).await;
    }

    /// What `answer` comes to, or `None` if it takes longer than `limit`. Long silence of the service at `url` is
    /// told while it lasts.
    pub(crate) async fn answered_within<T>(
        &self,
        limit: Duration,
        url: &str,
        answer: impl Future<Output = T>,
    ) -> Option<T> {
        let mut answer = std::pin::pin!(answer);
        let short = limit.min(SHORT_SILENCE);
        if let Ok(answer) = tokio::time::timeout(short, &mut answer).await {
            return Some(answer);
        }
        let left = limit - short;
        if !left.is_zero() {
            self.tell(Reason::Silent(short), url, left);
        }
        tokio::time::timeout(left, answer).await.ok()
    }

    fn tell(&self, reason: Reason, url: &str, length: Duration) {
        if let Some(pauses) = self.pauses() {
            let host = &host(url);
            (pauses.0)(Pause {
                reason,
                host,
                length,
            });
        }
    }
}

fn host(url: &str) -> String {
    let parsed = url.parse::<Url>().ok();
    let authority = parsed
        .as_ref()
        .map(|url| match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        });
    authority.unwrap_or_else(|| url.to_owned())
}
