//! Times and authorship as the service writes them.

use acr_api::arm::SystemData;
use chrono::{DateTime, Timelike, Utc};

use super::caller::Caller;

/// `2026-09-10T09:00:12.1234567+00:00`: up to seven digits, zeros at the end cut.
pub fn with_offset(time: DateTime<Utc>) -> String {
    let ticks = time.nanosecond() % 1_000_000_000 / 100;
    let seconds = time.format("%Y-%m-%dT%H:%M:%S");
    if ticks == 0 {
        return format!("{seconds}+00:00");
    }
    let fraction = format!("{ticks:07}");
    format!("{seconds}.{}+00:00", fraction.trim_end_matches('0'))
}

/// `2026-09-10T09:00:12.1234567Z`: always seven digits.
pub fn with_zulu(time: DateTime<Utc>) -> String {
    let ticks = time.nanosecond() % 1_000_000_000 / 100;
    format!("{}.{ticks:07}Z", time.format("%Y-%m-%dT%H:%M:%S"))
}

/// Who made a resource and who changed it last, after this write.
pub fn system_data(before: Option<&SystemData>, caller: &Caller, now: DateTime<Utc>) -> SystemData {
    let by = Some(caller.name.clone());
    let kind = Some(caller.kind.as_str().to_owned());
    let at = Some(with_offset(now));
    let (created_by, created_by_type, created_at) = match before {
        Some(before) => (
            before.created_by.clone(),
            before.created_by_type.clone(),
            before.created_at.clone(),
        ),
        None => (by.clone(), kind.clone(), at.clone()),
    };
    SystemData {
        created_by,
        created_by_type,
        created_at,
        last_modified_by: by,
        last_modified_by_type: kind,
        last_modified_at: at,
    }
}

#[cfg(test)]
mod tests {
    use super::{with_offset, with_zulu};

    #[test]
    fn cuts_zeros_only_before_an_offset() {
        for (time, offset, zulu) in [
            (
                "2026-09-10T09:00:12Z",
                "2026-09-10T09:00:12+00:00",
                "2026-09-10T09:00:12.0000000Z",
            ),
            (
                "2026-09-10T09:00:12.120Z",
                "2026-09-10T09:00:12.12+00:00",
                "2026-09-10T09:00:12.1200000Z",
            ),
            (
                "2026-09-10T09:00:12.123456789Z",
                "2026-09-10T09:00:12.1234567+00:00",
                "2026-09-10T09:00:12.1234567Z",
            ),
        ] {
            let parsed = time.parse().unwrap();
            assert_eq!(with_offset(parsed), offset);
            assert_eq!(with_zulu(parsed), zulu);
        }
    }
}
