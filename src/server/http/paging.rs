//! Pages of lists: the next one is named by the last key of this one, so that it costs the same
//! wherever it is.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::domain::Error;

/// The key after which the page of a token begins.
pub(crate) fn after(skip_token: Option<&str>) -> Result<Option<String>, Error> {
    let Some(token) = skip_token else {
        return Ok(None);
    };
    URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map(Some)
        .ok_or_else(|| {
            Error::invalid(
                "InvalidSkipToken",
                "The value of $skipToken is no token of this service.",
            )
        })
}

/// The address of the next page: this one's, with another token.
pub(crate) fn next_link(
    origin: &str,
    path: &str,
    query: &[(String, String)],
    last_key: &str,
) -> String {
    let kept = query
        .iter()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("$skipToken"));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("$skipToken", &URL_SAFE_NO_PAD.encode(last_key))
        .finish();
    format!("{origin}{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::{after, next_link};

    #[test]
    fn tokens_come_back_as_the_key() {
        let query = [
            ("api-version".to_owned(), "1".to_owned()),
            ("$skiptoken".to_owned(), "old".to_owned()),
        ];
        let link = next_link("https://h", "/p", &query, "/a/ü");
        let token = link.split_once("skipToken=").unwrap().1;
        assert_eq!(after(Some(token)).unwrap().as_deref(), Some("/a/ü"));
        assert!(link.starts_with("https://h/p?api-version=1&") && !link.contains("old"));
        assert!(after(Some("%%%")).is_err());
    }
}
