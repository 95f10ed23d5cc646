//! Path style: where the host does not tell the registry, the names of repositories begin with it.

use acr_api::auth::{ResourceKind, Scope};

/// The registry that scopes are about: the one of the first repository.
pub(crate) fn registry_of(scopes: &[Scope]) -> Option<&str> {
    let first = scopes.iter().find(|scope| is_of_repository(scope))?;
    first.name.split('/').next()
}

/// The scopes as the registry itself words them, without those about other registries.
pub(crate) fn inside(registry: &str, scopes: Vec<Scope>) -> Vec<Scope> {
    let scopes = scopes.into_iter();
    scopes
        .filter_map(|scope| {
            if !is_of_repository(&scope) {
                return Some(scope);
            }
            let (label, name) = scope.name.split_once('/')?;
            let is_inside = label.eq_ignore_ascii_case(registry);
            let name = name.to_owned();
            is_inside.then_some(Scope { name, ..scope })
        })
        .collect()
}

/// The scopes of a registry as its clients word them in path style.
pub(super) fn outside(registry: &str, mut scopes: Vec<Scope>) -> Vec<Scope> {
    let repositories = scopes.iter_mut().filter(|scope| is_of_repository(scope));
    repositories.for_each(|scope| scope.name.insert_str(0, &format!("{registry}/")));
    scopes
}

fn is_of_repository(scope: &Scope) -> bool {
    scope.kind == ResourceKind::Repository
}

#[cfg(test)]
mod tests {
    use super::{inside, outside, registry_of};
    use acr_api::auth::Scope;

    #[test]
    fn the_first_repository_tells_the_registry() {
        for (scopes, expected, left) in [
            ("", None, ""),
            ("registry:catalog:*", None, "registry:catalog:*"),
            ("repository:team:pull", Some("team"), ""),
            (
                "registry:catalog:* repository:Team/a/b:pull,push repository:other/c:pull repository:team/d:pull",
                Some("Team"),
                "registry:catalog:* repository:a/b:pull,push repository:d:pull",
            ),
            ("repository:/a:pull", Some(""), "repository:a:pull"),
        ] {
            let scopes = Scope::parse_list(scopes).unwrap();
            assert_eq!(registry_of(&scopes), expected);
            let label = expected.unwrap_or("none").to_owned();
            assert_eq!(inside(&label, scopes), Scope::parse_list(left).unwrap());
        }
    }
    #[test]
    fn what_goes_out_comes_in_again() {
        let own = Scope::parse_list("registry:catalog:* repository:a/b:pull,push").unwrap();
        let shown = outside("team", own.clone());
        let text = "registry:catalog:* repository:team/a/b:pull,push";
        assert_eq!(shown, Scope::parse_list(text).unwrap());
        assert_eq!(inside("team", shown), own);
    }
}
