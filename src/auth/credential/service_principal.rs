//! The service principal that `AZURE_CLIENT_ID` and its fellows name.

use super::certificate::Certificate;
use super::client::{Client, Proof};
use crate::authority::Authority;
use crate::context::Context;
use crate::error::Error;
use crate::link::Link;
use acr_http::Secret;
use std::path::Path;

/// The service principal of the variables, if they name one whole.
pub(crate) fn detect(context: &Context) -> Result<Option<Client>, Error> {
    let var = |name: &str| context.environment.var(name);
    let (Some(client_id), Some(tenant)) = (var("AZURE_CLIENT_ID"), var("AZURE_TENANT_ID")) else {
        return Ok(None);
    };
    let Some(proof) = proof(context)? else {
        return Ok(None);
    };
    Ok(Some(Client {
        link: Link::Variables,
        authority: Authority::new(Link::Variables, context.authority_host(), tenant)?,
        client_id: client_id.to_owned(),
        proof,
    }))
}

fn proof(context: &Context) -> Result<Option<Proof>, Error> {
    let var = |name: &str| context.environment.var(name);
    if let Some(secret) = var("AZURE_CLIENT_SECRET") {
        return Ok(Some(Proof::Secret(Secret::new(secret))));
    }
    if let Some(path) = var("AZURE_CLIENT_CERTIFICATE_PATH") {
        if var("AZURE_CLIENT_CERTIFICATE_PASSWORD").is_some() {
            return Err(Error::setup(
                Link::Variables,
                "AZURE_CLIENT_CERTIFICATE_PASSWORD: encrypted certificates are not supported; write the key \
                 unencrypted with `openssl pkcs12 -in FILE -nodes` into a file that only you can read",
            ));
        }
        let sends_chain = var("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN")
            .is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"));
        let certificate = Certificate::load(Link::Variables, Path::new(path), sends_chain)?;
        return Ok(Some(Proof::Certificate(Box::new(certificate))));
    }
    Ok(var("AZURE_FEDERATED_TOKEN_FILE").map(|path| Proof::TokenFile(path.into())))
}
