//! The scope maps that every registry has and nobody can change. They are not stored.

use acr_api::arm::{Registry, ResourceId, ScopeMap, ScopeMapProperties};

use super::TYPE;

struct System {
    name: &'static str,
    description: &'static str,
    rights: &'static [&'static str],
}

const MAPS: [System; 5] = [
    System {
        name: "_repositories_admin",
        description: "Can perform all read, write and delete operations on the registry",
        rights: &[
            "metadata/read",
            "metadata/write",
            "content/read",
            "content/write",
            "content/delete",
        ],
    },
    System {
        name: "_repositories_pull",
        description: "Can pull any repository of the registry",
        rights: &["content/read"],
    },
    System {
        name: "_repositories_pull_metadata_read",
        description: "Can perform all read operations on the registry",
        rights: &["content/read", "metadata/read"],
    },
    System {
        name: "_repositories_push",
        description: "Can push to any repository of the registry",
        rights: &["content/read", "content/write"],
    },
    System {
        name: "_repositories_push_metadata_write",
        description: "Can perform all read and write operations on the registry",
        rights: &[
            "metadata/read",
            "metadata/write",
            "content/read",
            "content/write",
        ],
    },
];

/// The actions of the map of this name.
pub(super) fn actions(name: &str) -> Option<Vec<String>> {
    let map = MAPS
        .iter()
        .find(|map| map.name.eq_ignore_ascii_case(name))?;
    Some(map.actions())
}

/// Whether a map of this name is the service's.
pub(super) fn is_reserved(name: &str) -> bool {
    MAPS.iter().any(|map| map.name.eq_ignore_ascii_case(name))
}

/// The maps of a registry as clients see them.
pub(super) fn of(id: &ResourceId, registry: &Registry) -> Vec<ScopeMap> {
    let properties = registry.properties.as_ref();
    let created = properties.and_then(|properties| properties.creation_date.clone());
    let shown = MAPS.iter().map(|map| ScopeMap {
        kind: Some(TYPE.to_owned()),
        id: Some(id.child("scopeMaps", map.name).to_string()),
        name: Some(map.name.to_owned()),
        system_data: registry.system_data.clone(),
        properties: Some(ScopeMapProperties {
            description: Some(map.description.to_owned()),
            kind: Some("SystemDefined".to_owned()),
            creation_date: created.clone(),
            provisioning_state: Some("Succeeded".to_owned()),
            actions: Some(map.actions()),
        }),
    });
    shown.collect()
}

impl System {
    fn actions(&self) -> Vec<String> {
        let written = |right: &&str| format!("repositories/*/{right}");
        self.rights.iter().map(written).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAPS, actions};
    use crate::domain::scope_map::Entry;

    #[test]
    fn every_map_holds_well_formed_actions() {
        for map in &MAPS {
            for action in actions(map.name).unwrap() {
                assert!(action.parse::<Entry>().is_ok(), "{action}");
            }
        }
        assert_eq!(actions("_REPOSITORIES_PULL").unwrap().len(), 1);
        assert!(actions("mine").is_none());
    }
}
