//! `Microsoft.ManagedIdentity/userAssignedIdentities`

use super::{generic::Of, verb::ResourceType};
use crate::domain::user_assigned_identity::{self, UserAssignedIdentities};

pub(super) const TYPE: ResourceType = ResourceType {
    name: user_assigned_identity::TYPE,
    verbs: &[
        Of::<UserAssignedIdentities>::LIST,
        Of::<UserAssignedIdentities>::GET,
        Of::<UserAssignedIdentities>::PUT,
        Of::<UserAssignedIdentities>::PATCH,
        Of::<UserAssignedIdentities>::DELETE,
    ],
};
