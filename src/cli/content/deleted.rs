//! When what was deleted will be gone.

use crate::cli::ctx::Ctx;
use crate::cli::data_plane::Entrance;
use crate::cli::error::CliError;
use crate::cli::registry::policy;
use chrono::{Days, NaiveDate};
use serde_json::Value;

/// Adds to deleted tags or manifests until when they can be restored, which only the registry's
/// policy tells.
pub(crate) fn add_expiry(
    ctx: &Ctx,
    entrance: &Entrance,
    entries: &mut [Value],
) -> Result<(), CliError> {
    let registry = match &entrance.known {
        Ok(registry) => registry,
        Err(why) => {
            ctx.console.warn(&format!(
                "Until when they can be restored is not known: {}",
                why.message()
            ));
            return Ok(());
        }
    };
    let policy = policy(registry, "softDeletePolicy");
    let days = policy["retentionDays"].as_u64().ok_or_else(|| {
        CliError::failed(format!(
            "The registry {} does not tell for how many days it keeps what is deleted.",
            entrance.name
        ))
    })?;
    for entry in entries {
        let deleted_at = entry["deletedAt"].as_str();
        if let Some(expiry) = deleted_at.and_then(|at| later(at, days)) {
            entry["expiresAfter"] = expiry.into();
        }
    }
    Ok(())
}

/// The same time of day, so many days later.
fn later(time: &str, days: u64) -> Option<String> {
    let (date, time) = time.split_once('T')?;
    let date: NaiveDate = date.parse().ok()?;
    let date = date.checked_add_days(Days::new(days))?;
    Some(format!("{date}T{time}"))
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn days_are_added_and_the_time_of_day_stays_to_the_last_digit() {
        assert_eq!(
            later("2022-12-27T16:52:38.2146195Z", 7).as_deref(),
            Some("2023-01-03T16:52:38.2146195Z")
        );
        assert_eq!(later("yesterday", 7), None);
        assert_eq!(later("T", 7), None);
        assert_eq!(later("2022-12-27T0", u64::MAX), None);
    }
}
