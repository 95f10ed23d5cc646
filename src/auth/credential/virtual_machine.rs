//! The metadata service of Azure's virtual machines, at an address that exists nowhere else.

use super::address::{endpoint_url, with_query};
use super::selector::Selector;
use crate::answer::{self, TokenAnswer};
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use acr_http::{Retry, StatusCode};
use std::time::Duration;
use url::Url;

const LINK: Link = Link::VirtualMachine;
const HOST: &str = "http://169.254.169.254";
const HOST_VARIABLE: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
/// A machine that has the service answers at once.
const PROBE_LIMIT: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(30);
/// The service asks for patience up to 70 seconds while it is being updated; doubling from here that is
/// seven attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(800);
const ATTEMPTS: u32 = 7;

/// Where the service answers, and how long to wait before the second attempt.
#[derive(Debug)]
pub(crate) struct VirtualMachine {
    pub(crate) url: Url,
    first_pause: Duration,
}

impl VirtualMachine {
    /// The service at its usual address, or where the variable says.
    pub(crate) fn new(context: &Context) -> Result<Self, Error> {
        let host = context.environment.var(HOST_VARIABLE).unwrap_or(HOST);
        let url = format!(
            "{}/metadata/identity/oauth2/token",
            host.trim_end_matches('/')
        );
        Ok(Self {
            url: endpoint_url(LINK, HOST_VARIABLE, &url)?,
            first_pause: FIRST_PAUSE,
        })
    }

    /// Looks whether the service is there. Hosted build machines are not asked unless told to: their
    /// own identity is not the one a build should have.
    pub(crate) async fn detect(context: &Context) -> Result<Option<Self>, Error> {
        let var = |name: &str| context.environment.var(name);
        let is_build = ["CI", "GITHUB_ACTIONS", "TF_BUILD"]
            .iter()
            .any(|name| var(name).is_some());
        if is_build && var(HOST_VARIABLE).is_none() {
            return Ok(None);
        }
        let found = Self::new(context)?;
        Ok(found.answers(context).await.then_some(found))
    }

    /// Asks without the header that the service insists on: it answers 400, a proxy something else.
    async fn answers(&self, context: &Context) -> bool {
        let request = context.http.get(self.url.as_str()).retry(Retry::NEVER);
        let answer = tokio::time::timeout(PROBE_LIMIT, request.send()).await;
        matches!(answer, Ok(Ok(response)) if response.status == StatusCode::BAD_REQUEST)
    }

    pub(crate) async fn grant(
        &self,
        context: &Context,
        resource: &str,
        selector: &Selector,
    ) -> Result<TokenAnswer, Error> {
        let mut query = vec![("api-version", "2018-02-01"), ("resource", resource)];
        query.extend(selector.parameter());
        let url = with_query(&self.url, &query);
        let mut pause = self.first_pause;
        for _ in 1..ATTEMPTS {
            let response = self.ask(context, &url).await?;
            if !is_passing(response.status) {
                return answer::read(LINK, response).await;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        answer::read(LINK, self.ask(context, &url).await?).await
    }

    async fn ask(&self, context: &Context, url: &Url) -> Result<acr_http::Response, Error> {
        let request = context.http.get(url.as_str()).header("metadata", "true");
        let sent = request.retry(Retry::NEVER).timeout(LIMIT).send().await;
        sent.map_err(Error::transport(LINK))
    }
}

/// What the service's documentation wants asked again; unlike elsewhere that includes 404 and 410.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::TOO_MANY_REQUESTS
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Home, Said, Service, now};
    use serde_json::json;
    use std::sync::atomic::{AtomicUsize, Ordering};

    async fn machine(passing: &'static [u16]) -> Service {
        let count = AtomicUsize::new(0);
        Service::start(move |asked| -> Said {
            if !asked.headers.contains_key("metadata") {
                return (400, vec![], json!({"error": "invalid_request"}));
            }
            match passing.get(count.fetch_add(1, Ordering::SeqCst)) {
                Some(status) => (*status, vec![], json!({"error": "busy"})),
                None => (
                    200,
                    vec![],
                    json!({"access_token": "vm", "expires_in": "86399"}),
                ),
            }
        })
        .await
    }

    fn at(service: &Service) -> VirtualMachine {
        VirtualMachine {
            url: format!("{}/metadata/identity/oauth2/token", service.url)
                .parse()
                .unwrap(),
            first_pause: Duration::from_millis(1),
        }
    }

    #[tokio::test]
    async fn passing_refusals_are_waited_out() {
        let service = machine(&[404, 410, 429, 500, 503]).await;
        let context = Home::new().context(&service.url, &[]);
        let selector = Selector::ClientId("c".to_owned());
        let answer = at(&service)
            .grant(&context, "https://r/", &selector)
            .await
            .unwrap();
        assert_eq!(answer.token(LINK, now()).unwrap().secret.expose(), "vm");
        let asked = service.asked();
        assert_eq!(asked.len(), 6);
        assert_eq!(asked[5].query["client_id"], "c");
        assert_eq!(asked[5].query["api-version"], "2018-02-01");
    }

    #[tokio::test]
    async fn lasting_refusals_are_shown() {
        let service = machine(&[400]).await;
        let context = Home::new().context(&service.url, &[]);
        let refused = at(&service)
            .grant(&context, "https://r/", &Selector::System)
            .await;
        assert!(matches!(refused.err().unwrap(), Error::Refused { .. }));
        let service = machine(&[503; 20]).await;
        let refused = at(&service)
            .grant(&context, "https://r/", &Selector::System)
            .await;
        assert!(refused.is_err());
        assert_eq!(service.asked().len(), 7);
    }

    #[tokio::test]
    async fn the_service_is_found_where_it_is_and_only_there() {
        let home = Home::new();
        let service = machine(&[]).await;
        let here = [(HOST_VARIABLE, service.url.as_str()), ("CI", "true")];
        let found = VirtualMachine::detect(&home.context("https://a", &here)).await;
        assert!(found.unwrap().is_some());
        let absent = [(HOST_VARIABLE, "http://127.0.0.1:1")];
        let found = VirtualMachine::detect(&home.context("https://a", &absent)).await;
        assert!(found.unwrap().is_none());
        let build = home.context("https://a", &[("GITHUB_ACTIONS", "true")]);
        assert!(VirtualMachine::detect(&build).await.unwrap().is_none());
        let proxy = Service::start(|_| (502, vec![], json!({}))).await;
        let behind = [(HOST_VARIABLE, proxy.url.as_str())];
        let found = VirtualMachine::detect(&home.context("https://a", &behind)).await;
        assert!(found.unwrap().is_none());
    }
}
