//! Lists of names: `_catalog` and `tags/list`.

use serde::{Deserialize, Serialize};

use crate::null::null_as_default;

/// The answer of `/v2/_catalog` and of `/acr/v1/_catalog`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryList {
    /// Names, sorted.
    #[serde(deserialize_with = "null_as_default")]
    pub repositories: Vec<String>,
}

/// The answer of `/v2/NAME/tags/list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagList {
    /// The repository.
    pub name: String,
    /// Tags, sorted.
    #[serde(deserialize_with = "null_as_default")]
    pub tags: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{RepositoryList, TagList};

    #[test]
    fn are_written_in_the_order_of_the_specification() {
        let catalog = r#"{"repositories":["a","b/c"]}"#;
        let list: RepositoryList = serde_json::from_str(catalog).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), catalog);
        let tags = r#"{"name":"a","tags":["v1","v2"]}"#;
        let list: TagList = serde_json::from_str(tags).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), tags);
    }

    #[test]
    fn an_empty_list_may_come_as_null_and_is_written_as_a_list() {
        let list: TagList = serde_json::from_str(r#"{"name":"a","tags":null}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&list).unwrap(),
            r#"{"name":"a","tags":[]}"#
        );
    }
}
