//! Slows down whoever tries secrets: wrong ones are counted per name for a minute.

use std::{collections::HashMap, sync::Mutex};

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong secrets for one name before the answer is "too many".
const MOST_WRONG: u32 = 10;
/// Names that are remembered at once.
const MOST_NAMES: usize = 10_000;
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// The wrong secrets of the last minute. In memory only: each process counts for itself.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, Wrong>>);

struct Wrong {
    since: DateTime<Utc>,
    count: u32,
}

impl Throttle {
    /// Counts a wrong secret.
    pub(crate) fn count(&self, name: &str, now: DateTime<Utc>) {
        let Ok(mut names) = self.0.lock() else { return };
        if names.len() >= MOST_NAMES {
            names.retain(|_, wrong| now - wrong.since < WINDOW);
        }
        if names.len() >= MOST_NAMES && !names.contains_key(name) {
            // Whoever fills the memory with names must not go uncounted on the next one.
            let oldest = names.iter().min_by_key(|(_, wrong)| wrong.since);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                names.remove(&oldest);
            }
        }
        let wrong = names.entry(name.to_owned()).or_insert(Wrong {
            since: now,
            count: 0,
        });
        if now - wrong.since >= WINDOW {
            *wrong = Wrong {
                since: now,
                count: 0,
            };
        }
        wrong.count = wrong.count.saturating_add(1);
    }

    /// Whether this name had too many wrong secrets in the last minute.
    pub(crate) fn is_over(&self, name: &str, now: DateTime<Utc>) -> bool {
        let Ok(names) = self.0.lock() else {
            return false;
        };
        names
            .get(name)
            .is_some_and(|wrong| now - wrong.since < WINDOW && wrong.count >= MOST_WRONG)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_NAMES, MOST_WRONG, Throttle, WINDOW};

    #[test]
    fn forgets_after_a_minute_and_keeps_names_apart() {
        let throttle = Throttle::default();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        for _ in 0..MOST_WRONG {
            assert!(!throttle.is_over("a", now));
            throttle.count("a", now);
        }
        assert!(throttle.is_over("a", now));
        assert!(!throttle.is_over("b", now));
        assert!(!throttle.is_over("a", now + WINDOW));
    }
    #[test]
    fn many_names_hide_none() {
        let throttle = Throttle::default();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        for number in 0..MOST_NAMES {
            throttle.count(&number.to_string(), now);
        }
        for _ in 0..MOST_WRONG {
            throttle.count("victim", now);
        }
        assert!(throttle.is_over("victim", now));
        assert_eq!(throttle.0.lock().unwrap().len(), MOST_NAMES);
    }
}
