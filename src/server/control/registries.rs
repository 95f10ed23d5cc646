//! `Microsoft.ContainerRegistry/registries`

use acr_api::arm::{NameQuestion, RegenerateCredential};
use serde_json::json;

use super::{
    call::{Call, ok},
    generic::Of,
    imports, tokens,
    verb::{Answer, Need, ResourceType, Verb},
};
use crate::domain::registry::{self, Registries};

pub(super) const TYPE: ResourceType = ResourceType {
    name: registry::TYPE,
    verbs: &[
        Of::<Registries>::LIST,
        Of::<Registries>::GET,
        Of::<Registries>::PUT,
        Of::<Registries>::PATCH,
        Of::<Registries>::DELETE_LATER,
        Verb::action(
            "listUsages",
            "GET",
            Need::Action("listUsages/read"),
            |call| Box::pin(list_usages(call)),
        ),
        Verb::action(
            "listCredentials",
            "POST",
            Need::Action("listCredentials/action"),
            |call| Box::pin(list_credentials(call)),
        ),
        Verb::action(
            "regenerateCredential",
            "POST",
            Need::Action("regenerateCredential/action"),
            |call| Box::pin(regenerate_credential(call)),
        ),
        tokens::GENERATE,
        imports::IMPORT,
        Verb::action(
            "privateLinkResources",
            "GET",
            Need::Action("read"),
            |call| Box::pin(private_link_resources(call)),
        ),
    ],
};

pub(super) const NAMES: ResourceType = ResourceType {
    name: "Microsoft.ContainerRegistry/checkNameAvailability",
    verbs: &[Verb::collection("POST", Need::Action("read"), |call| {
        Box::pin(check_name(call))
    })],
};

async fn list_usages(call: Call) -> Answer {
    let id = call.route.resource_id()?;
    Ok(ok(&registry::list_usages(&call.app, &id).await?))
}

async fn list_credentials(call: Call) -> Answer {
    let id = call.route.resource_id()?;
    Ok(ok(&registry::list_credentials(&call.app, &id).await?))
}

async fn regenerate_credential(call: Call) -> Answer {
    let asked: RegenerateCredential = call.decode()?;
    let id = call.route.resource_id()?;
    Ok(ok(&registry::regenerate_credential(
        &call.app,
        &id,
        &asked.name,
    )
    .await?))
}

async fn private_link_resources(call: Call) -> Answer {
    let id = call.route.resource_id()?;
    let rows = registry::private_link_resources(&call.app, &id).await?;
    Ok(ok(&json!({"value": rows})))
}

async fn check_name(call: Call) -> Answer {
    let question: NameQuestion = call.decode()?;
    Ok(ok(&registry::check_name(
        &call.app,
        &call.subscription(),
        &question,
    )
    .await?))
}
