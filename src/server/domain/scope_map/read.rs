//! Reads scope maps, the system's and the owner's alike.

use acr_api::arm::{ResourceId, ScopeMap};
use serde_json::value::{RawValue, to_raw_value};

use super::{Entry, ScopeMaps, TYPE, system};
use crate::{
    app::App,
    domain::{
        Error,
        registry::Registries,
        resource::{self, Asked, Found, Listing, collection},
    },
};

/// Reads one map; the system's have no revision of their own.
pub async fn get(app: &App, id: &ResourceId) -> Result<Found<ScopeMap>, Error> {
    if !system::is_reserved(id.name()) {
        return resource::get::<ScopeMaps>(app, id).await;
    }
    let parent = id.parent();
    let registry = resource::get::<Registries>(app, &parent).await?;
    let mut maps = system::of(&parent, &registry.body).into_iter();
    let named = maps.find(|map| {
        map.name
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case(id.name()))
    });
    Ok(Found {
        body: named.ok_or_else(|| Error::internal("a system map is missing"))?,
        revision: registry.revision,
    })
}

/// Reads a page of the maps of a registry, the system's first.
pub async fn list(
    app: &App,
    registry: &ResourceId,
    asked: Asked<'_>,
) -> Result<Listing<Box<RawValue>>, Error> {
    let found = resource::get::<Registries>(app, registry).await?;
    let is_first = asked.after.is_none();
    let sees_all = (asked.sees)(&registry.child("scopeMaps", "_").to_string());
    let mut listing = resource::list::<ScopeMaps>(app, asked).await?;
    if is_first && sees_all {
        let maps = system::of(registry, &found.body);
        let mut items: Vec<Box<RawValue>> = maps
            .iter()
            .map(|map| to_raw_value(map).map_err(Error::internal))
            .collect::<Result<_, _>>()?;
        items.append(&mut listing.items);
        listing.items = items;
    }
    Ok(listing)
}

/// The actions of a map, if there is one of this id.
pub async fn find(app: &App, id: &ResourceId) -> Result<Option<Vec<String>>, Error> {
    if !id.kind().eq_ignore_ascii_case(TYPE) {
        return Ok(None);
    }
    if let Some(actions) = system::actions(id.name()) {
        return Ok(Some(actions));
    }
    let document = app.meta().get(&collection(TYPE), &id.key()).await?;
    let map: Option<ScopeMap> = document.map(|document| document.parse()).transpose()?;
    Ok(map.map(|map| {
        map.properties
            .unwrap_or_default()
            .actions
            .unwrap_or_default()
    }))
}

/// The actions of a map, read; a map that is gone has none.
pub(crate) async fn entries(app: &App, id: &ResourceId) -> Result<Vec<Entry>, Error> {
    let actions = find(app, id).await?.unwrap_or_default();
    Ok(actions
        .iter()
        .filter_map(|action| action.parse().ok())
        .collect())
}
