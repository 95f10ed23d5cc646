//! `--set`, `--add` and `--remove`: changes to single members of what an update sends.

use super::error::CliError;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value};

/// Members of an update that stand at its top.
const TOP: &[&str] = &["identity", "tags", "sku"];

/// Members of an update that stand in its `properties`.
const PROPERTIES: &[&str] = &[
    "adminUserEnabled",
    "networkRuleSet",
    "policies",
    "encryption",
    "dataEndpointEnabled",
    "regionalEndpoints",
    "endpointProtocol",
    "publicNetworkAccess",
    "networkRuleBypassOptions",
    "networkRuleBypassAllowedForTasks",
    "anonymousPullEnabled",
    "metadataSearch",
    "writableCacheRepos",
    "roleAssignmentMode",
];

/// Changes to single members, in the order they were given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edits {
    edits: Vec<(Verb, Vec<String>)>,
    is_text: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Verb {
    Set,
    Add,
    Remove,
}

const VERBS: [(Verb, &str); 3] = [
    (Verb::Set, "set"),
    (Verb::Add, "add"),
    (Verb::Remove, "remove"),
];

impl clap::Args for Edits {
    fn augment_args(command: Command) -> Command {
        let edit = |name: &'static str, value: &'static str, help: &'static str| {
            Arg::new(name)
                .long(name)
                .value_name(value)
                .num_args(1..)
                .action(ArgAction::Append)
                .help_heading("Single members")
                .help(help)
        };
        command
            .arg(edit(
                "set",
                "PATH=VALUE",
                "Set members to values: PATH=VALUE …",
            ))
            .arg(edit(
                "add",
                "PATH VALUE",
                "Add items to a list: PATH VALUE …, each a word, KEY=VALUE or JSON",
            ))
            .arg(edit(
                "remove",
                "PATH",
                "Remove a member, or the item of a list at an index: PATH [INDEX]",
            ))
            .arg(
                Arg::new("force_string")
                    .long("force-string")
                    .action(ArgAction::SetTrue)
                    .help_heading("Single members")
                    .help("Keep values as text instead of reading them as JSON"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Edits {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut found = Vec::new();
        for (verb, name) in VERBS {
            let mut indices = matches.indices_of(name).into_iter().flatten();
            for values in matches
                .get_occurrences::<String>(name)
                .into_iter()
                .flatten()
            {
                let values: Vec<String> = values.cloned().collect();
                let first = indices.by_ref().take(values.len()).min();
                found.push((first, verb, values));
            }
        }
        found.sort_by_key(|(index, ..)| *index);
        Ok(Self {
            edits: found
                .into_iter()
                .map(|(_, verb, values)| (verb, values))
                .collect(),
            is_text: matches.get_flag("force_string"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Edits {
    /// Applies the changes to the body of an update.
    pub(crate) fn apply(&self, body: &mut Value) -> Result<(), CliError> {
        for (verb, values) in &self.edits {
            match verb {
                Verb::Set => {
                    for assignment in values {
                        self.set(body, assignment)?;
                    }
                }
                Verb::Add => self.add(body, values)?,
                Verb::Remove => remove(body, values)?,
            }
        }
        Ok(())
    }

    fn set(&self, body: &mut Value, assignment: &str) -> Result<(), CliError> {
        let (path, value) = assignment.split_once('=').unwrap_or((assignment, ""));
        let path = resolve(path)?;
        if !assignment.contains('=') {
            return Err(CliError::failed(format!(
                "--set {assignment}: give a value, as in --set PATH=VALUE"
            )));
        }
        let (last, parents) = path.split_last().ok_or_else(|| unknown(assignment))?;
        let parent = enter(body, parents)?;
        match self.value(value) {
            Value::Null => {
                parent.remove(last);
            }
            value => {
                parent.insert(last.clone(), value);
            }
        }
        Ok(())
    }

    fn add(&self, body: &mut Value, values: &[String]) -> Result<(), CliError> {
        let (path, items) = values.split_first().ok_or_else(|| unknown(""))?;
        let resolved = resolve(path)?;
        let (last, parents) = resolved.split_last().ok_or_else(|| unknown(path))?;
        let list = enter(body, parents)?
            .entry(last.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(list) = list else {
            return Err(CliError::failed(format!("--add {path}: it is no list")));
        };
        if items.is_empty() || last == "tags" {
            return Err(CliError::failed(
                "invalid syntax: `--add property.listProperty <key=value, string or JSON string>`",
            ));
        }
        let mut object = Map::new();
        for item in items {
            match item.split_once('=') {
                Some((key, value)) if !item.starts_with(['{', '[', '"']) => {
                    object.insert(key.to_owned(), self.value(value));
                }
                _ => list.push(self.value(item)),
            }
        }
        if !object.is_empty() {
            list.push(object.into());
        }
        Ok(())
    }

    /// Reads a value as JSON where it is any, else as text.
    fn value(&self, text: &str) -> Value {
        if self.is_text {
            return text.into();
        }
        match text {
            "True" => true.into(),
            "False" => false.into(),
            "None" => Value::Null,
            text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        }
    }
}

fn remove(body: &mut Value, values: &[String]) -> Result<(), CliError> {
    let (path, index) = values.split_first().ok_or_else(|| unknown(""))?;
    let resolved = resolve(path)?;
    let (last, parents) = resolved.split_last().ok_or_else(|| unknown(path))?;
    let parent = enter(body, parents)?;
    let Some(index) = index.first() else {
        let is_tags = parents.is_empty() && last == "tags";
        match parent.remove(last) {
            None if resolved.len() > 1 && parents != ["properties"] => return Err(unknown(path)),
            // A registry without tags has an empty map of them.
            Some(_) if is_tags => {
                parent.insert("tags".to_owned(), Map::new().into());
            }
            _ => {}
        }
        return Ok(());
    };
    let list = parent.get_mut(last).and_then(Value::as_array_mut);
    let item = index.parse().ok().zip(list);
    match item {
        Some((index, list)) if index < list.len() => {
            list.remove(index);
            Ok(())
        }
        _ => Err(CliError::failed(format!(
            "--remove {path}: it has no item {index}"
        ))),
    }
}

/// The members that a path leads through, beginning at the top of the body.
fn resolve(path: &str) -> Result<Vec<String>, CliError> {
    let mut words = path.split('.').peekable();
    if words.peek() == Some(&"properties") {
        words.next();
    }
    let first = camel(words.next().unwrap_or_default());
    let mut members = match first.as_str() {
        top if TOP.contains(&top) => vec![first],
        inner if PROPERTIES.contains(&inner) => vec!["properties".to_owned(), first],
        _ => return Err(unknown(path)),
    };
    // The keys of tags are anybody's; all else is spelled as on the wire.
    let is_tags = members[0] == "tags";
    members.extend(words.map(|word| {
        if is_tags {
            word.to_owned()
        } else {
            camel(word)
        }
    }));
    Ok(members)
}

/// Walks into nested objects, making those that are not there.
fn enter<'a>(body: &'a mut Value, path: &[String]) -> Result<&'a mut Map<String, Value>, CliError> {
    let mut here = body;
    for word in path {
        let Value::Object(members) = here else {
            return Err(unknown(word));
        };
        here = members
            .entry(word.clone())
            .or_insert_with(|| Value::Object(Map::new()));
    }
    here.as_object_mut()
        .ok_or_else(|| unknown(path.last().map_or("", String::as_str)))
}

/// `admin_user_enabled` and `adminUserEnabled` are one word.
fn camel(word: &str) -> String {
    let mut parts = word.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

fn unknown(path: &str) -> CliError {
    CliError::failed(format!("Couldn't find '{path}' among what can be updated.")).hint(format!(
        "It can be {}, {}.",
        TOP.join(", "),
        PROPERTIES.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::Edits;
    use clap::{Args, FromArgMatches};
    use serde_json::{Value, json};

    fn edit(mut body: Value, line: &[&str]) -> Result<Value, String> {
        let command = Edits::augment_args(clap::Command::new("update").no_binary_name(true));
        let matches = command.try_get_matches_from(line).unwrap();
        let edits = Edits::from_arg_matches(&matches).unwrap();
        edits
            .apply(&mut body)
            .map_err(|error| error.lines().join("\n"))?;
        Ok(body)
    }

    #[test]
    fn sets_members_wherever_they_stand() {
        let set = |assignment| edit(json!({}), &["--set", assignment]).unwrap();
        assert_eq!(
            set("sku.name=Standard"),
            json!({"sku": {"name": "Standard"}})
        );
        assert_eq!(set("tags.a_b=c"), json!({"tags": {"a_b": "c"}}));
        let admin = json!({"properties": {"adminUserEnabled": true}});
        assert_eq!(set("adminUserEnabled=true"), admin);
        assert_eq!(set("admin_user_enabled=True"), admin);
        assert_eq!(set("properties.adminUserEnabled=true"), admin);
        assert_eq!(set("tags={\"a\":\"b\"}"), json!({"tags": {"a": "b"}}));
        assert_eq!(set("sku=null"), json!({}));
    }

    #[test]
    fn text_stays_text_when_asked() {
        let line = ["--set", "dataEndpointEnabled=1", "--force-string"];
        let body = edit(json!({}), &line).unwrap();
        assert_eq!(body, json!({"properties": {"dataEndpointEnabled": "1"}}));
    }

    #[test]
    fn the_order_on_the_command_line_holds() {
        let tags = json!({"tags": {"a": "b"}});
        let line = ["--remove", "tags.a", "--set", "tags.a=2", "tags.c=3"];
        assert_eq!(
            edit(tags.clone(), &line).unwrap(),
            json!({"tags": {"a": 2, "c": 3}})
        );
        let line = ["--set", "tags.c=x", "--remove", "tags.a"];
        assert_eq!(edit(tags, &line).unwrap(), json!({"tags": {"c": "x"}}));
    }

    #[test]
    fn lists_grow_and_shrink() {
        let line = [
            "--add",
            "networkRuleSet.ipRules",
            "value=1.2.3.4",
            "--add",
            "networkRuleSet.ipRules",
            "{\"value\":\"5.6.7.8\"}",
        ];
        let body = edit(json!({}), &line).unwrap();
        let rules = &body["properties"]["networkRuleSet"]["ipRules"];
        assert_eq!(rules, &json!([{"value": "1.2.3.4"}, {"value": "5.6.7.8"}]));
        let body = edit(body, &["--remove", "networkRuleSet.ipRules", "0"]).unwrap();
        let rules = &body["properties"]["networkRuleSet"]["ipRules"];
        assert_eq!(rules, &json!([{"value": "5.6.7.8"}]));
        assert!(edit(body, &["--remove", "networkRuleSet.ipRules", "9"]).is_err());
    }

    #[test]
    fn what_cannot_be_updated_is_refused_by_name() {
        for path in [
            "nonsense=1",
            "location=x",
            "a.b.c=1",
            "=1",
            "zoneRedundancy=Enabled",
        ] {
            let error = edit(json!({}), &["--set", path]).unwrap_err();
            assert!(error.contains("Couldn't find"), "{error}");
        }
        assert!(edit(json!({}), &["--add", "tags", "a=b"]).is_err());
        assert!(edit(json!({}), &["--set", "sku"]).is_err());
    }
}
