//! The id of an ARM resource: a path of types and names.

use std::fmt;
use std::str::FromStr;

/// The id of a resource below a resource group. ARM compares ids without regard to case:
/// [`ResourceId::key`] is the form to compare and to store by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceId {
    /// The subscription.
    pub subscription: String,
    /// The resource group.
    pub resource_group: String,
    /// The provider, such as `Microsoft.ContainerRegistry`.
    pub namespace: String,
    /// Type and name, from the outermost resource to the resource itself; never empty.
    pub segments: Vec<(String, String)>,
}

impl ResourceId {
    /// The id of a registry.
    pub fn registry(subscription: &str, resource_group: &str, name: &str) -> Self {
        Self {
            subscription: subscription.to_owned(),
            resource_group: resource_group.to_owned(),
            namespace: "Microsoft.ContainerRegistry".to_owned(),
            segments: vec![("registries".to_owned(), name.to_owned())],
        }
    }

    /// The id of a resource inside this one.
    #[must_use]
    pub fn child(&self, kind: &str, name: &str) -> Self {
        let mut child = self.clone();
        child.segments.push((kind.to_owned(), name.to_owned()));
        child
    }

    /// The id of the resource that this one is inside of; an outermost resource gives itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        let mut parent = self.clone();
        if parent.segments.len() > 1 {
            parent.segments.pop();
        }
        parent
    }

    /// The name of the resource itself.
    pub fn name(&self) -> &str {
        self.segments.last().map_or("", |(_, name)| name)
    }

    /// The full type, such as `Microsoft.ContainerRegistry/registries/webhooks`.
    pub fn kind(&self) -> String {
        let mut kind = self.namespace.clone();
        for (segment, _) in &self.segments {
            kind.push('/');
            kind.push_str(segment);
        }
        kind
    }

    /// The form in which two ids of the same resource are equal.
    pub fn key(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "/subscriptions/{}/resourceGroups/{}/providers/{}",
            self.subscription, self.resource_group, self.namespace
        )?;
        for (kind, name) in &self.segments {
            write!(f, "/{kind}/{name}")?;
        }
        Ok(())
    }
}

impl FromStr for ResourceId {
    type Err = InvalidResourceId;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let refuse = || InvalidResourceId(id.chars().take(200).collect());
        let mut parts = id.strip_prefix('/').ok_or_else(refuse)?.split('/');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let mut expect = |word: &str| {
            next()
                .filter(|part| part.eq_ignore_ascii_case(word))
                .and_then(|_| next())
                .map(str::to_owned)
        };
        let subscription = expect("subscriptions").ok_or_else(refuse)?;
        let resource_group = expect("resourceGroups").ok_or_else(refuse)?;
        let namespace = expect("providers").ok_or_else(refuse)?;
        let mut segments = Vec::new();
        while let Some(kind) = parts.next() {
            let name = parts.next().ok_or_else(refuse)?;
            if kind.is_empty() || name.is_empty() {
                return Err(refuse());
            }
            segments.push((kind.to_owned(), name.to_owned()));
        }
        if segments.is_empty() {
            return Err(refuse());
        }
        Ok(Self {
            subscription,
            resource_group,
            namespace,
            segments,
        })
    }
}

/// The text is no id of a resource below a resource group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no resource id")]
pub struct InvalidResourceId(String);

#[cfg(test)]
mod tests {
    use super::ResourceId;

    const ID: &str = "/subscriptions/S/resourceGroups/G/providers/Microsoft.ContainerRegistry/registries/reg/webhooks/hook";

    #[test]
    fn reads_and_writes_the_same_path() {
        let id: ResourceId = ID.parse().unwrap();
        assert_eq!(id.to_string(), ID);
        assert_eq!(id.name(), "hook");
        assert_eq!(id.kind(), "Microsoft.ContainerRegistry/registries/webhooks");
        assert_eq!(
            ResourceId::registry("S", "G", "reg").child("webhooks", "hook"),
            id
        );
    }

    #[test]
    fn compares_without_regard_to_case() {
        let other: ResourceId = ID
            .replace("resourceGroups", "RESOURCEgroups")
            .parse()
            .unwrap();
        assert_eq!(other.key(), ID.parse::<ResourceId>().unwrap().key());
    }

    #[test]
    fn refuses_what_is_no_id() {
        for bad in [
            "",
            "/",
            "subscriptions/S",
            "/subscriptions/S/resourceGroups/G",
            "/subscriptions/S/resourceGroups/G/providers/N",
            "/subscriptions/S/resourceGroups/G/providers/N/type",
            "/subscriptions//resourceGroups/G/providers/N/type/name",
            "/subscriptions/S/resourceGroups/G/providers/N/type/name/",
        ] {
            assert!(bad.parse::<ResourceId>().is_err(), "{bad}");
        }
    }
}
