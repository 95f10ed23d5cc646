//! The wait before another attempt, and who is told when a service asks for it.

use crate::client::Client;
use crate::response::Response;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A wait that a service asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause<'a> {
    /// The service: its host, with its port if it has one.
    pub host: &'a str,
    /// How long it is to be.
    pub length: Duration,
}

/// Who is told of the waits that services ask for. Calls come from several threads.
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
        let asking = answer.filter(|answer| answer.retry_after().is_some());
        if let (Some(pauses), Some(answer)) = (self.pauses(), asking) {
            let host = host(answer.url());
            (pauses.0)(Pause {
                host: &host,
                length,
            });
        }
        tokio::time::sleep(length).await;
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
