//! What is special to registries among the resources.

use acr_api::arm::{Registry, RegistryName, RegistryProperties, ResourceId, Sku};
use acr_store::Batch;

use super::{
    TYPE, credential, encryption, holdings, identity, login_server, network, policy, registry_id,
    settings, tier,
};
use crate::{
    app::App,
    domain::{
        Error, content, directory, repository_token,
        resource::{Draft, Kind, Resolved, decode, location, tags},
        scope_map, sealing, stamp,
    },
};

const NAMES: &str = "login-server";

/// `Microsoft.ContainerRegistry/registries`.
pub struct Registries;

impl Kind for Registries {
    const TYPE: &'static str = TYPE;
    type Body = Registry;

    async fn resolve(mut draft: Draft<'_, Registry>) -> Result<Resolved<Registry>, Error> {
        let asked: Registry = decode(draft.input.take())?;
        let frame = frame(&draft, &asked)?;
        let held = identity::resolve(&draft, &asked).await?;
        let wanted = asked.properties.unwrap_or_default();
        let known = draft.current.and_then(|before| before.properties.as_ref());
        let mut properties = settings::resolve(&wanted, known)?;
        let now = stamp::with_offset(draft.app.now());
        let asks_for_encryption = wanted.encryption.is_some();
        properties.policies = Some(policy::resolve(
            wanted.policies,
            known.and_then(|known| known.policies.as_ref()),
            &now,
        )?);
        properties.encryption = Some(encryption::resolve(
            wanted.encryption,
            known.and_then(|known| known.encryption.as_ref()),
            held.identity.as_ref(),
            &now,
        )?);
        properties.network_rule_set =
            network::resolve(wanted.network_rule_set, tier::of(&frame.sku))?;
        let batch = name(&draft, known, &mut properties, held.batch)?;
        if asks_for_encryption && known.is_some() {
            sealing::rewrap(draft.app, &registry_id(draft.id, &properties)).await?;
        }
        let registry = Registry {
            identity: held.identity,
            system_data: Some(draft.system_data),
            properties: Some(properties),
            ..frame
        };
        tier::check(&registry, draft.app.settings().has_tier_limits)?;
        if draft.current.is_some() {
            holdings::check(draft.app, draft.id, &registry).await?;
        }
        Ok(Resolved {
            body: registry,
            batch,
        })
    }

    fn present(app: &App, registry: &mut Registry) {
        login_server::present(&app.settings().domain, registry);
        encryption::present(app, registry);
    }

    fn location(registry: &Registry) -> &str {
        registry.location.as_deref().unwrap_or_default()
    }

    async fn removal(app: &App, id: &ResourceId, registry: &Registry) -> Result<Batch, Error> {
        let key = id.key();
        let mut batch = Batch::new().remove(credential::COLLECTION, &key);
        batch = scope_map::removal_below(&key, batch);
        batch = repository_token::removal_below(&key, batch);
        let properties = registry.properties.as_ref();
        if let Some(label) = properties.and_then(|held| held.login_server.as_deref()) {
            batch = batch.remove(NAMES, label);
        }
        if let Some(properties) = properties {
            let registry_id = registry_id(id, properties);
            batch = sealing::removal(&registry_id, batch);
            batch = content::abandon_registry(app, &registry_id, batch);
        }
        let identity = registry.identity.as_ref();
        match identity.and_then(|held| held.principal_id.as_deref()) {
            Some(principal) => directory::forget_principal(app, principal, batch).await,
            None => Ok(batch),
        }
    }

    fn taken(id: &ResourceId) -> Error {
        Error::conflict(
            "RegistryNameAlreadyInUse",
            format!(
                "The registry name {} is already in use. You can check if the name is already claimed using following API: https://aka.ms/acr/check-name-availability",
                id.name()
            ),
        )
    }
}

/// The members that every tracked resource has, and the tier.
fn frame(draft: &Draft<'_, Registry>, asked: &Registry) -> Result<Registry, Error> {
    let before = draft.current;
    let name: RegistryName = draft.id.name().parse().map_err(|_| {
        Error::invalid(
            "InvalidResourceName",
            "Resource names may contain alpha numeric characters only and must be between 5 and 50 characters.",
        )
    })?;
    let known = before.and_then(|before| before.location.clone());
    let region = match (asked.location.as_deref(), known) {
        (Some(given), known) => keep_region(draft, location(given)?, known)?,
        (None, Some(known)) => known,
        (None, None) => {
            return Err(Error::invalid(
                "LocationRequired",
                "The location property is required for this definition.",
            ));
        }
    };
    let sku = tier::resolve(
        asked.sku.as_ref(),
        before.and_then(|before| before.sku.as_ref()),
    )?;
    Ok(Registry {
        sku: Some(Sku {
            name: Some(sku.to_owned()),
            tier: Some(sku.to_owned()),
        }),
        kind: Some(TYPE.to_owned()),
        id: before
            .and_then(|before| before.id.clone())
            .or_else(|| Some(draft.id.to_string())),
        name: before
            .and_then(|before| before.name.clone())
            .or_else(|| Some(name.as_str().to_owned())),
        location: Some(region),
        tags: Some(tags(asked.tags.clone())?),
        ..Registry::default()
    })
}

fn keep_region(
    draft: &Draft<'_, Registry>,
    asked: String,
    known: Option<String>,
) -> Result<String, Error> {
    match known {
        Some(known) if known != asked => Err(Error::conflict(
            "InvalidResourceLocation",
            format!(
                "The resource '{}' already exists in location '{known}' in resource group '{}'. A resource with the same name cannot be created in location '{asked}'. Please select a new resource name.",
                draft.id.name(),
                draft.id.resource_group
            ),
        )),
        _ => Ok(asked),
    }
}

/// Takes the login server's label for a new registry, with its admin user, or keeps the one it has.
fn name(
    draft: &Draft<'_, Registry>,
    known: Option<&RegistryProperties>,
    properties: &mut RegistryProperties,
    batch: Batch,
) -> Result<Batch, Error> {
    properties.provisioning_state = Some("Succeeded".to_owned());
    if let Some(known) = known {
        properties.login_server.clone_from(&known.login_server);
        properties.creation_date.clone_from(&known.creation_date);
        return Ok(batch);
    }
    let scope = properties
        .auto_generated_domain_name_label_scope
        .as_deref()
        .unwrap_or_default();
    let label = login_server::label(&draft.app.tenancy().tenant_id, draft.id, scope)?;
    properties.creation_date = Some(stamp::with_zulu(draft.app.now()));
    properties.login_server = Some(label.clone());
    Ok(batch
        .insert(NAMES, &label, &serde_json::json!({"id": draft.id.key()}))
        .put(
            credential::COLLECTION,
            &draft.id.key(),
            &credential::make()?,
        ))
}
