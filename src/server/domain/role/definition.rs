//! The built-in roles that matter to registries, with what each allows.

/// A built-in role.
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name of the role definition.
    pub guid: &'static str,
    /// The name people use.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Control-plane actions, `*` for any run of characters.
    pub actions: &'static [&'static str],
    /// What is taken away from them.
    pub not_actions: &'static [&'static str],
    /// Data-plane actions.
    pub data_actions: &'static [&'static str],
}

/// Owner.
pub const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
/// Contributor.
pub const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
/// Reader.
pub const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/// The role of this guid.
pub fn by_guid(guid: &str) -> Option<&'static Definition> {
    BUILT_IN
        .iter()
        .find(|definition| definition.guid.eq_ignore_ascii_case(guid))
}

impl Definition {
    /// Whether the role allows a control-plane action.
    pub fn allows(&self, action: &str) -> bool {
        let covers = |patterns: &[&str]| patterns.iter().any(|pattern| covers(pattern, action));
        covers(self.actions) && !covers(self.not_actions)
    }

    /// Whether the role allows a data-plane action.
    pub fn allows_data(&self, action: &str) -> bool {
        self.data_actions
            .iter()
            .any(|pattern| covers(pattern, action))
    }
}

/// Whether a pattern covers an action; case does not count.
fn covers(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = action.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

macro_rules! role {
    ($guid:expr, $name:literal, $description:literal, [$($action:literal),*], not [$($not:literal),*], data [$($data:literal),*]) => {
        Definition {
            guid: $guid,
            name: $name,
            description: $description,
            actions: &[$($action),*],
            not_actions: &[$($not),*],
            data_actions: &[$($data),*],
        }
    };
    ($guid:expr, $name:literal, $description:literal, [$($action:literal),*]) => {
        role!($guid, $name, $description, [$($action),*], not [], data [])
    };
    ($guid:expr, $name:literal, $description:literal, [$($action:literal),*], data [$($data:literal),*]) => {
        role!($guid, $name, $description, [$($action),*], not [], data [$($data),*])
    };
}

/// Every role, the general ones first.
pub const BUILT_IN: &[Definition] = &[
    role!(
        OWNER,
        "Owner",
        "Everything, and deciding who else may do what.",
        ["*"]
    ),
    role!(CONTRIBUTOR, "Contributor", "Everything except deciding who may do what.", ["*"], not ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action"], data []),
    role!(
        READER,
        "Reader",
        "Seeing everything and changing nothing.",
        ["*/read"]
    ),
    role!(
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "User Access Administrator",
        "Deciding who may do what.",
        ["*/read", "Microsoft.Authorization/*"]
    ),
    role!(
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        "Role Based Access Control Administrator",
        "Assigning roles.",
        [
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read"
        ]
    ),
    role!(
        "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "AcrPull",
        "Pulling from a registry.",
        ["Microsoft.ContainerRegistry/registries/pull/read"]
    ),
    role!(
        "8311e382-0749-4cb8-b61a-304f252e45ec",
        "AcrPush",
        "Pulling from and pushing to a registry.",
        [
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/push/write"
        ]
    ),
    role!(
        "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
        "AcrDelete",
        "Deleting content of a registry.",
        ["Microsoft.ContainerRegistry/registries/artifacts/delete"]
    ),
    role!(
        "6cef56e8-d556-48e5-a04f-b8e64114680f",
        "AcrImageSigner",
        "Signing content of a registry.",
        ["Microsoft.ContainerRegistry/registries/sign/write"],
        data["Microsoft.ContainerRegistry/registries/trustedCollections/write"]
    ),
    role!(
        "cdda3590-29a3-44f6-95f2-9f980659eb04",
        "AcrQuarantineReader",
        "Pulling content that waits for approval.",
        ["Microsoft.ContainerRegistry/registries/quarantine/read"],
        data["Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read"]
    ),
    role!("c8d4ff99-41c3-41a8-9f60-21dfdad59608", "AcrQuarantineWriter", "Approving content.", ["Microsoft.ContainerRegistry/registries/quarantine/read", "Microsoft.ContainerRegistry/registries/quarantine/write"], data ["Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read", "Microsoft.ContainerRegistry/registries/quarantinedArtifacts/write"]),
    role!("b93aa761-3e63-49ed-ac28-beffa264f7ac", "Container Registry Repository Reader", "Reading repositories, their catalog aside.", [], data ["Microsoft.ContainerRegistry/registries/repositories/content/read", "Microsoft.ContainerRegistry/registries/repositories/metadata/read"]),
    role!("2a1e307c-b015-4ebd-883e-5b7698a07328", "Container Registry Repository Writer", "Reading and writing repositories, their catalog aside.", [], data ["Microsoft.ContainerRegistry/registries/repositories/content/read", "Microsoft.ContainerRegistry/registries/repositories/metadata/read", "Microsoft.ContainerRegistry/registries/repositories/content/write", "Microsoft.ContainerRegistry/registries/repositories/metadata/write"]),
    role!("2efddaa5-3f1f-4df3-97df-af3f13818f4c", "Container Registry Repository Contributor", "Reading, writing and deleting in repositories, their catalog aside.", [], data ["Microsoft.ContainerRegistry/registries/repositories/content/read", "Microsoft.ContainerRegistry/registries/repositories/metadata/read", "Microsoft.ContainerRegistry/registries/repositories/content/write", "Microsoft.ContainerRegistry/registries/repositories/metadata/write", "Microsoft.ContainerRegistry/registries/repositories/content/delete", "Microsoft.ContainerRegistry/registries/repositories/metadata/delete"]),
    role!(
        "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
        "Container Registry Repository Catalog Lister",
        "Listing the repositories of a registry.",
        [],
        data["Microsoft.ContainerRegistry/registries/catalog/read"]
    ),
    role!("577a9874-89fd-4f24-9dbd-b5034d0ad23a", "Container Registry Data Importer and Data Reader", "Importing images into a registry and reading it.", ["Microsoft.ContainerRegistry/registries/importImage/action", "Microsoft.ContainerRegistry/registries/read", "Microsoft.ContainerRegistry/registries/pull/read"], data ["Microsoft.ContainerRegistry/registries/repositories/content/read", "Microsoft.ContainerRegistry/registries/repositories/metadata/read", "Microsoft.ContainerRegistry/registries/catalog/read"]),
    role!(
        "fb382eab-e894-4461-af04-94435c366c3f",
        "Container Registry Tasks Contributor",
        "Configuring and running tasks; through them, whatever tasks can reach.",
        [
            "Microsoft.ContainerRegistry/registries/agentpools/read",
            "Microsoft.ContainerRegistry/registries/agentpools/write",
            "Microsoft.ContainerRegistry/registries/agentpools/delete",
            "Microsoft.ContainerRegistry/registries/agentpools/listQueueStatus/action",
            "Microsoft.ContainerRegistry/registries/agentpools/operationResults/status/read",
            "Microsoft.ContainerRegistry/registries/agentpools/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/tasks/read",
            "Microsoft.ContainerRegistry/registries/tasks/write",
            "Microsoft.ContainerRegistry/registries/tasks/delete",
            "Microsoft.ContainerRegistry/registries/tasks/listDetails/action",
            "Microsoft.ContainerRegistry/registries/scheduleRun/action",
            "Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action",
            "Microsoft.ContainerRegistry/registries/runs/read",
            "Microsoft.ContainerRegistry/registries/runs/write",
            "Microsoft.ContainerRegistry/registries/runs/listLogSasUrl/action",
            "Microsoft.ContainerRegistry/registries/runs/cancel/action",
            "Microsoft.ContainerRegistry/registries/taskruns/read",
            "Microsoft.ContainerRegistry/registries/taskruns/write",
            "Microsoft.ContainerRegistry/registries/taskruns/delete",
            "Microsoft.ContainerRegistry/registries/taskruns/listDetails/action",
            "Microsoft.ContainerRegistry/registries/taskruns/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read"
        ]
    ),
    role!(
        "bf94e731-3a51-4a7c-8c54-a1ab9971dfc1",
        "Container Registry Transfer Pipeline Contributor",
        "Moving content by pipelines.",
        [
            "Microsoft.ContainerRegistry/registries/exportPipelines/read",
            "Microsoft.ContainerRegistry/registries/exportPipelines/write",
            "Microsoft.ContainerRegistry/registries/exportPipelines/delete",
            "Microsoft.ContainerRegistry/registries/importPipelines/read",
            "Microsoft.ContainerRegistry/registries/importPipelines/write",
            "Microsoft.ContainerRegistry/registries/importPipelines/delete",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/read",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/write",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/delete",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/operationStatuses/read"
        ]
    ),
    role!(
        "3bc748fc-213d-45c1-8d91-9da5725539b9",
        "Container Registry Contributor and Data Access Configuration Administrator",
        "Configuring registries and how their data is reached.",
        [
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries/write",
            "Microsoft.ContainerRegistry/registries/delete",
            "Microsoft.ContainerRegistry/registries/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/listCredentials/action",
            "Microsoft.ContainerRegistry/registries/regenerateCredential/action",
            "Microsoft.ContainerRegistry/registries/generateCredentials/action",
            "Microsoft.ContainerRegistry/registries/listUsages/read",
            "Microsoft.ContainerRegistry/registries/replications/*",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/*",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
            "Microsoft.ContainerRegistry/registries/tokens/*",
            "Microsoft.ContainerRegistry/registries/scopeMaps/*",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/read",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/write",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/delete",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/deactivate/action",
            "Microsoft.ContainerRegistry/registries/webhooks/read",
            "Microsoft.ContainerRegistry/registries/webhooks/write",
            "Microsoft.ContainerRegistry/registries/webhooks/delete",
            "Microsoft.ContainerRegistry/registries/webhooks/getCallbackConfig/action",
            "Microsoft.ContainerRegistry/registries/webhooks/ping/action",
            "Microsoft.ContainerRegistry/registries/webhooks/listEvents/action",
            "Microsoft.ContainerRegistry/registries/webhooks/operationStatuses/read",
            "Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.Insights/diagnosticSettings/write",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/write",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/logDefinitions/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/metricDefinitions/read",
            "Microsoft.ContainerRegistry/locations/operationResults/read",
            "Microsoft.Insights/AlertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read"
        ]
    ),
    role!(
        "69b07be0-09bf-439a-b9a6-e73de851bd59",
        "Container Registry Configuration Reader and Data Access Configuration Reader",
        "Seeing how registries are configured and how their data is reached.",
        [
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/listCredentials/action",
            "Microsoft.ContainerRegistry/registries/listUsages/read",
            "Microsoft.ContainerRegistry/registries/replications/read",
            "Microsoft.ContainerRegistry/registries/replications/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/tokens/read",
            "Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/read",
            "Microsoft.ContainerRegistry/registries/webhooks/read",
            "Microsoft.ContainerRegistry/registries/webhooks/getCallbackConfig/action",
            "Microsoft.ContainerRegistry/registries/webhooks/listEvents/action",
            "Microsoft.ContainerRegistry/registries/webhooks/operationStatuses/read",
            "Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.Insights/diagnosticSettings/write",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/write",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/logDefinitions/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/metricDefinitions/read",
            "Microsoft.ContainerRegistry/locations/operationResults/read",
            "Microsoft.Insights/AlertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read"
        ]
    ),
    role!(
        "df87f177-bb12-4db1-9793-a413691eff94",
        "Container Registry Cache Rule Administrator",
        "Configuring cache rules.",
        [
            "Microsoft.ContainerRegistry/registries/cacheRules/read",
            "Microsoft.ContainerRegistry/registries/cacheRules/write",
            "Microsoft.ContainerRegistry/registries/cacheRules/delete",
            "Microsoft.ContainerRegistry/registries/cacheRules/operationStatuses/read"
        ]
    ),
    role!(
        "c357b964-0002-4b64-a50d-7a28f02edc52",
        "Container Registry Cache Rule Reader",
        "Seeing cache rules.",
        ["Microsoft.ContainerRegistry/registries/cacheRules/read"]
    ),
    role!(
        "f094fb07-0703-4400-ad6a-e16dd8000e14",
        "Container Registry Credential Set Administrator",
        "Configuring credential sets.",
        [
            "Microsoft.ContainerRegistry/registries/credentialSets/read",
            "Microsoft.ContainerRegistry/registries/credentialSets/write",
            "Microsoft.ContainerRegistry/registries/credentialSets/delete",
            "Microsoft.ContainerRegistry/registries/credentialSets/operationStatuses/read"
        ]
    ),
    role!(
        "29093635-9924-4f2c-913b-650a12949526",
        "Container Registry Credential Set Reader",
        "Seeing credential sets.",
        ["Microsoft.ContainerRegistry/registries/credentialSets/read"]
    ),
    role!("96062cf7-95ca-4f89-9b9d-2a2aa47356af", "Defender Registry Access", "Scanning and curing the content of registries.", ["Microsoft.ContainerRegistry/registries/pull/read", "Microsoft.ContainerRegistry/registries/push/write", "Microsoft.ContainerRegistry/registries/artifacts/delete"], data ["Microsoft.ContainerRegistry/registries/repositories/content/read", "Microsoft.ContainerRegistry/registries/repositories/metadata/read", "Microsoft.ContainerRegistry/registries/repositories/content/write", "Microsoft.ContainerRegistry/registries/repositories/metadata/write", "Microsoft.ContainerRegistry/registries/repositories/content/delete", "Microsoft.ContainerRegistry/registries/repositories/metadata/delete"]),
];

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, CONTRIBUTOR, OWNER, READER, by_guid, covers};
    use std::collections::BTreeSet;

    #[test]
    fn wildcards_cover_any_run() {
        for (pattern, action, expected) in [
            ("*", "a/b/read", true),
            ("*/read", "Microsoft.X/y/read", true),
            ("*/read", "Microsoft.X/y/write", false),
            ("Microsoft.X/*/write", "microsoft.x/y/z/WRITE", true),
            ("Microsoft.X/*/write", "microsoft.x/y/read", false),
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/*/b/*", "a/x/b/y", true),
        ] {
            assert_eq!(covers(pattern, action), expected, "{pattern} {action}");
        }
    }

    #[test]
    fn general_roles_differ_as_they_should() {
        let allows = |guid: &str, action: &str| by_guid(guid).unwrap().allows(action);
        let registry = "Microsoft.ContainerRegistry/registries";
        assert!(allows(
            OWNER,
            "Microsoft.Authorization/roleAssignments/write"
        ));
        assert!(!allows(
            CONTRIBUTOR,
            "Microsoft.Authorization/roleAssignments/write"
        ));
        assert!(allows(CONTRIBUTOR, &format!("{registry}/write")));
        assert!(allows(READER, &format!("{registry}/read")));
        assert!(!allows(
            READER,
            &format!("{registry}/listCredentials/action")
        ));
    }

    #[test]
    fn guids_and_names_are_unique() {
        let guids: BTreeSet<_> = BUILT_IN.iter().map(|role| role.guid).collect();
        let names: BTreeSet<_> = BUILT_IN.iter().map(|role| role.name).collect();
        assert_eq!((guids.len(), names.len()), (BUILT_IN.len(), BUILT_IN.len()));
    }
}
