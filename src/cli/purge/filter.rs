//! Which tags of which repositories: pairs of regular expressions, as in `app/.*:^dev-`.

use crate::cli::error::CliError;
use regex_lite::Regex;

/// The filters of a command line.
#[derive(Debug)]
pub(crate) struct Filters(Vec<Filter>);

#[derive(Debug)]
struct Filter {
    /// The repository itself, where its expression can match nothing else.
    literal: Option<String>,
    repository: Regex,
    tag: Regex,
}

/// The tags of one repository that are meant.
#[derive(Debug, Clone)]
pub(crate) struct Tags<'a>(Vec<&'a Regex>);

impl Filters {
    /// Reads `REPOSITORY:TAG` each. The repository's expression must match the whole name, the tag's any part of it.
    pub(crate) fn read(given: &[String]) -> Result<Self, CliError> {
        given
            .iter()
            .map(|text| read(text))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The repositories by their names, if no listing is needed to find them.
    pub(crate) fn literal(&self) -> Option<Vec<String>> {
        let names = self.0.iter().map(|filter| filter.literal.clone());
        let mut names: Vec<String> = names.collect::<Option<_>>()?;
        names.sort();
        names.dedup();
        Some(names)
    }

    /// What is meant in a repository; nothing if it is not meant itself.
    pub(crate) fn of(&self, repository: &str) -> Option<Tags<'_>> {
        let meant = self
            .0
            .iter()
            .filter(|filter| filter.repository.is_match(repository));
        let tags: Vec<&Regex> = meant.map(|filter| &filter.tag).collect();
        (!tags.is_empty()).then_some(Tags(tags))
    }
}

impl Tags<'_> {
    /// Whether a tag is meant.
    pub(crate) fn has(&self, tag: &str) -> bool {
        self.0.iter().any(|expression| expression.is_match(tag))
    }
}

fn read(text: &str) -> Result<Filter, CliError> {
    let wrong = |why: &str| {
        CliError::usage(format!("--filter: {text:?} {why}")).hint(
            "Expected REPOSITORY:TAG, two regular expressions, such as 'app:^dev-' or '.*:.*'.",
        )
    };
    let colons = colons(text);
    let [colon] = colons[..] else {
        return Err(wrong(match colons.is_empty() {
            true => "has no colon between the repository and the tag",
            false => "has more than one colon",
        }));
    };
    let (repository, tag) = (&text[..colon], &text[colon + 1..]);
    if repository.is_empty() {
        return Err(wrong("has no repository before its colon"));
    }
    if tag.is_empty() {
        return Err(wrong("has no expression for tags behind its colon"));
    }
    let is_literal = !repository.contains([
        '\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$',
    ]);
    Ok(Filter {
        literal: is_literal.then(|| repository.to_owned()),
        repository: expression(text, &format!("^(?:{repository})$"))?,
        tag: expression(text, tag)?,
    })
}

/// Where the colons are that belong to no group, as in `(?:…)`, and to no class, as in `[[:alpha:]]`.
fn colons(text: &str) -> Vec<usize> {
    let (mut found, mut depth, mut is_escaped) = (Vec::new(), 0_u32, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && !ends_in_flags(&text[..at]) => found.push(at),
            _ => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    found
}

fn ends_in_flags(before: &str) -> bool {
    let flags = |letter: char| letter.is_ascii_alphabetic() || letter == '-';
    before.trim_end_matches(flags).ends_with("(?")
}

fn expression(text: &str, pattern: &str) -> Result<Regex, CliError> {
    Regex::new(pattern).map_err(|error| {
        let refusal = CliError::usage(format!("--filter: {text:?} is no expression that can be used: {error}"));
        let looks_around = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|it| pattern.contains(it));
        match looks_around {
            true => refusal.hint(
                "Expressions here cannot look around, so that each ends in time. Name what is to go, in several --filter if need be; --keep and --ago spare the rest.",
            ),
            false => refusal,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Filters, colons};

    fn filters(given: &[&str]) -> Result<Filters, String> {
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        Filters::read(&given).map_err(|error| error.lines().join("\n"))
    }

    #[test]
    fn a_repository_is_matched_whole_and_a_tag_anywhere() {
        let filters = filters(&["app|web:dev", "team/.*:^v1$"]).unwrap();
        assert!(filters.of("app").unwrap().has("my-dev-1"));
        assert!(filters.of("web").is_some());
        for other in ["application", "myapp", "webs", "team"] {
            assert!(filters.of(other).is_none(), "{other}");
        }
        let team = filters.of("team/app").unwrap();
        assert!(team.has("v1") && !team.has("v10") && !team.has("dev"));
        assert!(filters.literal().is_none());
    }

    #[test]
    fn filters_of_one_repository_add_up() {
        let filters = filters(&["app:^a", "app:^b", ".pp:^c"]).unwrap();
        let tags = filters.of("app").unwrap();
        assert!(["a1", "b1", "c1"].iter().all(|tag| tags.has(tag)) && !tags.has("d1"));
    }

    #[test]
    fn a_plain_name_needs_no_listing() {
        let plain = filters(&["b/c-d:.*", "a:x", "a:y"]).unwrap();
        assert_eq!(plain.literal().unwrap(), ["a", "b/c-d"]);
    }

    #[test]
    fn colons_of_groups_and_classes_divide_nothing() {
        for (text, expected) in [
            ("app:v1", vec![3]),
            ("(?:a|b):v", vec![7]),
            ("(?i-s:a):v", vec![8]),
            ("[[:alpha:]]+:v", vec![12]),
            ("app", vec![]),
            ("a:b:c", vec![1, 3]),
        ] {
            assert_eq!(colons(text), expected, "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, why) in [
            ("app", "no colon"),
            (":v1", "no repository"),
            ("app:", "no expression for tags"),
            ("a:b:c", "more than one colon"),
            ("app:(", "no expression that can be used"),
            ("app:^(?!keep)", "cannot look around"),
            ("app:(?<=a)b", "cannot look around"),
        ] {
            let error = filters(&[text]).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
