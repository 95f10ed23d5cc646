//! Which hosts are registries of ours, and may therefore see our Azure tokens.

use crate::cloud::Cloud;
use std::fmt;
use std::sync::Arc;

type Predicate = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The login servers of clouds and of whatever else the caller vouches for.
///
/// A token for registries opens every registry its owner may use, so that a host which is handed one
/// could act in the owner's name elsewhere. Hosts outside this set get none.
#[derive(Clone)]
pub struct KnownHosts {
    suffixes: Vec<String>,
    others: Vec<Predicate>,
}

impl KnownHosts {
    /// The login servers of these clouds.
    pub fn of_clouds<'a>(clouds: impl IntoIterator<Item = &'a Cloud>) -> Self {
        let suffixes = clouds
            .into_iter()
            .filter_map(|cloud| cloud.registry_suffix.as_deref())
            .map(|suffix| format!(".{}", suffix.trim_start_matches('.').to_lowercase()))
            .filter(|suffix| suffix.len() > 1)
            .collect();
        Self {
            suffixes,
            others: Vec::new(),
        }
    }

    /// These, and the hosts that `is_known` says yes to; it is given `host` or `host:port` in lower case.
    pub fn and(mut self, is_known: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.others.push(Arc::new(is_known));
        self
    }

    /// Whether a host, with its port if it has one, is a registry of ours.
    pub fn contains(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let host = host.strip_suffix(":443").unwrap_or(&host);
        let is_named = |suffix: &String| host.strip_suffix(suffix.as_str()).is_some_and(is_name);
        self.suffixes.iter().any(is_named) || self.others.iter().any(|knows| knows(host))
    }
}

impl fmt::Debug for KnownHosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownHosts")
            .field("suffixes", &self.suffixes)
            .field("others", &self.others.len())
            .finish()
    }
}

/// What may stand before a suffix: the name of a registry, and for some endpoints a region.
fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clouds_and_the_caller_say_what_is_known() {
        let mut local = Cloud::public();
        local.registry_suffix = Some("Localhost:5480".to_owned());
        let clouds: Vec<Cloud> = Cloud::built_in().into_iter().chain([local]).collect();
        let known = KnownHosts::of_clouds(&clouds).and(|host| host == "registry.example:5000");
        for host in [
            "contoso.azurecr.io",
            "Contoso.AzureCR.io:443",
            "contoso-a1b2.azurecr.us",
            "contoso.westeurope.geo.azurecr.io",
            "contoso.azurecr.sovcloud-azure.fr",
            "foo.localhost:5480",
            "registry.example:5000",
        ] {
            assert!(known.contains(host), "{host}");
        }
        for host in [
            "",
            ".azurecr.io",
            "azurecr.io",
            "evilazurecr.io",
            "contoso.azurecr.io.evil.example",
            "contoso.azurecr.io:8443",
            "evil.example/contoso.azurecr.io",
            "evil.example@contoso.azurecr.io",
            "evil.example#.azurecr.io",
            "foo.localhost:5481",
            "registry.example",
            "docker.io",
        ] {
            assert!(!known.contains(host), "{host}");
        }
    }

    #[test]
    fn a_cloud_without_a_suffix_knows_nothing() {
        let mut cloud = Cloud::public();
        for suffix in [None, Some(String::new()), Some(".".to_owned())] {
            cloud.registry_suffix = suffix;
            assert!(!KnownHosts::of_clouds([&cloud]).contains("a.b"));
        }
    }
}
