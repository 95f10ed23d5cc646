//! What a scope map allows: actions on repositories and on connected registries.

use super::error::CliError;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::collections::BTreeSet;

const REPOSITORY_ACTIONS: &[&str] = &[
    "content/delete",
    "content/read",
    "content/write",
    "metadata/read",
    "metadata/write",
];

const GATEWAY_ACTIONS: &[&str] = &[
    "config/read",
    "config/write",
    "message/read",
    "message/write",
];

/// One option given several times, each time with several words.
type Rules = Vec<Vec<String>>;

/// Options whose every occurrence is a list of its own, which clap's derive cannot say.
macro_rules! rule_args {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $option:literal, $alias:literal, $help:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $name { $(pub $field: Rules,)+ }

        impl $name {
            /// Whether none was given.
            pub(crate) fn is_empty(&self) -> bool {
                $(self.$field.is_empty())&&+
            }
        }

        impl clap::Args for $name {
            fn augment_args(command: Command) -> Command {
                command$(.arg(
                    Arg::new($option).long($option).alias($alias).num_args(1..).action(ArgAction::Append)
                        .value_names(["NAME", "ACTION"]).help($help)
                ))+
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl clap::FromArgMatches for $name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Ok(Self { $($field: occurrences(matches, $option),)+ })
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

fn occurrences(matches: &ArgMatches, option: &str) -> Rules {
    let given = matches.get_occurrences::<String>(option);
    given
        .into_iter()
        .flatten()
        .map(|words| words.cloned().collect())
        .collect()
}

rule_args! {
    /// What a new scope map allows.
    GrantArgs {
        repositories: "repository", "repository", "A repository, or a pattern such as samples/*, and what is allowed on it: content/delete, content/read, content/write, metadata/read, metadata/write";
        gateways: "gateway", "gateway", "A connected registry and what is allowed on it: config/read, config/write, message/read, message/write";
    }
}

rule_args! {
    /// What a scope map allows from now on, and what no longer.
    ChangeArgs {
        added: "add-repository", "add", "A repository and what is to be allowed on it";
        removed: "remove-repository", "remove", "A repository and what is not to be allowed on it any more";
        added_gateways: "add-gateway", "add-gateway", "A connected registry and what is to be allowed on it";
        removed_gateways: "remove-gateway", "remove-gateway", "A connected registry and what is not to be allowed on it any more";
    }
}

/// Reads rules, each a name and its actions, into the service's words.
pub(crate) fn parse(
    repositories: &[Vec<String>],
    gateways: &[Vec<String>],
) -> Result<Vec<String>, CliError> {
    let mut actions = rules(repositories, "repositories", REPOSITORY_ACTIONS)?;
    actions.extend(rules(gateways, "gateway", GATEWAY_ACTIONS)?);
    Ok(actions)
}

fn rules(rules: &[Vec<String>], prefix: &str, known: &[&str]) -> Result<Vec<String>, CliError> {
    let mut actions = Vec::new();
    for rule in rules {
        let Some((resource, given)) = rule.split_first() else {
            continue;
        };
        let resource = resource.to_lowercase();
        if given.is_empty() {
            return Err(CliError::failed(format!(
                "At least one action must be specified with \"{resource}\"."
            )));
        }
        for action in given {
            let action = action.to_lowercase();
            if !known.contains(&action.as_str()) {
                return Err(CliError::failed(format!(
                    "Invalid action \"{action}\" provided. \nValid actions are {}.",
                    known.join(", ")
                )));
            }
            actions.push(format!("{prefix}/{resource}/{action}"));
        }
    }
    Ok(actions)
}

/// The actions of a map after some are added and others removed; nothing may be both.
pub(crate) fn change(
    now: &[String],
    added: &[String],
    removed: &[String],
) -> Result<Vec<String>, CliError> {
    let both: BTreeSet<&str> = added
        .iter()
        .filter(|action| removed.contains(action))
        .map(|action| {
            action
                .split_once('/')
                .map_or(action.as_str(), |(_, rest)| rest)
        })
        .collect();
    if !both.is_empty() {
        return Err(CliError::failed(format!(
            "Update ambiguity. Duplicate actions were provided with --add and --remove arguments.\n{}",
            both.into_iter().collect::<Vec<_>>().join(", ")
        )));
    }
    let mut actions = now.to_vec();
    for action in added {
        if !actions.contains(action) {
            actions.push(action.clone());
        }
    }
    actions.retain(|action| !removed.contains(action));
    Ok(actions)
}

#[cfg(test)]
mod tests {
    use super::{change, parse};

    fn words(line: &[&str]) -> Vec<String> {
        line.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn rules_become_the_services_words() {
        let rules = [words(&["Samples/App", "content/READ", "metadata/read"])];
        let gateways = [words(&["edge", "config/read"])];
        assert_eq!(
            parse(&rules, &gateways).unwrap(),
            [
                "repositories/samples/app/content/read",
                "repositories/samples/app/metadata/read",
                "gateway/edge/config/read"
            ]
        );
        assert!(parse(&[words(&["app"])], &[]).is_err());
        assert!(parse(&[words(&["app", "config/read"])], &[]).is_err());
    }

    #[test]
    fn what_is_added_and_removed_at_once_is_refused() {
        let now = words(&["repositories/a/content/read"]);
        let more = words(&["repositories/b/content/read", "repositories/a/content/read"]);
        assert_eq!(change(&now, &more, &[]).unwrap().len(), 2);
        assert_eq!(change(&now, &[], &now).unwrap(), words(&[]));
        let refusal = change(&now, &more, &now).unwrap_err().lines().join("\n");
        assert!(refusal.contains("a/content/read"), "{refusal}");
    }
}
