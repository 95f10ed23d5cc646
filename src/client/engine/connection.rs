//! The way to an engine, and whether one is there.

use super::{Address, Error, Kind};
use acr_auth::Environment;
use acr_http::{Client, Response, Retry, Settings};
use std::path::Path;
use std::time::Duration;

/// An engine on this machine answers at once, or there is none.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST_SHOWN: usize = 300;

/// A container engine that answers.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) http: Client,
    pub(super) place: String,
    base: String,
}

impl Engine {
    /// Finds an engine: one of these kinds, the first before the others. One that somebody chose must
    /// answer; of the usual places the first that does is taken.
    pub async fn find(
        kinds: &[Kind],
        environment: &Environment,
        home: &Path,
    ) -> Result<Self, Error> {
        for kind in kinds {
            if let Some(address) = kind.chosen(environment, home)? {
                return Self::at(&address).await;
            }
        }
        let mut looked_at = Vec::new();
        for kind in kinds {
            for address in kind.usual(environment, home) {
                match Self::at(&address).await {
                    Ok(engine) => return Ok(engine),
                    Err(_) => looked_at.push(address.to_string()),
                }
            }
        }
        Err(Error::Nowhere(looked_at))
    }

    /// The engine at an address.
    pub async fn at(address: &Address) -> Result<Self, Error> {
        let (socket, base) = match address {
            Address::Socket(path) => (Some(path.clone()), "http://localhost".to_owned()),
            Address::Tcp(host) => (None, format!("http://{host}")),
        };
        let engine = Self {
            http: Client::new(Settings {
                connect_timeout: PATIENCE,
                socket,
                ..Settings::default()
            }),
            place: address.to_string(),
            base,
        };
        engine.ping().await?;
        Ok(engine)
    }

    /// Where it listens.
    pub fn place(&self) -> &str {
        &self.place
    }

    async fn ping(&self) -> Result<(), Error> {
        let away = |why: String| Error::Away {
            place: self.place.clone(),
            why,
        };
        let request = self.http.get(&self.url("/_ping"));
        let answer = request.timeout(PATIENCE).retry(Retry::NEVER).send().await;
        let answer = answer.map_err(|error| away(error.to_string()))?;
        match answer.status.is_success() {
            true => Ok(()),
            false => Err(away(format!("its answer has the status {}", answer.status))),
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What an answer that is no success says.
    pub(super) async fn refused(&self, doing: &str, answer: Response) -> Error {
        let status = answer.status;
        let body = answer.bytes().await.unwrap_or_default();
        let message = serde_json::from_slice::<serde_json::Value>(&body)
            .ok()
            .and_then(|body| body["message"].as_str().map(str::to_owned));
        self.refusal(doing, &message.unwrap_or_else(|| status.to_string()))
    }

    pub(super) fn refusal(&self, doing: &str, said: &str) -> Error {
        Error::Refused {
            place: self.place.clone(),
            doing: doing.to_owned(),
            said: said
                .chars()
                .filter(|c| !c.is_control())
                .take(LONGEST_SHOWN)
                .collect(),
        }
    }
}
