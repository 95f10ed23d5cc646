//! Addresses made fit for a log or an error message.

use url::Url;

/// Query parameters whose values are credentials.
const SECRET_PARAMETERS: &[&str] = &[
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "password",
    "refresh_token",
    "sig",
    "token",
];

/// The address without user information and with the values of secret parameters starred out.
pub fn redact_url(url: &Url) -> String {
    let mut shown = url.clone();
    if !shown.username().is_empty() || shown.password().is_some() {
        // Both fail only for addresses that cannot carry user information, and those carry none.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
    }
    if url.query().is_some_and(has_secret) {
        let pairs: Vec<(String, String)> = url
            .query_pairs()
            .map(|(name, value)| {
                let value = if is_secret(&name) {
                    "***".into()
                } else {
                    value
                };
                (name.into_owned(), value.into_owned())
            })
            .collect();
        shown.query_pairs_mut().clear().extend_pairs(pairs);
    }
    shown.into()
}

fn has_secret(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| is_secret(&name))
}

fn is_secret(name: &str) -> bool {
    SECRET_PARAMETERS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

#[cfg(test)]
mod tests {
    use super::redact_url;

    fn shown(url: &str) -> String {
        redact_url(&url.parse().unwrap())
    }

    #[test]
    fn hides_user_information_and_signatures() {
        assert_eq!(
            shown("https://me:pw@host/x?sv=1&SIG=abc&se=2"),
            "https://host/x?sv=1&SIG=***&se=2"
        );
    }

    #[test]
    fn leaves_harmless_addresses_as_they_are() {
        let url = "https://host/x?api-version=2026-09-01-preview&$filter=a%20eq%20%27b%27";
        assert_eq!(shown(url), url);
    }
}
