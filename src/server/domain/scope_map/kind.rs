//! What is special to scope maps among the resources.

use std::collections::HashSet;

use acr_api::arm::{ResourceId, ScopeMap, ScopeMapProperties};
use acr_store::Batch;

use super::{Entry, system};
use crate::{
    app::App,
    domain::{
        Error, registry,
        resource::{Draft, Kind, Resolved, collection, decode},
        stamp,
    },
};

/// The type on the wire.
pub const TYPE: &str = "Microsoft.ContainerRegistry/registries/scopeMaps";

/// This bounds the repositories of a map as well, which may be as many.
const MOST_ACTIONS: usize = 500;
const LONGEST_DESCRIPTION: usize = 256;

/// `Microsoft.ContainerRegistry/registries/scopeMaps`.
pub struct ScopeMaps;

impl Kind for ScopeMaps {
    const TYPE: &'static str = TYPE;
    type Body = ScopeMap;

    async fn resolve(mut draft: Draft<'_, ScopeMap>) -> Result<Resolved<ScopeMap>, Error> {
        check_owner(draft.id.name())?;
        registry::check_child_name(draft.id.name())?;
        let asked: ScopeMap = decode(draft.input.take())?;
        let asked = asked.properties.unwrap_or_default();
        let before = draft.current.and_then(|map| map.properties.as_ref());
        if draft.current.is_none() {
            registry::check_room(draft.app, &draft.id.parent(), registry::Child::ScopeMap).await?;
        }
        let body = ScopeMap {
            kind: Some(TYPE.to_owned()),
            id: known(draft.current, |map| &map.id).or_else(|| Some(draft.id.to_string())),
            name: known(draft.current, |map| &map.name)
                .or_else(|| Some(draft.id.name().to_owned())),
            system_data: Some(draft.system_data),
            properties: Some(ScopeMapProperties {
                description: description(asked.description)?,
                kind: Some("UserDefined".to_owned()),
                creation_date: before
                    .and_then(|before| before.creation_date.clone())
                    .or_else(|| Some(stamp::with_offset(draft.app.now()))),
                provisioning_state: Some("Succeeded".to_owned()),
                actions: Some(actions(asked.actions)?),
            }),
        };
        Ok(Resolved {
            body,
            batch: Batch::new(),
        })
    }

    /// A scope map lies in no region of its own.
    fn location(_map: &ScopeMap) -> &str {
        ""
    }

    /// Tokens may go on naming a map that is gone; they may do nothing then.
    async fn removal(_app: &App, _id: &ResourceId, _map: &ScopeMap) -> Result<Batch, Error> {
        Ok(Batch::new())
    }
}

/// Adds to a batch the end of every map of a registry.
pub fn removal_below(registry: &str, batch: Batch) -> Batch {
    batch.remove_prefix(&collection(TYPE), &format!("{registry}/"))
}

fn known(
    current: Option<&ScopeMap>,
    member: impl Fn(&ScopeMap) -> &Option<String>,
) -> Option<String> {
    current.and_then(|map| member(map).clone())
}

/// Refuses what would change a map of the system's.
pub fn check_owner(name: &str) -> Result<(), Error> {
    if system::is_reserved(name) {
        return Err(Error::invalid(
            "SystemScopeMapCannotBeModified",
            format!("The scope map '{name}' belongs to the system and cannot be changed."),
        )
        .from_provider());
    }
    Ok(())
}

fn description(asked: Option<String>) -> Result<Option<String>, Error> {
    let is_too_long = asked
        .as_ref()
        .is_some_and(|text| text.chars().count() > LONGEST_DESCRIPTION);
    if is_too_long {
        return Err(Error::invalid(
            "InvalidParameter",
            format!("The description can have {LONGEST_DESCRIPTION} characters."),
        )
        .with_target("properties.description"));
    }
    Ok(asked)
}

/// The actions, each once, in the order given.
fn actions(asked: Option<Vec<String>>) -> Result<Vec<String>, Error> {
    let refuse = |code: &'static str, message: String| {
        Err(Error::invalid(code, message).with_target("properties.actions"))
    };
    let Some(asked) = asked else {
        return refuse("InvalidParameter", "The actions are missing.".to_owned());
    };
    if asked.len() > MOST_ACTIONS {
        return refuse(
            "ScopeMapActionLimitExceeded",
            format!("A scope map can have at most {MOST_ACTIONS} actions."),
        );
    }
    let (mut kept, mut seen) = (Vec::new(), HashSet::new());
    for action in asked {
        if let Err(why) = action.parse::<Entry>() {
            let shown: String = action.chars().take(200).collect();
            return refuse(
                "InvalidScopeMapAction",
                format!("The action '{shown}' is invalid: {why}."),
            );
        }
        if seen.insert(action.clone()) {
            kept.push(action);
        }
    }
    Ok(kept)
}
