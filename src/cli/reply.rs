//! What a command answers.

use super::error::CliError;
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
        /// Why the command has failed all the same.
        failure: Option<CliError>,
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
            failure: None,
        }
    }

    /// Gives the data the columns of its table.
    #[must_use]
    pub(crate) fn table(self, columns: &'static [Column]) -> Self {
        match self {
            Self::Value { value, failure, .. } => Self::Value {
                value,
                columns: Some(columns),
                failure,
            },
            other => other,
        }
    }

    /// Lets the command fail when its data is out: a part of what was asked was not done.
    #[must_use]
    pub(crate) fn failing(self, why: Option<CliError>) -> Self {
        match self {
            Self::Value { value, columns, .. } => Self::Value {
                value,
                columns,
                failure: why,
            },
            other => other,
        }
    }
}
