//! `Microsoft.ContainerRegistry/registries/tokens`, and the passwords of tokens.

use acr_api::arm::GenerateCredentials;

use super::{
    call::{Call, ok},
    generic::Of,
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::domain::{
    registry::Registries,
    repository_token::{self, Tokens},
    resource::{self, Asked},
};

pub(super) const TYPE: ResourceType = ResourceType {
    name: repository_token::TYPE,
    verbs: &[
        Verb::collection("GET", Need::Visible, |call| Box::pin(list(call))),
        Of::<Tokens>::GET,
        Of::<Tokens>::PUT,
        Of::<Tokens>::PATCH,
        Of::<Tokens>::DELETE,
    ],
};

/// What makes passwords is asked of the registry.
pub(super) const GENERATE: Verb = Verb::action(
    "generateCredentials",
    "POST",
    Need::Action("generateCredentials/action"),
    |call| Box::pin(generate(call)),
);

async fn list(call: Call) -> Answer {
    let registry = call.route.resource_id()?;
    resource::get::<Registries>(&call.app, &registry).await?;
    let after = call.after()?;
    let asked = Asked {
        scope: &registry.to_string(),
        after: after.as_deref(),
        sees: &|id| call.sees(id),
    };
    Ok(call.page(resource::list::<Tokens>(&call.app, asked).await?))
}

async fn generate(call: Call) -> Answer {
    let asked: GenerateCredentials = call.decode()?;
    let id = call.route.resource_id()?;
    Ok(ok(
        &repository_token::generate(&call.app, &id, &asked).await?
    ))
}
