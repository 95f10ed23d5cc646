//! Takes the path of a management request apart: scope, namespace, types and names.

use acr_api::arm::ResourceId;

use crate::domain::Error;

/// The namespace of what lies outside all providers.
const RESOURCES: &str = "Microsoft.Resources";
const MOST_SEGMENTS: usize = 40;
const LONGEST_SEGMENT: usize = 512;

/// A path: `{scope}/providers/{namespace}/{type}/{name}/…`, or pairs of type and name alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    /// What the provider's part hangs on; empty for the tenant.
    pub(super) scope: String,
    /// The provider.
    pub(super) namespace: String,
    /// The types, outermost first.
    pub(super) types: Vec<String>,
    /// Their names: as many, or one fewer when the path ends with a type or an action.
    pub(super) names: Vec<String>,
}

impl Route {
    /// Reads a path as it was sent.
    pub(super) fn parse(path: &str) -> Result<Self, Error> {
        let segments: Vec<String> = path
            .trim_matches('/')
            .split('/')
            .map(decode)
            .collect::<Option<_>>()
            .filter(|segments: &Vec<String>| segments.len() <= MOST_SEGMENTS)
            .ok_or_else(|| refuse(path))?;
        let provider = segments
            .iter()
            .rposition(|segment| segment.eq_ignore_ascii_case("providers"))
            .filter(|at| is_provider(&segments[at + 1..]));
        let (scope, namespace, rest) = match provider {
            Some(at) => (
                &segments[..at],
                segments[at + 1].clone(),
                &segments[at + 2..],
            ),
            None => (&[][..], RESOURCES.to_owned(), &segments[..]),
        };
        let every_other = |offset| rest.iter().skip(offset).step_by(2).cloned().collect();
        Ok(Self {
            scope: scope
                .iter()
                .fold(String::new(), |text, segment| text + "/" + segment),
            namespace,
            types: every_other(0),
            names: every_other(1),
        })
    }

    /// The full type of the path, or of all but its last word.
    pub(super) fn kind(&self, types: usize) -> String {
        self.types[..types]
            .iter()
            .fold(self.namespace.clone(), |text, word| text + "/" + word)
    }

    /// The id that the path names, without an action at its end.
    pub(super) fn item(&self) -> String {
        let pairs = self.types.iter().zip(&self.names);
        let head = match (self.namespace.as_str(), self.scope.as_str()) {
            (RESOURCES, "") => String::new(),
            (namespace, scope) => format!("{scope}/providers/{namespace}"),
        };
        pairs.fold(head, |text, (kind, name)| format!("{text}/{kind}/{name}"))
    }

    /// The id as that of a resource below a group.
    pub(super) fn resource_id(&self) -> Result<ResourceId, Error> {
        let text = self.item();
        text.parse().map_err(|_| refuse(&text))
    }

    /// The name of the item.
    pub(super) fn name(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }

    /// The name that follows a type in the scope or in the path itself.
    pub(super) fn named(&self, kind: &str) -> Option<String> {
        let own = self.types.iter().zip(&self.names);
        if let Some((_, name)) = own
            .into_iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(kind))
        {
            return Some(name.clone());
        }
        let mut words = self.scope.split('/');
        words.find(|word| word.eq_ignore_ascii_case(kind))?;
        words.next().map(str::to_owned)
    }
}

/// Whether what follows `providers` is a namespace with something below it; `providers/NAME` and
/// `providers/NAME/register` are about the provider itself.
fn is_provider(rest: &[String]) -> bool {
    match rest {
        [] | [_] => false,
        [_, word] => !["register", "unregister"]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(word)),
        _ => true,
    }
}

fn decode(segment: &str) -> Option<String> {
    let bytes: Vec<u8> = percent_decode(segment)?;
    let text = String::from_utf8(bytes).ok()?;
    let is_well_formed = (1..=LONGEST_SEGMENT).contains(&text.len())
        && !text.contains(|c: char| c.is_control() || matches!(c, '/' | '\\' | '?' | '#'));
    is_well_formed.then_some(text)
}

fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        decoded.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(decoded)
}

fn refuse(path: &str) -> Error {
    Error::not_found(
        "InvalidRequestUri",
        format!(
            "The path '{}' names no resource of this service.",
            path.chars().take(300).collect::<String>()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn takes_paths_apart() {
        let group = "/subscriptions/s/resourceGroups/g";
        let registry = format!("{group}/providers/Microsoft.ContainerRegistry/registries/r");
        for (path, scope, kind, names, item) in [
            (
                "/subscriptions",
                "",
                "Microsoft.Resources/subscriptions",
                0,
                "",
            ),
            (
                group,
                "",
                "Microsoft.Resources/subscriptions/resourceGroups",
                2,
                group,
            ),
            (
                "/subscriptions/s/providers/N",
                "",
                "Microsoft.Resources/subscriptions/providers",
                2,
                "/subscriptions/s/providers/N",
            ),
            (
                "/subscriptions/s/providers/N/register",
                "",
                "Microsoft.Resources/subscriptions/providers/register",
                2,
                "/subscriptions/s/providers/N",
            ),
            (
                "/providers/N/operations",
                "",
                "N/operations",
                0,
                "/providers/N",
            ),
            (
                &registry,
                group,
                "Microsoft.ContainerRegistry/registries",
                1,
                &registry,
            ),
            (
                &format!("{registry}/listUsages"),
                group,
                "Microsoft.ContainerRegistry/registries/listUsages",
                1,
                &registry,
            ),
            (
                &format!("{registry}/providers/A/roles/x"),
                &registry,
                "A/roles",
                1,
                &format!("{registry}/providers/A/roles/x"),
            ),
        ] {
            let route = Route::parse(path).unwrap();
            assert_eq!(route.scope, scope, "{path}");
            assert_eq!(route.kind(route.types.len()), kind, "{path}");
            assert_eq!(route.names.len(), names, "{path}");
            assert_eq!(route.item(), item, "{path}");
        }
    }

    #[test]
    fn refuses_broken_paths() {
        for bad in ["/a//b", "/a/%zz", "/a/%00", "/a/%2f", "/", &"/a".repeat(41)] {
            assert!(Route::parse(bad).is_err(), "{bad}");
        }
        let decoded = Route::parse("/subscriptions/a%20b").unwrap();
        assert_eq!(decoded.name(), "a b");
    }

    #[test]
    fn finds_names_in_scope_and_path() {
        let route = Route::parse("/subscriptions/s/resourceGroups/g/providers/N/t/n").unwrap();
        assert_eq!(route.named("RESOURCEGROUPS").as_deref(), Some("g"));
        assert_eq!(route.named("t").as_deref(), Some("n"));
        assert_eq!(route.named("x"), None);
    }
}
