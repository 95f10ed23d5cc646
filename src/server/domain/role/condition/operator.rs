//! The comparisons that a condition can make.

use std::str::FromStr;

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    comparison: Comparison,
    is_negated: bool,
    ignores_case: bool,
    /// How lists on either side are walked.
    pub(super) walk: Walk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equals,
    StartsWith,
    Like,
}

/// Of a comparison of lists: which values on the left must match, and against how many on the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    AnyOfAny,
    AllOfAny,
    AnyOfAll,
    AllOfAll,
}

impl Operator {
    /// Compares two values.
    pub(super) fn holds(self, left: &str, right: &str) -> bool {
        let folded = |text: &str| match self.ignores_case {
            true => text.to_lowercase(),
            false => text.to_owned(),
        };
        let (left, right) = (folded(left), folded(right));
        let is = match self.comparison {
            Comparison::Equals => left == right,
            Comparison::StartsWith => left.starts_with(&right),
            Comparison::Like => is_like(left.as_bytes(), right.as_bytes()),
        };
        is != self.is_negated
    }
}

impl FromStr for Operator {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let word = word.to_ascii_lowercase();
        let (walk, word) = match word.split_once(':') {
            None => (Walk::AnyOfAny, word.as_str()),
            Some(("foranyofanyvalues", rest)) => (Walk::AnyOfAny, rest),
            Some(("forallofanyvalues", rest)) => (Walk::AllOfAny, rest),
            Some(("foranyofallvalues", rest)) => (Walk::AnyOfAll, rest),
            Some(("forallofallvalues", rest)) => (Walk::AllOfAll, rest),
            Some(_) => return Err(()),
        };
        let (is_guid, word) = match word.strip_prefix("guid") {
            Some(rest) => (true, rest),
            None => (false, word.strip_prefix("string").ok_or(())?),
        };
        let (is_negated, word) = match word.strip_prefix("not") {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let (ignores_case, word) = match word.strip_suffix("ignorecase") {
            Some(rest) => (!is_guid, rest),
            None => (is_guid, word),
        };
        let comparison = match word {
            "equals" => Comparison::Equals,
            "startswith" if !is_guid => Comparison::StartsWith,
            "like" if !is_guid => Comparison::Like,
            _ => return Err(()),
        };
        Ok(Self {
            comparison,
            is_negated,
            ignores_case,
            walk,
        })
    }
}

/// Whether a text has the form of a pattern in which `*` is any run of characters and `?` any one.
/// It walks each once and goes back to the last star only, so no pattern takes long.
pub(super) fn is_like(text: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut sign) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(sign) {
            Some(b'*') => {
                star = Some((at, sign));
                sign += 1;
            }
            Some(wanted) if *wanted == b'?' || *wanted == text[at] => {
                at += 1;
                sign += 1;
            }
            _ => {
                let Some((from, star_sign)) = star else {
                    return false;
                };
                star = Some((from + 1, star_sign));
                at = from + 1;
                sign = star_sign + 1;
            }
        }
    }
    pattern[sign..].iter().all(|wanted| *wanted == b'*')
}
