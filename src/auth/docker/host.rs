//! The many ways in which files and programs write the address of a registry.

/// Where Docker files the credentials of Docker Hub.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";
const DOCKER_HUB_HOSTS: &[&str] = &["docker.io", "index.docker.io", "registry-1.docker.io"];

/// The host, with its port if it has one, of a key such as `host:5000` or `https://host/v1/`.
pub(super) fn host_of(key: &str) -> String {
    let key = key.trim();
    let rest = key.split_once("://").map_or(key, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.to_lowercase()
}

/// What Docker calls a host when it asks its files and programs.
pub(super) fn docker_key(host: &str) -> &str {
    match DOCKER_HUB_HOSTS.contains(&host) {
        true => DOCKER_HUB,
        false => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_names_its_host() {
        for (key, host) in [
            ("contoso.azurecr.io", "contoso.azurecr.io"),
            ("https://Contoso.azurecr.io", "contoso.azurecr.io"),
            ("https://contoso.azurecr.io/v1/", "contoso.azurecr.io"),
            ("http://localhost:5480/v2/", "localhost:5480"),
            ("localhost:5480/foo/app", "localhost:5480"),
            (" contoso.azurecr.io\r\n", "contoso.azurecr.io"),
            ("[::1]:5000/x", "[::1]:5000"),
            ("https://", ""),
            ("", ""),
        ] {
            assert_eq!(host_of(key), host, "{key}");
        }
        assert_eq!(docker_key("docker.io"), "https://index.docker.io/v1/");
        assert_eq!(docker_key("contoso.azurecr.io"), "contoso.azurecr.io");
    }
}
