//! An application proving itself to its tenant: the client credentials grant with every kind of proof.

use super::azure_devops::AzureDevops;
use super::certificate::Certificate;
use super::github_actions::GithubActions;
use crate::answer::TokenAnswer;
use crate::authority::Authority;
use crate::context::Context;
use crate::error::Error;
use crate::file;
use crate::link::Link;
use crate::scope::Scope;
use acr_http::Secret;
use std::path::{Path, PathBuf};

const LARGEST_TOKEN_FILE_BYTES: u64 = 64 * 1024;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An application in a tenant.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) link: Link,
    pub(crate) authority: Authority,
    pub(crate) client_id: String,
    pub(crate) proof: Proof,
}

/// What shows that a request comes from the application.
#[derive(Debug)]
pub(crate) enum Proof {
    Secret(Secret),
    Certificate(Box<Certificate>),
    /// A file that the platform keeps a valid outside token in.
    TokenFile(PathBuf),
    /// An outside token as it was when it was stored.
    Token(Secret),
    GithubActions(GithubActions),
    AzureDevops(AzureDevops),
}

impl Client {
    /// Asks for a new token.
    pub(crate) async fn grant(
        &self,
        context: &Context,
        scope: &Scope,
    ) -> Result<TokenAnswer, Error> {
        let assertion;
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("scope", scope.as_str()),
        ];
        if let Proof::Secret(secret) = &self.proof {
            form.push(("client_secret", secret.expose()));
        } else {
            assertion = self.assertion(context).await?;
            form.push(("client_assertion_type", ASSERTION_TYPE));
            form.push(("client_assertion", assertion.expose()));
        }
        self.authority.grant(context, self.link, &form).await
    }

    async fn assertion(&self, context: &Context) -> Result<Secret, Error> {
        match &self.proof {
            Proof::Secret(secret) | Proof::Token(secret) => Ok(secret.clone()),
            Proof::Certificate(certificate) => {
                certificate.assertion(&self.authority, &self.client_id, context.now())
            }
            Proof::TokenFile(path) => token_file(self.link, path),
            Proof::GithubActions(job) => job.identity_token(context).await,
            Proof::AzureDevops(job) => job.identity_token(context).await,
        }
    }

    /// What tells this proof from another of the same application, for the key of a stored token.
    pub(crate) fn fingerprint(&self) -> String {
        match &self.proof {
            Proof::Secret(secret) | Proof::Token(secret) => secret.expose().to_owned(),
            Proof::Certificate(certificate) => certificate.fingerprint(),
            Proof::TokenFile(path) => path.display().to_string(),
            Proof::GithubActions(_) | Proof::AzureDevops(_) => String::new(),
        }
    }
}

/// Reads a platform's token file anew each time: the platform replaces it as it expires.
fn token_file(link: Link, path: &Path) -> Result<Secret, Error> {
    let text = file::read_text(path, LARGEST_TOKEN_FILE_BYTES)
        .map_err(|source| Error::file(link, path, source))?;
    match text.as_deref().map(str::trim) {
        None | Some("") => {
            let message = format!("the token file {} is missing or empty", path.display());
            Err(Error::setup(link, message))
        }
        Some(token) => Ok(Secret::new(token)),
    }
}
