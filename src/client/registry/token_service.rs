//! Asks a token service for a token.

use super::challenge::TokenService;
use super::token::Granted;
use super::{Credential, Error};
use acr_api::auth::Scope;
use acr_http::{Client, Response, Retry, Secret, StatusCode};
use serde::Deserialize;
use std::time::Duration;

/// What this program calls itself where a token service wants to know.
const CLIENT_ID: &str = "acr";
/// Who has given wrong passwords too often is to hear of it, not to wait for minutes.
const PATIENCE: Retry = Retry::STANDARD.waiting_at_most(Duration::from_secs(5));

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    token: String,
    expires_in: Option<u64>,
}

impl TokenService {
    /// A token for these scopes, or for whatever of them the caller has a right to.
    pub(super) async fn grant(
        &self,
        http: &Client,
        credential: &Credential,
        scopes: &[Scope],
    ) -> Result<Granted, Error> {
        let response = match credential {
            Credential::Anonymous => self.get(http, scopes, None).await?,
            Credential::Basic { username, password } => {
                let response = self.get(http, scopes, Some((username, password))).await?;
                match response.status {
                    StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                        let fields = [
                            ("grant_type", "password"),
                            ("username", username),
                            ("password", password.expose()),
                        ];
                        self.post(http, scopes, &fields).await?
                    }
                    _ => response,
                }
            }
            Credential::Refresh(token) => {
                let fields = [
                    ("grant_type", "refresh_token"),
                    ("refresh_token", token.expose()),
                ];
                self.post(http, scopes, &fields).await?
            }
        };
        if response.status != StatusCode::OK {
            let doing = match scopes {
                [] => "grant a token".to_owned(),
                scopes => format!("grant a token for {}", words(scopes, ", ")),
            };
            return Err(Error::ungranted(response, &doing).await);
        }
        read(response).await
    }

    /// The way of docker's first protocol: the scopes in the address.
    async fn get(
        &self,
        http: &Client,
        scopes: &[Scope],
        login: Option<(&String, &Secret)>,
    ) -> Result<Response, Error> {
        let mut url = self.realm.clone();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("service", &self.service);
            for scope in scopes {
                query.append_pair("scope", &scope.to_string());
            }
            if let Some((username, _)) = login {
                query.append_pair("client_id", CLIENT_ID);
                query.append_pair("account", username);
            }
        }
        let mut request = http.get(url.as_str()).retry(PATIENCE);
        if let Some((username, password)) = login {
            request = request.authorization(&Credential::basic(username, password));
        }
        Ok(request.send().await?)
    }

    /// The way of OAuth 2: everything in a form.
    async fn post(
        &self,
        http: &Client,
        scopes: &[Scope],
        fields: &[(&str, &str)],
    ) -> Result<Response, Error> {
        let scope = words(scopes, " ");
        let mut form = vec![("service", self.service.as_str()), ("client_id", CLIENT_ID)];
        if !scope.is_empty() {
            form.push(("scope", &scope));
        }
        form.extend_from_slice(fields);
        let request = http.post(self.realm.as_str()).retry(PATIENCE);
        Ok(request.form(&form).send().await?)
    }
}

async fn read(response: Response) -> Result<Granted, Error> {
    let url = response.url().to_owned();
    let answer: Answer = response.json().await?;
    let token = match answer.access_token.as_str() {
        "" => answer.token,
        _ => answer.access_token,
    };
    if token.is_empty() {
        return Err(Error::Decode {
            url,
            reason: "it has no token".to_owned(),
        });
    }
    Ok(Granted::new(token, answer.expires_in))
}

fn words(scopes: &[Scope], between: &str) -> String {
    let scopes: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    scopes.join(between)
}
