//! Conditions: what they let in, what they keep out, and what is refused when it is written.

use super::{Condition, LONGEST_BYTES, Question};

const READ: &str = "Microsoft.ContainerRegistry/registries/repositories/content/read";
const WRITE: &str = "Microsoft.ContainerRegistry/registries/repositories/content/write";
const NAME: &str = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";

fn holds(condition: &str, action: &str, repository: &str) -> bool {
    let condition: Condition = condition
        .parse()
        .unwrap_or_else(|why| panic!("{condition}: {why}"));
    condition.holds(Question {
        action,
        repository: Some(repository),
    })
}

/// The pattern that the portal writes.
fn portal(expression: &str) -> String {
    format!("(\n (\n  !(ActionMatches{{'{READ}'}})\n )\n OR\n (\n  {expression}\n )\n)")
}

#[test]
fn restricts_listed_actions_alone() {
    let condition = portal(&format!("{NAME} StringEqualsIgnoreCase 'nginx'"));
    assert!(holds(&condition, READ, "nginx"));
    assert!(!holds(&condition, READ, "nginx2"));
    assert!(holds(&condition, WRITE, "anything"));
    let prefix = portal(&format!(
        "{NAME} StringStartsWithIgnoreCase 'backend/' OR {NAME} StringStartsWithIgnoreCase 'Frontend/'"
    ));
    assert!(holds(&prefix, READ, "backend/api") && holds(&prefix, READ, "frontend/ui"));
    assert!(!holds(&prefix, READ, "backend-infra/db"));
}

#[test]
fn knows_every_operator() {
    for (expression, expected) in [
        ("StringEquals 'team/app'", true),
        ("StringEquals 'Team/app'", false),
        ("StringEqualsIgnoreCase 'TEAM/app'", true),
        ("StringNotEquals 'x'", true),
        ("StringNotEqualsIgnoreCase 'TEAM/APP'", false),
        ("StringStartsWith 'team/'", true),
        ("StringNotStartsWith 'team/'", false),
        ("StringNotStartsWithIgnoreCase 'other/'", true),
        ("StringLike 'team/*'", true),
        ("StringLike '*/app'", true),
        ("StringLike 't??m/app'", true),
        ("StringLike 'team'", false),
        ("StringNotLike 'team/*'", false),
        ("StringLikeIgnoreCase 'TEAM/*'", true),
        ("stringequals 'team/app'", true),
        ("ForAnyOfAnyValues:StringEquals {'a', 'team/app'}", true),
        ("ForAllOfAnyValues:StringEquals {'a', 'b'}", false),
        ("ForAnyOfAllValues:StringNotEquals {'a', 'b'}", true),
        ("ForAllOfAllValues:StringLike {'team/*', '*app'}", true),
    ] {
        let condition = format!("{NAME} {expression}");
        assert_eq!(
            holds(&condition, READ, "team/app"),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn and_binds_closer_than_or() {
    let (yes, no) = (
        format!("{NAME} StringEquals 'a'"),
        format!("{NAME} StringEquals 'b'"),
    );
    for (condition, expected) in [
        (format!("{yes} OR {no} AND {no}"), true),
        (format!("({yes} || {no}) && {no}"), false),
        (format!("NOT {no} and !!{yes}"), true),
        ("'it''s' StringEquals 'it\\'s'".to_owned(), true),
    ] {
        assert_eq!(holds(&condition, READ, "a"), expected, "{condition}");
    }
}

#[test]
fn what_is_unknown_never_lets_in() {
    let other = "@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'x'";
    for condition in [
        other.to_owned(),
        format!("!({other})"),
        format!("{other} OR !({other})"),
        format!("!({other} AND {NAME} StringEquals 'a')"),
    ] {
        assert!(!holds(&condition, READ, "a"), "{condition}");
    }
    assert!(holds(
        &format!("{other} OR {NAME} StringEquals 'a'"),
        READ,
        "a"
    ));
    let condition: Condition = format!("!({NAME} StringEquals 'a')").parse().unwrap();
    let question = Question {
        action: READ,
        repository: None,
    };
    assert!(!condition.holds(question));
}

#[test]
fn actions_match_with_wildcards_and_without_case() {
    let condition = "ActionMatches{'microsoft.containerregistry/registries/repositories/*/READ'}";
    assert!(holds(condition, READ, "a") && !holds(condition, WRITE, "a"));
    assert!(!holds("SubOperationMatches{'x'}", READ, "a"));
    assert!(holds(&format!("Exists {NAME}"), READ, "a"));
}

#[test]
fn refuses_what_it_cannot_read() {
    let nested = "(".repeat(100) + "Exists @Request[a]" + &")".repeat(100);
    let long = format!("{NAME} StringEquals '{}'", "x".repeat(LONGEST_BYTES));
    for bad in [
        "",
        "   ",
        "(",
        "()",
        "'a'",
        "'a' StringEquals",
        "'a' StringEquals 'b",
        "'a' StringEquals 'b' 'c'",
        "'a' Equals 'b'",
        "'a' NumericEquals 1",
        "'a' ForSome:StringEquals {'b'}",
        "'a' StringEquals {}",
        "'a' StringEquals {'b',}",
        "@Request StringEquals 'a'",
        "@Request[] StringEquals 'a'",
        "@Request[a StringEquals 'a'",
        "ActionMatches('x')",
        "ActionMatches{x}",
        "Exists 'a'",
        "'a' StringEquals 'b' AND",
        "OR 'a' StringEquals 'b'",
        "'a' StringEquals 'b' ; drop",
        "ä StringEquals 'b'",
        &nested,
        &"!".repeat(LONGEST_BYTES),
        &long,
    ] {
        assert!(bad.parse::<Condition>().is_err(), "{bad}");
    }
}

#[test]
fn hostile_patterns_end() {
    let pattern = "a*".repeat(2000) + "b";
    let condition = format!("{NAME} StringLike '{pattern}'");
    assert!(!holds(&condition, READ, &"a".repeat(255)));
}

#[test]
fn any_order_of_words_is_read_or_refused() {
    const WORDS: [&str; 24] = [
        "(",
        ")",
        "{",
        "}",
        ",",
        "!",
        "&&",
        "||",
        "AND",
        "OR",
        "NOT",
        "'a'",
        "''",
        "'",
        "\\",
        "ä",
        "@Request[",
        "]",
        NAME,
        "StringEquals",
        "StringLike",
        "ActionMatches",
        "Exists",
        "\0",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut read = 0;
    for _ in 0..50_000 {
        let text: Vec<_> = (0..below(9)).map(|_| WORDS[below(WORDS.len())]).collect();
        if let Ok(condition) = text.join(" ").parse::<Condition>() {
            read += 1;
            condition.holds(Question {
                action: READ,
                repository: Some("a"),
            });
        }
    }
    assert!(read > 10, "only {read} were read");
}
