//! The fake's doorkeeper: none, passwords, or tokens with scopes.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::collections::BTreeMap;

/// Whom the fake lets in.
#[derive(Default)]
pub(crate) enum Login {
    /// Everybody.
    #[default]
    Open,
    /// Who sends this `user:password`.
    Basic(String),
    /// Who has a token for the scope.
    Tokens(Tokens),
}

/// A token service and its tokens.
#[derive(Default)]
pub(crate) struct Tokens {
    /// The `user:password` that gets tokens; everybody does if there is none.
    pub(crate) login: Option<String>,
    /// Whether only a POST gets a token.
    pub(crate) wants_post: bool,
    /// Added to the scope that is needed and to the one in the challenge.
    pub(crate) wider: Option<String>,
    /// Seconds that a token lasts, if that is told.
    pub(crate) expires_in: Option<u64>,
    /// The repository that no token is good for.
    pub(crate) withheld: Option<String>,
    pub(crate) granted: BTreeMap<String, String>,
}

impl Login {
    pub(super) fn check(&mut self, base: &str, request: &Request) -> Option<Response<Body>> {
        let authorization = request.headers().get("authorization");
        let authorization = authorization.map(|value| value.to_str().unwrap().to_owned());
        match self {
            Self::Open => None,
            Self::Basic(login) => {
                let expected = format!("Basic {}", BASE64_STANDARD.encode(login.as_bytes()));
                (authorization != Some(expected)).then(|| refuse("Basic realm=\"fake\""))
            }
            Self::Tokens(tokens) if request.uri().path() == "/token" => {
                Some(tokens.grant(request, authorization))
            }
            Self::Tokens(tokens) => {
                let needed = tokens.needed(request);
                let has = authorization
                    .as_deref()
                    .and_then(|value| value.strip_prefix("Bearer "))
                    .and_then(|token| tokens.granted.get(token));
                let is_enough = has.is_some_and(|has| {
                    needed
                        .split(' ')
                        .all(|need| need.is_empty() || has.contains(need))
                });
                (!is_enough).then(|| {
                    refuse(&format!(
                        "Bearer realm=\"{base}/token\",service=\"fake\",scope=\"{needed}\""
                    ))
                })
            }
        }
    }
}

impl Tokens {
    fn needed(&self, request: &Request) -> String {
        let path = request.uri().path();
        let repository = path
            .strip_prefix("/v2/")
            .and_then(|rest| {
                let end = ["/blobs/", "/manifests/", "/tags/", "/referrers/"]
                    .iter()
                    .filter_map(|word| rest.find(word))
                    .min()?;
                Some(&rest[..end])
            })
            .unwrap_or("");
        let actions = match *request.method() {
            Method::GET if path.contains("/uploads/") => "pull,push",
            Method::GET | Method::HEAD => "pull",
            Method::DELETE => "delete",
            _ => "pull,push",
        };
        let own = match repository {
            "" => String::new(),
            name => format!("repository:{name}:{actions}"),
        };
        match &self.wider {
            Some(wider) => format!("{own} {wider}").trim().to_owned(),
            None => own,
        }
    }

    fn grant(&mut self, request: &Request, authorization: Option<String>) -> Response<Body> {
        let expected = self
            .login
            .as_ref()
            .map(|login| format!("Basic {}", BASE64_STANDARD.encode(login)));
        if self.wants_post && request.method() == Method::GET {
            return empty(405);
        }
        if !self.wants_post && expected.is_some() && authorization != expected {
            return refuse("Basic realm=\"token\"");
        }
        let query = request.uri().query().unwrap_or("");
        let scopes: Vec<String> = url::form_urlencoded::parse(query.as_bytes())
            .filter(|(name, _)| name == "scope")
            .map(|(_, value)| value.into_owned())
            .collect();
        let token = format!("token-{}", self.granted.len());
        // A form is not read here: whoever posts gets everything.
        let granted = match self.wants_post {
            true => "repository:a:pull,push,delete repository:b:pull".to_owned(),
            false => scopes.join(" "),
        };
        let withheld = self
            .withheld
            .as_ref()
            .map(|name| format!("repository:{name}:"));
        let granted = match withheld {
            Some(withheld) => granted.replace(&withheld, "nothing:"),
            None => granted,
        };
        self.granted.insert(token.clone(), granted);
        let mut answer = serde_json::json!({ "access_token": token });
        if let Some(seconds) = self.expires_in {
            answer["expires_in"] = seconds.into();
        }
        Response::new(Body::from(answer.to_string()))
    }
}

fn refuse(challenge: &str) -> Response<Body> {
    let body = r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#;
    Response::builder()
        .status(401)
        .header("www-authenticate", challenge)
        .body(Body::from(body))
        .unwrap()
}

fn empty(status: u16) -> Response<Body> {
    Response::builder()
        .status(status)
        .body(Body::empty())
        .unwrap()
}
