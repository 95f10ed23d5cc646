//! The managed identity endpoint of Azure Arc, which wants to see that the caller may read a file.

use super::address::{endpoint_url, with_query};
use super::selector::Selector;
use crate::answer::{self, TokenAnswer};
use crate::context::Context;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use acr_http::{Response, Secret, StatusCode};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

const LINK: Link = Link::AzureArc;
const LIMIT: Duration = Duration::from_secs(30);
const LARGEST_KEY_BYTES: u64 = 4096;

/// Where the agent answers, and the only folder its challenge may point into.
#[derive(Debug)]
pub(crate) struct AzureArc {
    pub(crate) url: Url,
    folder: PathBuf,
}

impl AzureArc {
    pub(crate) fn detect(context: &Context) -> Result<Option<Self>, Error> {
        let var = |name: &str| context.environment.var(name);
        let (Some(url), Some(_)) = (var("IDENTITY_ENDPOINT"), var("IMDS_ENDPOINT")) else {
            return Ok(None);
        };
        let folder = match var("ProgramData") {
            Some(data) if cfg!(windows) => {
                Path::new(data).join("AzureConnectedMachineAgent/Tokens")
            }
            _ => PathBuf::from("/var/opt/azcmagent/tokens"),
        };
        Ok(Some(Self {
            url: endpoint_url(LINK, "IDENTITY_ENDPOINT", url)?,
            folder,
        }))
    }

    pub(crate) async fn grant(
        &self,
        context: &Context,
        resource: &str,
        selector: &Selector,
    ) -> Result<TokenAnswer, Error> {
        let mut query = vec![("api-version", "2020-06-01"), ("resource", resource)];
        query.extend(selector.parameter());
        let url = with_query(&self.url, &query);
        let challenge = self.ask(context, &url, None).await?;
        if challenge.status != StatusCode::UNAUTHORIZED {
            let message = format!("no challenge came but status {}", challenge.status);
            return Err(Error::answer(LINK, message));
        }
        let key = self.key(&challenge)?;
        let answer = answer::read(LINK, self.ask(context, &url, Some(&key)).await?).await?;
        confirm(selector, &answer)?;
        Ok(answer)
    }

    async fn ask(
        &self,
        context: &Context,
        url: &Url,
        key: Option<&Secret>,
    ) -> Result<Response, Error> {
        let mut request = context.http.get(url.as_str()).header("metadata", "true");
        if let Some(key) = key {
            request = request.header("authorization", &format!("Basic {}", key.expose()));
        }
        let sent = request.timeout(LIMIT).send().await;
        sent.map_err(Error::transport(LINK))
    }

    /// Reads the file that the challenge names. Whoever answers on the agent's port must not be able to
    /// make us send it any other file, so the file has to be a key in the agent's own folder.
    fn key(&self, challenge: &Response) -> Result<Secret, Error> {
        let header = challenge.header("www-authenticate").unwrap_or_default();
        let named = header
            .split_once('=')
            .filter(|(scheme, _)| scheme.trim().eq_ignore_ascii_case("basic realm"))
            .map(|(_, path)| Path::new(path.trim().trim_matches('"')))
            .ok_or_else(|| Error::answer(LINK, "its challenge names no key file"))?;
        let failed = |source| Error::file(LINK, named, source);
        let path = named.canonicalize().map_err(failed)?;
        let folder = self.folder.canonicalize().map_err(failed)?;
        if path.parent() != Some(&folder) || path.extension().is_none_or(|end| end != "key") {
            let message = format!(
                "its challenge names {}, which is no key of the agent",
                named.display()
            );
            return Err(Error::answer(LINK, message));
        }
        let text = file::read_text(&path, LARGEST_KEY_BYTES).map_err(failed)?;
        Ok(Secret::new(text.unwrap_or_default().trim()))
    }
}

/// Old agents ignore the wish for another identity than the machine's and do not say so.
fn confirm(selector: &Selector, answer: &TokenAnswer) -> Result<(), Error> {
    let (wanted, used) = match selector {
        Selector::System => return Ok(()),
        Selector::ClientId(id) => (id, &answer.client_id),
        Selector::ObjectId(id) => (id, &answer.object_id),
        Selector::ResourceId(id) => (id, &answer.msi_res_id),
    };
    match used {
        Some(used) if used.eq_ignore_ascii_case(wanted) => Ok(()),
        _ => Err(Error::answer(
            LINK,
            "the agent did not confirm the identity that was asked for; it may know only the machine's own",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Home, Said, Service, now};
    use serde_json::json;

    async fn agent(key_file: PathBuf) -> Service {
        Service::start(move |asked| -> Said {
            match asked.headers.get("authorization").map(String::as_str) {
                None => {
                    let realm = format!("Basic realm={}", key_file.display());
                    (401, vec![("www-authenticate", realm)], json!({}))
                }
                Some("Basic k3y") => {
                    let id = asked.query.get("client_id");
                    (
                        200,
                        vec![],
                        json!({"access_token": "arc", "expires_in": "60", "client_id": id}),
                    )
                }
                Some(_) => (403, vec![], json!({})),
            }
        })
        .await
    }

    async fn grant(
        home: &Home,
        service: &Service,
        selector: &Selector,
    ) -> Result<TokenAnswer, Error> {
        let context = home.context(&service.url, &[]);
        let arc = AzureArc {
            url: service.url.parse().unwrap(),
            folder: home.path().join("tokens"),
        };
        arc.grant(&context, "https://r/", selector).await
    }

    fn said(result: Result<TokenAnswer, Error>) -> String {
        result.err().unwrap().to_string()
    }

    #[tokio::test]
    async fn the_key_file_opens_the_endpoint() {
        let home = Home::new();
        let service = agent(home.write("tokens/a.key", "k3y\n")).await;
        let answer = grant(&home, &service, &Selector::System).await.unwrap();
        let token = answer.token(LINK, now()).unwrap();
        assert_eq!(token.secret.expose(), "arc");
        let asked = service.asked();
        assert_eq!(asked[0].query["resource"], "https://r/");
        assert_eq!(asked[0].headers["metadata"], "true");
        let named = Selector::ClientId("c".to_owned());
        assert!(grant(&home, &service, &named).await.is_ok());
        let silent = Selector::ObjectId("o".to_owned());
        assert!(said(grant(&home, &service, &silent).await).contains("did not confirm"));
    }

    #[tokio::test]
    async fn no_other_file_is_ever_sent() {
        let home = Home::new();
        home.write("tokens/a.key", "k3y");
        let outside = home.write("elsewhere/a.key", "k3y");
        let climbing = home.path().join("tokens/../elsewhere/a.key");
        let other_kind = home.write("tokens/a.txt", "k3y");
        for path in [outside, climbing, other_kind] {
            let service = agent(path).await;
            let error = said(grant(&home, &service, &Selector::System).await);
            assert!(error.contains("no key of the agent"), "{error}");
            assert_eq!(service.asked().len(), 1);
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn neither_a_link_out_of_the_folder_nor_a_large_file_is_read() {
        let home = Home::new();
        let outside = home.write("elsewhere/a.key", "k3y");
        let large = home.write("tokens/large.key", &"k".repeat(5000));
        let link = home.path().join("tokens/link.key");
        std::os::unix::fs::symlink(outside, &link).unwrap();
        let service = agent(link).await;
        assert!(
            said(grant(&home, &service, &Selector::System).await).contains("no key of the agent")
        );
        let service = agent(large).await;
        assert!(said(grant(&home, &service, &Selector::System).await).contains("larger than 4096"));
    }
}
