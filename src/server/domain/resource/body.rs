//! Reads request bodies: wrong types are refused by the name of the member.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::domain::Error;

/// The longest tag name and tag value, and the most tags, that ARM takes.
const MOST_TAGS: usize = 50;
const LONGEST_TAG_NAME: usize = 512;
const LONGEST_TAG_VALUE: usize = 256;

/// Reads a JSON value as a type; unknown members are dropped.
pub fn decode<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Error::invalid(
            "InvalidRequestContent",
            format!(
                "The request content was invalid and could not be deserialized: '{}' at '{path}'.",
                error.inner()
            ),
        )
        .with_target(path)
    })
}

/// A region as the service writes it: lower case, without spaces.
pub fn location(given: &str) -> Result<String, Error> {
    let region: String = given
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let is_valid = (1..=60).contains(&region.len())
        && region
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_valid {
        Ok(region)
    } else {
        Err(Error::invalid(
            "LocationNotAvailableForResourceType",
            "The provided location is not a region name: letters and digits, at most 60.",
        )
        .with_target("location"))
    }
}

/// Checks tags as ARM does; null values count as absent.
pub fn tags(given: Option<Map<String, Value>>) -> Result<Map<String, Value>, Error> {
    let refuse = |message: String| Err(Error::invalid("InvalidTags", message).with_target("tags"));
    let mut tags = Map::new();
    for (name, value) in given.unwrap_or_default() {
        let text = match value {
            Value::String(text) => text,
            Value::Null => continue,
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => return refuse(format!("The value of the tag '{name}' must be a string.")),
        };
        let is_bad = name.is_empty()
            || name.chars().count() > LONGEST_TAG_NAME
            || name.contains(['<', '>', '%', '&', '\\', '?', '/']);
        if is_bad {
            return refuse(format!(
                "The tag name '{}' is invalid: 1 to {LONGEST_TAG_NAME} characters without <>%&\\?/.",
                name.chars().take(64).collect::<String>()
            ));
        }
        if text.chars().count() > LONGEST_TAG_VALUE {
            return refuse(format!(
                "The value of the tag '{name}' is longer than {LONGEST_TAG_VALUE} characters."
            ));
        }
        tags.insert(name, Value::String(text));
    }
    if tags.len() > MOST_TAGS {
        return refuse(format!("A resource can have at most {MOST_TAGS} tags."));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::{decode, location, tags};
    use acr_api::arm::Registry;
    use serde_json::{Map, Value, json};

    #[test]
    fn names_the_member_of_a_wrong_type() {
        let error =
            decode::<Registry>(json!({"properties": {"adminUserEnabled": "yes"}})).unwrap_err();
        assert_eq!(error.target(), Some("properties.adminUserEnabled"));
        assert!(error.message().contains("adminUserEnabled"), "{error}");
    }

    #[test]
    fn normalises_regions() {
        assert_eq!(location("East US 2").unwrap(), "eastus2");
        for bad in ["", "  ", "a/b", "ü", &"x".repeat(61)] {
            assert!(location(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn bounds_tags() {
        let many: Map<String, Value> = (0..51).map(|n| (n.to_string(), json!(""))).collect();
        let bad = [
            many,
            Map::from_iter([("a<b".to_owned(), json!(""))]),
            Map::from_iter([("a".to_owned(), json!("x".repeat(257)))]),
            Map::from_iter([("a".to_owned(), json!({}))]),
        ];
        for tags_given in bad {
            assert_eq!(tags(Some(tags_given)).unwrap_err().code(), "InvalidTags");
        }
        let kept = tags(Some(Map::from_iter([
            ("a".to_owned(), Value::Null),
            ("b".to_owned(), json!("1")),
        ])));
        assert_eq!(Value::Object(kept.unwrap()), json!({"b": "1"}));
    }
}
