//! Resource groups: the rules of their names, their resources and their end.

use acr_api::arm::{ResourceGroup, ResourceGroupProperties, ResourceId};
use acr_store::{Batch, Scan};
use serde_json::{Value, value::RawValue};

use super::{
    Error,
    registry::Registries,
    resource::{self, Asked, Condition, Kind, Listing, decode, location, merge_patch, tags},
    role,
    user_assigned_identity::UserAssignedIdentities,
};
use crate::app::App;

/// The type on the wire.
pub const TYPE: &str = "Microsoft.Resources/resourceGroups";
const COLLECTION: &str = "resource/microsoft.resources/resourcegroups";
const SWEEP_SIZE: u32 = 200;

/// The key of a group, which is its ARM id in lower case.
pub fn key(subscription: &str, name: &str) -> String {
    format!("/subscriptions/{subscription}/resourcegroups/{name}").to_ascii_lowercase()
}

/// Reads a group.
pub async fn get(app: &App, subscription: &str, name: &str) -> Result<ResourceGroup, Error> {
    read(app, subscription, name)
        .await?
        .map(|(group, _)| group)
        .ok_or_else(|| absent(name))
}

/// Reads a page of groups.
pub async fn list(app: &App, asked: Asked<'_>) -> Result<Listing<Box<RawValue>>, Error> {
    resource::list_stored(app, COLLECTION, asked).await
}

/// Makes a group, or changes its tags.
pub async fn put(
    app: &App,
    subscription: &str,
    name: &str,
    input: Value,
) -> Result<(ResourceGroup, bool), Error> {
    check_name(name)?;
    let asked: ResourceGroup = decode(input)?;
    let region = match asked.location.as_deref() {
        Some(given) => location(given)?,
        None => {
            return Err(Error::invalid(
                "LocationRequired",
                "The location property is required for this definition.",
            ));
        }
    };
    let stored = read(app, subscription, name).await?;
    let mut group = compose(subscription, name, region);
    group.tags = asked.tags.map(|given| tags(Some(given))).transpose()?;
    group.managed_by = asked.managed_by;
    let key = key(subscription, name);
    let batch = match &stored {
        Some((before, revision)) => {
            if before.location != group.location {
                return Err(Error::conflict(
                    "InvalidResourceGroupLocation",
                    format!(
                        "Invalid resource group location '{}'. The Resource group already exists in location '{}'.",
                        group.location.as_deref().unwrap_or_default(),
                        before.location.as_deref().unwrap_or_default()
                    ),
                ));
            }
            if is_deleting(before) {
                return Err(deprovisioning(name));
            }
            group.name.clone_from(&before.name);
            group.id.clone_from(&before.id);
            Batch::new().replace(COLLECTION, &key, *revision, &group)
        }
        None => Batch::new().insert(COLLECTION, &key, &group),
    };
    app.meta().commit(batch).await?;
    Ok((group, stored.is_none()))
}

/// Changes the tags of a group.
pub async fn patch(
    app: &App,
    subscription: &str,
    name: &str,
    input: Value,
) -> Result<ResourceGroup, Error> {
    let (before, revision) = read(app, subscription, name)
        .await?
        .ok_or_else(|| absent(name))?;
    let stored = serde_json::to_value(&before).map_err(Error::internal)?;
    let mut group: ResourceGroup = decode(merge_patch(stored, input))?;
    let given = group.tags.take();
    group = ResourceGroup {
        tags: given.map(|given| tags(Some(given))).transpose()?,
        managed_by: group.managed_by,
        ..before
    };
    let batch = Batch::new().replace(COLLECTION, &key(subscription, name), revision, &group);
    app.meta().commit(batch).await?;
    Ok(group)
}

/// Deletes a group with everything in it. It is first marked, so that nothing new can enter.
pub async fn delete(app: &App, subscription: &str, name: &str) -> Result<(), Error> {
    let (mut group, revision) = read(app, subscription, name)
        .await?
        .ok_or_else(|| absent(name))?;
    let key = key(subscription, name);
    if !is_deleting(&group) {
        group.properties = Some(ResourceGroupProperties {
            provisioning_state: Some("Deleting".to_owned()),
        });
        let mark = Batch::new().replace(COLLECTION, &key, revision, &group);
        app.meta().commit(mark).await?;
    }
    sweep::<Registries>(app, &key).await?;
    sweep::<UserAssignedIdentities>(app, &key).await?;
    let batch = role::removal_below(app, &key, Batch::new()).await?;
    app.meta().commit(batch.remove(COLLECTION, &key)).await?;
    Ok(())
}

/// The group that a resource is to be in; refuses if it is not there or on its way out.
pub(super) async fn require(app: &App, id: &ResourceId) -> Result<ResourceGroup, Error> {
    let group = get(app, &id.subscription, &id.resource_group).await?;
    if is_deleting(&group) {
        return Err(deprovisioning(&id.resource_group));
    }
    Ok(group)
}

/// The id of a resource with subscription and group spelt as they were made.
pub(super) fn canonical(id: &ResourceId, group: &ResourceGroup) -> ResourceId {
    let mut id = id.clone();
    id.subscription = id.subscription.to_ascii_lowercase();
    if let Some(name) = &group.name {
        id.resource_group.clone_from(name);
    }
    id
}

/// Adds to a batch the group that every subscription starts with.
pub(super) fn plant(
    batch: Batch,
    subscription: &str,
    name: &str,
    region: &str,
) -> Result<Batch, Error> {
    let group = compose(subscription, name, location(region)?);
    Ok(batch.insert(COLLECTION, &key(subscription, name), &group))
}

fn compose(subscription: &str, name: &str, region: String) -> ResourceGroup {
    let subscription = subscription.to_ascii_lowercase();
    ResourceGroup {
        id: Some(format!(
            "/subscriptions/{subscription}/resourceGroups/{name}"
        )),
        name: Some(name.to_owned()),
        kind: Some(TYPE.to_owned()),
        location: Some(region),
        managed_by: None,
        tags: None,
        properties: Some(ResourceGroupProperties {
            provisioning_state: Some("Succeeded".to_owned()),
        }),
    }
}

async fn read(
    app: &App,
    subscription: &str,
    name: &str,
) -> Result<Option<(ResourceGroup, i64)>, Error> {
    let document = app.meta().get(COLLECTION, &key(subscription, name)).await?;
    document
        .map(|document| Ok((document.parse()?, document.revision)))
        .transpose()
}

/// Deletes the resources of a type below a group, a few at a time.
async fn sweep<K: Kind>(app: &App, group_key: &str) -> Result<(), Error> {
    let collection = resource::collection(K::TYPE);
    let prefix = format!("{group_key}/");
    loop {
        let documents = app
            .meta()
            .scan(Scan {
                collection: &collection,
                prefix: &prefix,
                after: None,
                limit: SWEEP_SIZE,
            })
            .await?;
        if documents.is_empty() {
            return Ok(());
        }
        for document in documents {
            let id: ResourceId = document.key.parse().map_err(Error::internal)?;
            resource::delete::<K>(app, &id, &Condition::default()).await?;
        }
    }
}

fn is_deleting(group: &ResourceGroup) -> bool {
    let state = group.properties.as_ref();
    state.and_then(|state| state.provisioning_state.as_deref()) == Some("Deleting")
}

fn check_name(name: &str) -> Result<(), Error> {
    let is_valid = (1..=90).contains(&name.chars().count())
        && !name.ends_with('.')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')'));
    if is_valid {
        return Ok(());
    }
    Err(Error::invalid(
        "InvalidResourceGroup",
        format!(
            "The provided resource group name '{}' has these invalid characters or length: it must have 1 to 90 letters, digits, '-', '_', '.', '(' or ')' and must not end with '.'.",
            name.chars().take(100).collect::<String>()
        ),
    ))
}

fn absent(name: &str) -> Error {
    Error::not_found(
        "ResourceGroupNotFound",
        format!("Resource group '{name}' could not be found."),
    )
}

fn deprovisioning(name: &str) -> Error {
    Error::conflict(
        "ResourceGroupBeingDeleted",
        format!(
            "The resource group '{name}' is in deprovisioning state and cannot perform this operation."
        ),
    )
}
