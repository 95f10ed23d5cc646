//! The address of a server elsewhere, which is sent a secret: only what can keep it is taken.

use crate::cli::error::CliError;
use acr_http::is_loopback;
use url::Url;

/// Refuses what is no server's address, or would carry the secret in clear over a network.
pub(crate) fn check_endpoint(text: &str) -> Result<(), CliError> {
    let refuse = |why: &str| {
        CliError::usage(format!("--endpoint: {text:?} {why}")).hint(
            "An endpoint is https://, a host and perhaps a port, such as https://registry.example:5480.",
        )
    };
    let url = Url::parse(text).map_err(|error| refuse(&format!("is no address: {error}")))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(refuse("would send the secret in clear")),
        _ => return Err(refuse("begins neither with https:// nor with http://")),
    }
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    match is_bare && is_anonymous {
        true => Ok(()),
        false => Err(refuse("is more than an address")),
    }
}

#[cfg(test)]
mod tests {
    use super::check_endpoint;

    #[test]
    fn a_secret_goes_nowhere_in_clear() {
        for endpoint in [
            "https://registry.example",
            "https://registry.example:5480/",
            "https://203.0.113.7",
            "http://localhost:5480",
            "http://127.0.0.1:5480",
            "http://[::1]:5480",
        ] {
            check_endpoint(endpoint).unwrap();
        }
        for endpoint in [
            "",
            "not a url",
            "localhost:5480",
            "registry.example",
            "ftp://registry.example",
            "http://203.0.113.7",
            "http://localhost.example:5480",
            "https://",
            "https://me:word@registry.example",
            "https://registry.example/v2/",
            "https://registry.example?x",
        ] {
            let error = check_endpoint(endpoint).unwrap_err().lines().join(" ");
            assert!(error.contains("--endpoint: "), "{error}");
        }
    }
}
