//! Key ranges: what a prefix and a page mark mean in byte order.

use std::sync::LazyLock;

use super::limit::KEY_BYTES;

/// Sorts after every key that is short enough to be stored.
static AFTER_ALL: LazyLock<String> = LazyLock::new(|| {
    char::MAX
        .to_string()
        .repeat(KEY_BYTES / char::MAX.len_utf8() + 1)
});

/// The keys `lower ≤ key < upper`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) lower: String,
    pub(super) upper: String,
}

impl Range {
    /// All keys that start with `prefix`, or `None` if there can be none.
    pub(super) fn of_prefix(prefix: &str) -> Option<Self> {
        if prefix.contains('\0') {
            return None;
        }
        Some(Self {
            lower: prefix.to_owned(),
            upper: after_prefix(prefix),
        })
    }

    pub(super) fn holds(&self, key: &str) -> bool {
        *self.lower <= *key && *key < *self.upper
    }

    /// The part of the range that comes before the key `before`.
    pub(super) fn before(mut self, before: &str) -> Option<Self> {
        // Keys hold no NUL: what follows one in a page mark only tells that the key itself is before it.
        let bound = match before.split_once('\0') {
            Some((known, _)) => format!("{known}\u{1}"),
            None => before.to_owned(),
        };
        if bound < self.upper {
            self.upper = bound;
        }
        (self.lower < self.upper).then_some(self)
    }

    /// The part of the range that follows the key `after`.
    pub(super) fn after(mut self, after: &str) -> Option<Self> {
        // Keys hold no NUL, so nothing lies between a key and the same key with U+0001 behind it;
        // and whatever follows a NUL in a page mark does not matter either.
        let known = after.split('\0').next().unwrap_or_default();
        let next = format!("{known}\u{1}");
        if next > self.lower {
            self.lower = next;
        }
        (self.lower < self.upper).then_some(self)
    }
}

/// The least string above all strings with this prefix; UTF-8 sorts by code point, so the last character that can grow does.
fn after_prefix(prefix: &str) -> String {
    let kept = prefix.trim_end_matches(char::MAX);
    let mut upper = kept.to_owned();
    match upper.pop().and_then(next_char) {
        Some(next) => upper.push(next),
        None => upper.clone_from(&AFTER_ALL),
    }
    upper
}

fn next_char(char: char) -> Option<char> {
    (char..=char::MAX).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upper(prefix: &str) -> String {
        Range::of_prefix(prefix).unwrap().upper
    }

    #[test]
    fn upper_bound_is_the_next_prefix() {
        assert_eq!(upper("a"), "b");
        assert_eq!(upper("a/"), "a0");
        assert_eq!(upper("a\u{7f}"), "a\u{80}");
        assert_eq!(upper("\u{d7ff}"), "\u{e000}");
        assert_eq!(upper("a\u{10ffff}\u{10ffff}"), "b");
        assert_eq!(upper("\u{10ffff}"), *AFTER_ALL);
        assert_eq!(upper(""), *AFTER_ALL);
    }

    #[test]
    fn the_last_bound_is_above_the_greatest_key() {
        let greatest = char::MAX.to_string().repeat(KEY_BYTES / 4);
        assert_eq!(greatest.len(), KEY_BYTES);
        assert!(greatest < *AFTER_ALL);
    }

    #[test]
    fn a_page_mark_moves_the_lower_bound_only_upwards() {
        let range = Range::of_prefix("b").unwrap();
        assert_eq!(range.clone().after("a"), Some(range.clone()));
        assert_eq!(range.clone().after("b").unwrap().lower, "b\u{1}");
        assert_eq!(range.clone().after("bz").unwrap().lower, "bz\u{1}");
        assert_eq!(range.clone().after("b\0z").unwrap().lower, "b\u{1}");
        assert_eq!(range.after("c"), None);
    }

    #[test]
    fn a_page_mark_moves_the_upper_bound_only_downwards() {
        let range = Range::of_prefix("b").unwrap();
        assert_eq!(range.clone().before("z"), Some(range.clone()));
        assert_eq!(range.clone().before("bz").unwrap().upper, "bz");
        assert_eq!(range.clone().before("bz\0z").unwrap().upper, "bz\u{1}");
        assert_eq!(range.clone().before("b"), None);
        assert_eq!(range.before("a"), None);
    }

    #[test]
    fn no_key_starts_with_nul() {
        assert_eq!(Range::of_prefix("a\0"), None);
    }
}
