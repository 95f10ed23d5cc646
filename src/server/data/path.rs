//! Paths as they were sent: percent signs, and slashes too many at the front.

/// The path with percent signs resolved and one slash in front; `None` if that gives no text.
pub(super) fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len() + 1);
    bytes.push(b'/');
    let mut rest = path.trim_start_matches('/').bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            byte => byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn resolves_percent_signs_once() {
        for (path, expected) in [
            ("/v2/a%2Fb/tags/list", Some("/v2/a/b/tags/list")),
            ("//v2/", Some("/v2/")),
            ("/v2/a%252Fb", Some("/v2/a%2Fb")),
            ("/v2/sha256%3aab", Some("/v2/sha256:ab")),
            ("/v2/%", None),
            ("/v2/%f", None),
            ("/v2/%+1", None),
            ("/v2/%ff", None),
        ] {
            assert_eq!(decoded(path).as_deref(), expected, "{path}");
        }
    }
}
