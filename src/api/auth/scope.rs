//! Scopes: what a token is asked for and what it grants.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::action::{Action, ResourceKind, is_word};
use crate::null::null_as_default;
use crate::text::{consists_of, excerpt};

/// A resource and what may be done with it.
///
/// As text, in challenges and token requests, it is `type[(class)]:name:action,action`. The name may
/// hold colons (`localhost:5000/app`), so the actions are what follows the last one. As JSON it is
/// an entry of the `access` claim of a token, with lower-case members; those Azure wrote for a time
/// with capitals are read as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// What kind of resource.
    #[serde(rename = "type", alias = "Type")]
    pub kind: ResourceKind,
    /// The class of the resource; docker's plugins have one.
    #[serde(default, alias = "Class", skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Its name.
    #[serde(alias = "Name")]
    pub name: String,
    /// What may be done, each once, in the order given.
    #[serde(default, alias = "Actions", deserialize_with = "null_as_default")]
    pub actions: Vec<Action>,
}

impl Scope {
    /// Scopes separated by blanks: the value of one `scope` parameter.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, InvalidScope> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }

    /// The scopes with those of the same resource made one. Order is kept.
    pub fn union(scopes: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut united: Vec<Self> = Vec::new();
        for scope in scopes {
            let known = united.iter_mut().find(|known| {
                (&known.kind, &known.class, &known.name) == (&scope.kind, &scope.class, &scope.name)
            });
            match known {
                Some(known) => scope
                    .actions
                    .into_iter()
                    .for_each(|action| known.add(action)),
                None => united.push(scope),
            }
        }
        united
    }

    fn add(&mut self, action: Action) {
        if !self.actions.contains(&action) {
            self.actions.push(action);
        }
    }

    /// One record for each action, as the `detail` of a refusal lists them.
    pub fn records(&self) -> Vec<AccessRecord> {
        self.actions
            .iter()
            .map(|action| AccessRecord {
                kind: self.kind.clone(),
                name: self.name.clone(),
                action: action.clone(),
            })
            .collect()
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let refuse = || InvalidScope(excerpt(text));
        let (kind, rest) = text.split_once(':').ok_or_else(refuse)?;
        let (name, actions) = rest.rsplit_once(':').ok_or_else(refuse)?;
        let (kind, class) = match kind.split_once('(') {
            Some((kind, class)) => (kind, Some(class.strip_suffix(')').ok_or_else(refuse)?)),
            None => (kind, None),
        };
        if !is_name(name) || class.is_some_and(|class| !is_word(class)) {
            return Err(refuse());
        }
        let mut scope = Self {
            kind: kind.parse()?,
            class: class.map(str::to_owned),
            name: name.to_owned(),
            actions: Vec::new(),
        };
        for action in actions.split(',') {
            scope.add(action.parse()?);
        }
        Ok(scope)
    }
}

/// A name is not held against the grammar of repositories here: what is asked for may be refused,
/// but it must stay one word and fit a quoted string.
fn is_name(name: &str) -> bool {
    consists_of(name, |byte| {
        byte.is_ascii_graphic() && !b"\"\\,".contains(&byte)
    })
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        if let Some(class) = &self.class {
            write!(f, "({class})")?;
        }
        write!(f, ":{}:", self.name)?;
        for (index, action) in self.actions.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{action}")?;
        }
        Ok(())
    }
}

/// One action that was missing, in the `detail` of a 401.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccessRecord {
    /// What kind of resource.
    #[serde(rename = "Type")]
    pub kind: ResourceKind,
    /// Its name.
    pub name: String,
    /// What would be done with it.
    pub action: Action,
}

/// The text is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no scope: expected TYPE:NAME:ACTION[,ACTION]")]
pub struct InvalidScope(pub(super) String);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Action, ResourceKind, Scope};
    use crate::testing::Random;

    fn parse(text: &str) -> Scope {
        text.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn reads_and_writes_the_scopes_in_use() {
        for text in [
            "registry:catalog:*",
            "registry:deleted_catalog:*",
            "repository:hello-world:pull",
            "repository:library/hello-world:pull,push",
            "repository:a:pull,push,metadata_write,metadata_read,delete",
            "repository:a:deleted_read,deleted_restore",
            "repository:a:*",
            "artifact-repository:charts:delete,pull",
            "repository(plugin):vieux/sshfs:pull",
            "repository:localhost:5000/team/app:pull",
            "repository:*:pull",
            "thing(c-1):n:do_it",
        ] {
            assert_eq!(parse(text).to_string(), text);
        }
    }

    #[test]
    fn splits_at_the_first_and_the_last_colon() {
        let scope = parse("repository(plugin):localhost:5000/team/app:pull,frob,pull");
        assert_eq!(
            (scope.kind, scope.class.as_deref()),
            (ResourceKind::Repository, Some("plugin"))
        );
        assert_eq!(scope.name, "localhost:5000/team/app");
        assert_eq!(scope.actions, [Action::Pull, Action::Other("frob".into())]);
    }

    #[test]
    fn refuses_what_is_no_scope() {
        let words = ": :: repository repository:a repository:a: repository::pull :a:pull repository:a:pull, \
            repository:a:,pull Repository:a:pull repository:a:Pull repository(:a:pull repository():a:pull \
            repository(x:a:pull (x):a:pull repository:a\"b:pull repository:a\\b:pull repository:a,b:pull \
            repository:ä:pull repository:a:püll repository:a:**";
        for text in words.split_whitespace().chain([
            "",
            "repository:a b:pull",
            "repository:a\0:pull",
            "a\n:b:c",
        ]) {
            assert!(text.parse::<Scope>().is_err(), "{text:?}");
        }
        let long = "x".repeat(1_000_000).parse::<Scope>().unwrap_err();
        assert!(
            long.to_string().len() < 300,
            "a message repeats no megabyte"
        );
    }

    #[test]
    fn one_parameter_may_hold_several() {
        let list = Scope::parse_list("  repository:a:pull   repository:b:push ").unwrap();
        assert_eq!(
            list,
            [parse("repository:a:pull"), parse("repository:b:push")]
        );
        assert_eq!(Scope::parse_list(" ").unwrap(), []);
        assert!(Scope::parse_list("repository:a:pull nonsense").is_err());
    }

    #[test]
    fn unites_the_actions_on_one_resource() {
        let scopes = [
            "repository:b:push",
            "repository:a:pull",
            "repository(plugin):a:pull",
            "repository:a:delete,pull",
            "registry:a:*",
            "repository:b:push,pull",
        ];
        let united: Vec<String> = Scope::union(scopes.map(parse))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            united,
            [
                "repository:b:push,pull",
                "repository:a:pull,delete",
                "repository(plugin):a:pull",
                "registry:a:*",
            ]
        );
    }

    #[test]
    fn is_an_access_claim_in_json() {
        let scope = parse("repository:microsoft:pull,metadata_read");
        let text = r#"{"type":"repository","name":"microsoft","actions":["pull","metadata_read"]}"#;
        assert_eq!(serde_json::to_string(&scope).unwrap(), text);
        for read in [
            text,
            r#"{"Type":"repository","Name":"microsoft","Actions":["pull","metadata_read"]}"#,
        ] {
            assert_eq!(serde_json::from_str::<Scope>(read).unwrap(), scope);
        }
        let none: Scope =
            serde_json::from_str(r#"{"type":"repository","name":"a","actions":null}"#).unwrap();
        assert!(none.actions.is_empty());
    }

    #[test]
    fn lists_what_was_missing() {
        let records = parse("repository:hello-world:pull,push").records();
        assert_eq!(
            json!(records),
            json!([
                {"Type": "repository", "Name": "hello-world", "Action": "pull"},
                {"Type": "repository", "Name": "hello-world", "Action": "push"},
            ])
        );
        assert_eq!(
            serde_json::to_string(&parse("registry:catalog:*").records()).unwrap(),
            r#"[{"Type":"registry","Name":"catalog","Action":"*"}]"#
        );
    }

    #[test]
    fn reads_back_what_it_writes_whatever_the_text() {
        let mut random = Random::new(19);
        let mut accepted = 0;
        for _ in 0..20_000 {
            let text = match random.below(2) {
                0 => random.noise(),
                _ => random.mutated("repository(plugin):localhost:5000/a:pull,push"),
            };
            if let Ok(scope) = text.parse::<Scope>() {
                assert_eq!(parse(&scope.to_string()), scope, "{text}");
                accepted += 1;
            }
        }
        assert!(accepted > 100);
    }
}
