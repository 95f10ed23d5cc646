//! What a command answers.

use super::ui::table::Column;
use serde_json::Value;

/// The answer of a command; the frame queries and renders it.
#[derive(Debug)]
pub(crate) enum Reply {
    /// Nothing to say.
    None,
    /// Data, with the columns of its table if it has its own.
    Value {
        value: Value,
        columns: Option<&'static [Column]>,
    },
    /// Text that is to be used as it is, such as lines for a shell.
    Text(String),
}

impl Reply {
    /// Data.
    pub(crate) fn value(value: impl Into<Value>) -> Self {
        Self::Value {
            value: value.into(),
            columns: None,
        }
    }

    /// Gives the data the columns of its table.
    #[must_use]
    pub(crate) fn table(self, columns: &'static [Column]) -> Self {
        match self {
            Self::Value { value, .. } => Self::Value {
                value,
                columns: Some(columns),
            },
            other => other,
        }
    }
}
