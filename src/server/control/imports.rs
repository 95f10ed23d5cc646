//! `Microsoft.ContainerRegistry/registries/importImage`

use acr_api::arm::ImportImage;

use super::{
    call::{Call, accepted},
    verb::{Answer, Need, Verb},
};
use crate::domain::import;

pub(super) const IMPORT: Verb = Verb::action(
    "importImage",
    "POST",
    Need::Action("importImage/action"),
    |call| Box::pin(import_image(call)),
);

async fn import_image(call: Call) -> Answer {
    let asked: ImportImage = call.decode()?;
    let id = call.route.resource_id()?;
    let operation = import::begin(&call.app, &call.caller, &id, asked).await?;
    Ok(accepted(&call.link(&format!(
        "/subscriptions/{}/providers/{}/locations/{}/operationResults/{operation}",
        id.subscription,
        id.namespace,
        call.app.settings().region,
    ))))
}
