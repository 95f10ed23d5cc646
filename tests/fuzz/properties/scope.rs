//! Scopes: a list that was read is written and read again, in text, in JSON and inside a challenge.

use acr_api::auth::{BearerChallenge, Challenge, Scope};

use super::is_fit_for_a_log;

pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    let scopes = match Scope::parse_list(text) {
        Ok(scopes) => scopes,
        Err(refusal) => return is_fit_for_a_log(&refusal),
    };
    let written: Vec<String> = scopes.iter().map(Scope::to_string).collect();
    let written = written.join(" ");
    assert_eq!(
        Scope::parse_list(&written).as_ref(),
        Ok(&scopes),
        "{written:?}"
    );
    for scope in &scopes {
        let json = serde_json::to_string(scope).unwrap();
        assert_eq!(&serde_json::from_str::<Scope>(&json).unwrap(), scope);
        assert!((1..=scope.records().len()).contains(&scope.actions.len()));
    }
    is_kept_by_a_challenge(&written);
    unites(scopes);
}

/// A client asks for what a challenge names.
fn is_kept_by_a_challenge(scope: &str) {
    let challenge = BearerChallenge {
        realm: "https://a.example/oauth2/token".to_owned(),
        scope: Some(scope.to_owned()),
        ..BearerChallenge::default()
    };
    let read = Challenge::parse_all(&challenge.to_string());
    assert_eq!(read, [Challenge::Bearer(challenge)]);
}

/// To unite scopes takes nothing away and adds nothing, and to do it twice is to do it once.
fn unites(scopes: Vec<Scope>) {
    let united = Scope::union(scopes.clone());
    assert_eq!(Scope::union(united.clone()), united);
    let is_of = |scope: &Scope, other: &Scope| {
        (&scope.kind, &scope.class, &scope.name) == (&other.kind, &other.class, &other.name)
    };
    for scope in &scopes {
        let found: Vec<&Scope> = united
            .iter()
            .filter(|united| is_of(united, scope))
            .collect();
        let [found] = found.as_slice() else {
            panic!("{scope} is there {} times", found.len());
        };
        assert!(
            scope
                .actions
                .iter()
                .all(|action| found.actions.contains(action))
        );
        let is_asked = |action| {
            scopes
                .iter()
                .any(|s| is_of(s, scope) && s.actions.contains(action))
        };
        assert!(found.actions.iter().all(is_asked));
    }
}
