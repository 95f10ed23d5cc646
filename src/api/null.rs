//! Members that some writers send as `null` when they are empty.

use serde::{Deserialize, Deserializer};

/// Reads `null` as the default: Go writes an empty slice or map that was never made as `null`.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Keeps `null` apart from an absent member: the first is `Some(Value::Null)`.
pub(crate) fn null_as_value<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
