//! What a collection name, a key and a body may be.

use crate::Error;

/// A collection and a key together must fit into one PostgreSQL index entry (2,704 bytes).
pub(super) const COLLECTION_BYTES: usize = 256;
pub(super) const KEY_BYTES: usize = 2 * 1024;
/// A text of 4 MiB fits in, also when every character of it has to be escaped with a second one.
pub(super) const BODY_BYTES: usize = 9 * 1024 * 1024;
/// `serde_json` reads no deeper than this, so a deeper body could be written but never read.
pub(super) const BODY_DEPTH: usize = 127;

/// Refuses names that one of the databases could not store.
pub(super) fn check_name(what: &'static str, name: &str, limit: usize) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::invalid(format!("{what}: it is empty")));
    }
    if name.contains('\0') {
        return Err(Error::invalid(format!("{what}: it holds a NUL character")));
    }
    check_size(what, name.len(), limit)
}

/// Refuses a JSON text that could not be stored or not be read again.
pub(super) fn check_body(json: &str) -> Result<(), Error> {
    check_size("body", json.len(), BODY_BYTES)?;
    if depth(json) > BODY_DEPTH {
        return Err(Error::invalid(format!(
            "body: it is nested deeper than {BODY_DEPTH} levels"
        )));
    }
    Ok(())
}

fn check_size(what: &'static str, bytes: usize, limit: usize) -> Result<(), Error> {
    if bytes > limit {
        return Err(Error::TooLarge { what, bytes, limit });
    }
    Ok(())
}

/// The deepest nesting of a well-formed JSON text.
fn depth(json: &str) -> usize {
    let (mut deepest, mut current) = (0_usize, 0_usize);
    let (mut is_string, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        if is_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => is_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => is_string = true,
            b'[' | b'{' => {
                current += 1;
                deepest = deepest.max(current);
            }
            b']' | b'}' => current = current.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(depth("1"), 0);
        assert_eq!(depth(r#""[[[{{{""#), 0);
        assert_eq!(depth(r#"{"a":[1,{"b\"[[[":[]}],"c\\":{}}"#), 4);
    }

    #[test]
    fn the_deepest_body_accepted_is_the_deepest_that_can_be_read() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        let deepest = nested(BODY_DEPTH);
        assert_eq!(check_body(&deepest), Ok(()));
        assert!(serde_json::from_str::<serde_json::Value>(&deepest).is_ok());
        let deeper = nested(BODY_DEPTH + 1);
        assert!(matches!(check_body(&deeper), Err(Error::Invalid { .. })));
        assert!(serde_json::from_str::<serde_json::Value>(&deeper).is_err());
    }
}
