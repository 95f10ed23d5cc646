//! The few `$filter` expressions that clients send: comparisons joined by `and`.

use crate::domain::Error;

const LONGEST_FILTER: usize = 4 * 1024;

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    /// `name eq 'value'`, or `name/any(c:c eq 'value')`
    Equal(String, String),
    /// `substringof('value', name)`
    Contains(String, String),
    /// `startswith(name, 'value')`
    Starts(String, String),
    /// `word()` or `word('value')`
    Call(String, Option<String>),
}

/// Reads a filter; all its conditions must hold.
pub(crate) fn parse(filter: &str) -> Result<Vec<Term>, Error> {
    if filter.len() > LONGEST_FILTER {
        return Err(refuse(filter));
    }
    let mut rest = filter.trim();
    let mut terms = Vec::new();
    while !rest.is_empty() {
        let (term, after) = term(rest).ok_or_else(|| refuse(filter))?;
        terms.push(term);
        rest = after.trim_start();
        if rest.is_empty() {
            break;
        }
        rest = keyword(rest, "and").ok_or_else(|| refuse(filter))?;
        if rest.is_empty() {
            return Err(refuse(filter));
        }
    }
    Ok(terms)
}

fn term(text: &str) -> Option<(Term, &str)> {
    let (word, rest) = word(text)?;
    if let Some(rest) = rest.trim_start().strip_prefix('(') {
        return call(word, rest.trim_start());
    }
    let rest = keyword(rest.trim_start(), "eq")?;
    let (value, rest) = quoted(rest)?;
    Some((Term::Equal(word.to_owned(), value), rest))
}

fn call<'a>(word: &str, rest: &'a str) -> Option<(Term, &'a str)> {
    if let Some(rest) = rest.strip_prefix(')') {
        return Some((Term::Call(word.to_owned(), None), rest));
    }
    if word.eq_ignore_ascii_case("startswith") {
        let (member, rest) = self::word(rest)?;
        let (value, rest) = quoted(rest.trim_start().strip_prefix(',')?.trim_start())?;
        let rest = rest.trim_start().strip_prefix(')')?;
        return Some((Term::Starts(member.to_owned(), value), rest));
    }
    if let Some(list) = word.strip_suffix("/any") {
        return any(list, rest);
    }
    let (value, rest) = quoted(rest)?;
    let rest = rest.trim_start();
    if let Some(rest) = rest.strip_prefix(')') {
        return Some((Term::Call(word.to_owned(), Some(value)), rest));
    }
    let (member, rest) = self::word(rest.strip_prefix(',')?.trim_start())?;
    let rest = rest.trim_start().strip_prefix(')')?;
    let is_substring = word.eq_ignore_ascii_case("substringof");
    is_substring.then(|| (Term::Contains(member.to_owned(), value), rest))
}

/// `list/any(c:c eq 'value')`
fn any<'a>(list: &str, rest: &'a str) -> Option<(Term, &'a str)> {
    let (_, rest) = word(rest)?;
    let (_, rest) = word(rest.strip_prefix(':')?)?;
    let (value, rest) = quoted(keyword(rest.trim_start(), "eq")?)?;
    let rest = rest.trim_start().strip_prefix(')')?;
    Some((Term::Equal(list.to_owned(), value), rest))
}

fn word(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/')))
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn keyword<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let (word, rest) = word(text)?;
    word.eq_ignore_ascii_case(keyword)
        .then(|| rest.trim_start())
}

/// A value in quotes, in which a doubled quote stands for one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.strip_prefix('\'')?;
    loop {
        let end = rest.find('\'')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return Some((value, rest)),
        }
    }
}

fn refuse(filter: &str) -> Error {
    Error::invalid(
        "InvalidFilterInQueryString",
        format!(
            "Invalid $filter '{}' specified in the query string.",
            filter.chars().take(200).collect::<String>()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{Term, parse};

    #[test]
    fn reads_what_clients_send() {
        let equal = |name: &str, value: &str| Term::Equal(name.to_owned(), value.to_owned());
        for (filter, expected) in [
            ("", vec![]),
            ("resourceType eq 'A/b'", vec![equal("resourceType", "A/b")]),
            (
                "a eq 'x' and b eq 'it''s'",
                vec![equal("a", "x"), equal("b", "it's")],
            ),
            ("atScope()", vec![Term::Call("atScope".to_owned(), None)]),
            (
                "assignedTo('x') and atScope()",
                vec![
                    Term::Call("assignedTo".to_owned(), Some("x".to_owned())),
                    Term::Call("atScope".to_owned(), None),
                ],
            ),
            (
                "startswith(displayName,'x')",
                vec![Term::Starts("displayName".to_owned(), "x".to_owned())],
            ),
            ("names/any(c:c eq 'x')", vec![equal("names", "x")]),
            (
                "substringof('x', name)",
                vec![Term::Contains("name".to_owned(), "x".to_owned())],
            ),
        ] {
            assert_eq!(parse(filter).unwrap(), expected, "{filter}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for bad in [
            "a",
            "a eq",
            "a eq 'x",
            "a eq x",
            "a eq 'x' or b eq 'y'",
            "a eq 'x' and",
            "f(",
            "f('a', b",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
