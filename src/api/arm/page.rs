//! One page of a list.

use serde::{Deserialize, Serialize};

/// `{"value": […], "nextLink": "…"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items of this page.
    pub value: Vec<T>,
    /// The absolute address of the next page, if there is one.
    #[serde(default, rename = "nextLink", skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
}
