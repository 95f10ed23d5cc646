//! What a person can do about a registry's refusal whose own words leave that open.

use acr_api::auth::{Action, Scope};
use acr_api::oci::ErrorCode;
use acr_auth::exchange;
use acr_client::registry::Refusal;
use acr_http::StatusCode;

const LOCKS: &str = "A lock forbids it: that of a tag, of a manifest or of their whole repository. `acr repository show` with --image or --repository shows each one's changeableAttributes, `acr repository update` changes them, as with --write-enabled true --delete-enabled true.";

/// What to do, one sentence or two.
pub(super) fn advice(refusal: &Refusal) -> Option<String> {
    if !refusal.missing.is_empty() {
        return Some(of_rights(&refusal.missing));
    }
    let code = refusal.code.as_ref()?;
    let advice = match (refusal.status, code) {
        (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::RegistryDisallowedOperation) => LOCKS,
        (StatusCode::FORBIDDEN, _)
            if exchange::keeps_network_out(code.as_str(), &refusal.message) =>
        {
            exchange::NETWORK_ADVICE
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

/// How a login that was taken comes by what it lacks.
fn of_rights(missing: &[Scope]) -> String {
    let rules: Vec<String> = missing.iter().filter_map(rule).collect();
    let option = match rules.is_empty() {
        true => String::new(),
        false => format!(
            ", as with `acr scope-map update -r REGISTRY -n SCOPE_MAP {}`",
            rules.join(" ")
        ),
    };
    format!(
        "The password is not the reason. A token gets its rights from its scope map{option}; an identity gets them from its roles."
    )
}

/// The option that adds a right to a scope map, which has words of its own for rights.
fn rule(scope: &Scope) -> Option<String> {
    let words: Vec<&str> = scope.actions.iter().filter_map(word).collect();
    let name = &scope.name;
    (!words.is_empty()).then(|| format!("--add-repository {name} {}", words.join(" ")))
}

fn word(action: &Action) -> Option<&'static str> {
    Some(match action {
        Action::Pull => "content/read",
        Action::Push => "content/write",
        Action::Delete => "content/delete",
        Action::MetadataRead => "metadata/read",
        Action::MetadataWrite => "metadata/write",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::of_rights;
    use acr_api::auth::Scope;

    fn told(scopes: &str) -> String {
        of_rights(&Scope::parse_list(scopes).unwrap())
    }

    #[test]
    fn what_is_missing_is_told_in_the_words_of_scope_maps() {
        let told_of_push = told("repository:team/app:pull,push");
        let option = "-n SCOPE_MAP --add-repository team/app content/read content/write`";
        assert!(told_of_push.contains(option), "{told_of_push}");
        let told_of_two = told("repository:a:delete repository:b:metadata_read");
        let options = "--add-repository a content/delete --add-repository b metadata/read`";
        assert!(told_of_two.contains(options), "{told_of_two}");
    }

    #[test]
    fn what_no_scope_map_gives_is_not_promised() {
        let told = told("registry:catalog:*");
        assert!(!told.contains("--add-repository"), "{told}");
    }
}
