//! Long-running operations, by the rules the Azure SDKs follow.
//!
//! The first answer says how to watch: an `Azure-AsyncOperation` address whose body has a `status`
//! word, or a `Location` address that answers 202 until it is done, or `provisioningState` in the
//! resource itself. The first poll goes out at once; then one per delay that the service names, 30
//! seconds without a name. After a PUT or PATCH that was watched by a status word the resource is
//! read again, because only then is it final.

use super::connection::{Answer, Arm};
use crate::error::{Error, Refusal};
use acr_api::arm::ErrorDetail;
use acr_http::{Method, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// The pause where the service names none.
const DEFAULT_PAUSE: Duration = Duration::from_secs(30);

/// The pause before the next poll; a named pause of zero counts as none.
fn pause_after(answer: &Answer) -> Duration {
    let number = |name: &str| answer.header(name)?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return match seconds {
            0 => DEFAULT_PAUSE,
            seconds => Duration::from_secs(seconds),
        };
    }
    number("retry-after-ms")
        .or_else(|| number("x-ms-retry-after-ms"))
        .filter(|pause| *pause > 0)
        .map_or(DEFAULT_PAUSE, Duration::from_millis)
}

/// How an operation is watched.
enum Watch {
    /// An address that answers a `status` word.
    Status(String),
    /// An address that answers 202 until the operation is done.
    Location(String),
    /// The resource itself, by its `provisioningState`.
    Resource(String),
}

/// Where an operation stands.
#[derive(Debug, PartialEq)]
enum Stage {
    Running,
    Succeeded,
    Failed,
}

impl Arm {
    /// Sends a request that may start an operation, and waits for the operation's end.
    pub(super) async fn run(
        &self,
        method: Method,
        path: &str,
        api_version: &str,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        let url = self.url(path, api_version);
        let first = self.ask(method.clone(), &url, body).await?;
        let Some(watch) = self.watch(&first)? else {
            return Ok(first.body);
        };
        let last = match watch {
            Watch::Status(address) => {
                let last = self.poll_status(address).await?;
                if method == Method::PUT || method == Method::PATCH {
                    let resource = last.body.get("resourceLocation").and_then(Value::as_str);
                    let resource = resource.map_or(Ok(url), |address| self.own(address))?;
                    return Ok(self.ask(Method::GET, &resource, None).await?.body);
                }
                last
            }
            Watch::Location(address) => self.poll_location(address).await?,
            Watch::Resource(address) => self.poll_resource(address).await?,
        };
        Ok(last.body)
    }

    fn watch(&self, first: &Answer) -> Result<Option<Watch>, Error> {
        if let Some(address) = first.header("azure-asyncoperation") {
            return Ok(Some(Watch::Status(self.own(address)?)));
        }
        if let Some(address) = first.header("location") {
            return Ok(Some(Watch::Location(self.own(address)?)));
        }
        Ok(match provisioning_state(&first.body) {
            Some(Stage::Running) => Some(Watch::Resource(first.url.clone())),
            Some(Stage::Failed) => return Err(ended_badly(first)),
            Some(Stage::Succeeded) | None => None,
        })
    }

    async fn poll_status(&self, address: String) -> Result<Answer, Error> {
        loop {
            let answer = self.ask(Method::GET, &address, None).await?;
            let word = answer.body.get("status").and_then(Value::as_str);
            match word.map(stage) {
                Some(Stage::Succeeded) => return Ok(answer),
                Some(Stage::Failed) => return Err(ended_badly(&answer)),
                Some(Stage::Running) => {}
                None => return Err(Error::decode(&address, "the operation has no status")),
            }
            tokio::time::sleep(pause_after(&answer)).await;
        }
    }

    async fn poll_location(&self, mut address: String) -> Result<Answer, Error> {
        loop {
            let answer = self.ask(Method::GET, &address, None).await?;
            if answer.status != StatusCode::ACCEPTED {
                return Ok(answer);
            }
            if let Some(next) = answer.header("location") {
                address = self.own(next)?;
            }
            tokio::time::sleep(pause_after(&answer)).await;
        }
    }

    async fn poll_resource(&self, address: String) -> Result<Answer, Error> {
        loop {
            let answer = self.ask(Method::GET, &address, None).await?;
            match provisioning_state(&answer.body) {
                Some(Stage::Running) => {}
                Some(Stage::Failed) => return Err(ended_badly(&answer)),
                Some(Stage::Succeeded) | None => return Ok(answer),
            }
            tokio::time::sleep(pause_after(&answer)).await;
        }
    }
}

fn provisioning_state(body: &Value) -> Option<Stage> {
    let word = body.get("properties")?.get("provisioningState")?.as_str()?;
    Some(stage(word))
}

/// Any word that is not known to end an operation keeps it running; `canceled` has one l.
fn stage(word: &str) -> Stage {
    match word.to_ascii_lowercase().as_str() {
        "succeeded" => Stage::Succeeded,
        "failed" | "canceled" => Stage::Failed,
        _ => Stage::Running,
    }
}

fn ended_badly(answer: &Answer) -> Error {
    let detail = answer
        .body
        .get("error")
        .and_then(|error| serde_json::from_value::<ErrorDetail>(error.clone()).ok())
        .unwrap_or_else(|| ErrorDetail {
            code: "OperationFailed".to_owned(),
            message: "Operation returned an invalid status 'Failed' or 'Canceled'".to_owned(),
            ..ErrorDetail::default()
        });
    let correlation_id = answer
        .header("x-ms-correlation-request-id")
        .map(str::to_owned);
    Error::Service(Box::new(Refusal::from_detail(
        answer.status,
        correlation_id,
        detail,
    )))
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_PAUSE, Stage, pause_after, stage};
    use crate::arm::Answer;
    use acr_http::{StatusCode, header::HeaderMap};
    use serde_json::Value;
    use std::time::Duration;

    fn pause(headers: &[(&'static str, &'static str)]) -> Duration {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        let answer = Answer {
            status: StatusCode::OK,
            headers,
            body: Value::Null,
            url: String::new(),
        };
        pause_after(&answer)
    }

    #[test]
    fn waits_as_long_as_the_service_says() {
        assert_eq!(pause(&[("retry-after", "1")]), Duration::from_secs(1));
        assert_eq!(
            pause(&[("x-ms-retry-after-ms", "200")]),
            Duration::from_millis(200)
        );
        assert_eq!(
            pause(&[("retry-after", "2"), ("x-ms-retry-after-ms", "200")]),
            Duration::from_secs(2)
        );
    }

    #[test]
    fn a_pause_of_zero_counts_as_none() {
        for headers in [&[][..], &[("retry-after", "0")], &[("retry-after-ms", "0")]] {
            assert_eq!(pause(headers), DEFAULT_PAUSE);
        }
    }

    #[test]
    fn only_three_words_end_an_operation() {
        assert_eq!(stage("SUCCEEDED"), Stage::Succeeded);
        assert_eq!(stage("Canceled"), Stage::Failed);
        assert_eq!(stage("Failed"), Stage::Failed);
        assert_eq!(stage("Cancelled"), Stage::Running);
        assert_eq!(stage("Creating"), Stage::Running);
    }
}
