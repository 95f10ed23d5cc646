//! What is told of a service that asks to wait or does not answer: a person should not wonder why nothing happens.

use super::config::Settings;
use super::console::Console;
use acr_auth::Clock;
use acr_http::{Pause, Pauses, Reason};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Nobody notices a shorter one.
const LONGEST_UNNOTICED: Duration = Duration::from_secs(2);

/// Tells of the longer pauses on the console.
pub(super) fn on_console(settings: &Settings) -> Pauses {
    let console = Console::of(settings);
    let told = Told::new(settings.clock());
    Pauses::to(move |pause| {
        if let Some(message) = told.message(pause) {
            console.warn(&message);
        }
    })
}

/// The pauses that were told of, by host: what goes on side by side is held up by the same one.
struct Told {
    clock: Clock,
    ends: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl Told {
    fn new(clock: Clock) -> Self {
        Self {
            clock,
            ends: Mutex::default(),
        }
    }

    /// What to say of a pause, if it is worth a word.
    fn message(&self, pause: Pause<'_>) -> Option<String> {
        if pause.length <= LONGEST_UNNOTICED {
            return None;
        }
        let now = (self.clock)();
        let end = now + TimeDelta::from_std(pause.length).ok()?;
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        if ends.get(pause.host).is_some_and(|end| *end > now) {
            return None;
        }
        ends.insert(pause.host.to_owned(), end);
        let (host, end) = (pause.host, end.format("%H:%M:%S"));
        let seconds = pause.length.as_secs();
        Some(match pause.reason {
            Reason::Asked => format!("{host} asks to wait {seconds} s, trying again at {end} UTC."),
            Reason::Silent(past) => format!(
                "{host} has not answered for {} s, waiting until {end} UTC.",
                past.as_secs()
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Told;
    use acr_http::{Pause, Reason};
    use chrono::DateTime;
    use std::time::Duration;

    #[test]
    fn a_long_pause_is_told_once_for_each_host() {
        let told = Told::new(|| DateTime::from_timestamp(1_700_000_000, 0).unwrap());
        let pause = |host, seconds| {
            let length = Duration::from_secs(seconds);
            let reason = Reason::Asked;
            told.message(Pause {
                reason,
                host,
                length,
            })
        };
        assert_eq!(pause("a.azurecr.io", 2), None);
        assert_eq!(
            pause("a.azurecr.io", 12).unwrap(),
            "a.azurecr.io asks to wait 12 s, trying again at 22:13:32 UTC."
        );
        assert_eq!(pause("a.azurecr.io", 12), None);
        assert!(pause("b.azurecr.io", 3).is_some());
        let silence = told.message(Pause {
            reason: Reason::Silent(Duration::from_secs(10)),
            host: "c.azurecr.io",
            length: Duration::from_secs(20),
        });
        assert_eq!(
            silence.unwrap(),
            "c.azurecr.io has not answered for 10 s, waiting until 22:13:40 UTC."
        );
    }
}
