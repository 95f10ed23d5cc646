//! Arguments that several commands share.

use super::ui::Format;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap_complete::ArgValueCandidates;

/// The options every command has.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// How the answer is written.
    #[arg(short, long, global = true, value_name = "FORMAT", ignore_case = true, value_parser = format())]
    pub output: Option<Format>,
    /// A JMESPath expression that picks from the answer.
    #[arg(long, global = true, value_name = "EXPRESSION")]
    pub query: Option<String>,
    /// The name or id of the subscription.
    #[arg(long, global = true, value_name = "SUBSCRIPTION")]
    pub subscription: Option<String>,
    /// Where commands go: `azure`, or the name of a server.
    #[arg(long, global = true, value_name = "NAME", add = ArgValueCandidates::new(super::complete::contexts))]
    pub context: Option<String>,
    /// Show only errors, no warnings.
    #[arg(long, global = true)]
    pub only_show_errors: bool,
    /// Show what the command does.
    #[arg(long, global = true)]
    pub verbose: bool,
    /// Show every request and answer, without secrets.
    #[arg(long, global = true)]
    pub debug: bool,
}

/// A registry by `--name`, the way of the commands about registries themselves.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RegistryArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(super::complete::registries))]
    pub name: Option<String>,
    #[command(flatten)]
    pub group: GroupArgs,
}

/// A registry by `--registry`, the way of the commands about what is in it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct InRegistryArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(super::complete::registries))]
    pub registry: Option<String>,
    #[command(flatten)]
    pub group: GroupArgs,
}

/// A registry by `--registry`, or by `--name` as it once was.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct InRegistryOrNameArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, short_alias = 'n', alias = "name", value_name = "NAME", add = ArgValueCandidates::new(super::complete::registries))]
    pub registry: Option<String>,
    #[command(flatten)]
    pub group: GroupArgs,
}

/// A registry by `--registry` alone.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OnlyRegistryArgs {
    /// The name of the registry, in lower case.
    #[arg(short, long, value_name = "NAME", add = ArgValueCandidates::new(super::complete::registries))]
    pub registry: Option<String>,
}

/// The registry that was given, by whichever options.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// Its resource group.
    pub group: Option<&'a GroupArgs>,
    /// The option its name is given with.
    pub option: &'static str,
}

/// Lets commands say `ctx.registry(&args.registry)`, whichever options they have.
macro_rules! given {
    ($args:ty, $name:ident, $option:literal, $group:expr) => {
        impl<'a> From<&'a $args> for Given<'a> {
            fn from(args: &'a $args) -> Self {
                let group: fn(&'a $args) -> Option<&'a GroupArgs> = $group;
                Self {
                    name: args.$name.as_deref(),
                    group: group(args),
                    option: $option,
                }
            }
        }
    };
}

given!(RegistryArgs, name, "--name/-n", |args| Some(&args.group));
given!(InRegistryArgs, registry, "--registry/-r", |args| Some(
    &args.group
));
given!(
    InRegistryOrNameArgs,
    registry,
    "--registry/-r",
    |args| Some(&args.group)
);
given!(OnlyRegistryArgs, registry, "--registry/-r", |_| None);

/// A resource group.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct GroupArgs {
    /// The name of the resource group.
    #[arg(short = 'g', long, value_name = "GROUP")]
    pub resource_group: Option<String>,
}

/// The consent to something that cannot be undone.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct YesArgs {
    /// Do not ask for confirmation.
    #[arg(short, long)]
    pub yes: bool,
}

/// One of a few words, in any case; the answer is the word as it is spelled here.
pub(crate) fn choice(
    words: &'static [&'static str],
) -> impl TypedValueParser<Value = &'static str> {
    PossibleValuesParser::new(words).map(move |given| {
        words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(&given))
            .copied()
            .unwrap_or_default()
    })
}

/// `true` or `false`; an option of this kind without a value means `true`.
pub(crate) fn true_or_false() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["true", "false"]).map(|given| given.eq_ignore_ascii_case("true"))
}

/// An output format, in any case.
fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|given| given.parse())
}

/// Reads tags, `KEY[=VALUE]` each; a single empty word clears them all.
pub(crate) fn tags(given: &[String]) -> serde_json::Value {
    given
        .iter()
        .filter(|tag| !tag.is_empty())
        .map(|tag| {
            let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
            (key.to_owned(), value.into())
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::tags;
    use serde_json::json;

    #[test]
    fn a_tag_is_a_key_and_perhaps_a_value() {
        let given: Vec<String> = ["a=b", "c", "d=e=f", ""].map(str::to_owned).into();
        assert_eq!(tags(&given), json!({"a": "b", "c": "", "d": "e=f"}));
        assert_eq!(tags(&[String::new()]), json!({}));
    }
}
