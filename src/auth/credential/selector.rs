//! Which of a resource's identities is meant.

use crate::context::Context;

/// Which of a resource's identities is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selector {
    /// The one that lives and dies with the resource.
    System,
    ClientId(String),
    ObjectId(String),
    ResourceId(String),
}

impl Selector {
    /// The identity that `AZURE_CLIENT_ID` names, else the system's.
    pub(crate) fn from_variables(context: &Context) -> Self {
        match context.environment.var("AZURE_CLIENT_ID") {
            Some(id) => Self::ClientId(id.to_owned()),
            None => Self::System,
        }
    }

    /// The query parameter for it, under the names that the virtual machine's endpoint uses.
    pub(crate) fn parameter(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::System => None,
            Self::ClientId(id) => Some(("client_id", id)),
            Self::ObjectId(id) => Some(("object_id", id)),
            Self::ResourceId(id) => Some(("msi_res_id", id)),
        }
    }

    /// The name an account is shown under.
    pub(crate) fn user_name(&self) -> &'static str {
        match self {
            Self::System => "systemAssignedIdentity",
            _ => "userAssignedIdentity",
        }
    }
}
