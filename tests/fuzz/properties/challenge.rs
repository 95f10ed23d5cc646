//! `WWW-Authenticate`: however a server writes its challenges, what was read is written so that it is read the same,
//! and a value cannot begin a header of its own.

use acr_api::auth::{BearerChallenge, Challenge};

pub fn check(input: &[u8]) {
    let Ok(header) = str::from_utf8(input) else {
        return;
    };
    let challenges = Challenge::parse_all(header);
    assert!(challenges.len() <= header.len());
    for challenge in &challenges {
        let written = challenge.to_string();
        assert!(!written.contains(|c: char| c.is_control()), "{written:?}");
        assert_eq!(
            Challenge::parse_all(&written),
            [plain(challenge)],
            "{written:?}"
        );
    }
    // What comes after one challenge changes nothing about it.
    if let Some(first) = challenges.first() {
        let two = format!("{first}, Basic realm=\"x\"");
        let read = Challenge::parse_all(&two);
        assert_eq!(read.first(), Some(&plain(first)), "{two:?}");
        assert_eq!(read.len(), 2, "{two:?}");
    }
}

/// The challenge without what a header cannot hold.
fn plain(challenge: &Challenge) -> Challenge {
    let text = |value: &String| value.chars().filter(|c| !c.is_control()).collect();
    match challenge {
        Challenge::Bearer(bearer) => Challenge::Bearer(BearerChallenge {
            realm: text(&bearer.realm),
            service: bearer.service.as_ref().map(text),
            scope: bearer.scope.as_ref().map(text),
            error: bearer.error.as_ref().map(text),
        }),
        Challenge::Basic { realm } => Challenge::Basic {
            realm: realm.as_ref().map(text),
        },
        other => other.clone(),
    }
}
