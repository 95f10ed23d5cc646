//! The grammar of a scope map's actions.

use std::str::FromStr;

use acr_api::{auth::Action, oci::RepositoryName};

const NAMES_OF_GATEWAYS: std::ops::RangeInclusive<usize> = 5..=50;
const GATEWAY_ACTIONS: [&str; 4] = [
    "config/read",
    "config/write",
    "message/read",
    "message/write",
];

/// One action of a scope map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// `repositories/{pattern}/{right}`
    Repository(Pattern, Right),
    /// `gateway/{connected registry}/{right}`: the name of the connected registry.
    Gateway(String),
}

/// Which repositories an action is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// `*`
    All,
    /// `team/*`: kept with the slash, without the star.
    Below(String),
    /// The repository of this name.
    One(RepositoryName),
}

/// What may be done with a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    ContentRead,
    ContentWrite,
    ContentDelete,
    MetadataRead,
    MetadataWrite,
}

impl Right {
    const ALL: [(Self, &'static str); 5] = [
        (Self::ContentRead, "content/read"),
        (Self::ContentWrite, "content/write"),
        (Self::ContentDelete, "content/delete"),
        (Self::MetadataRead, "metadata/read"),
        (Self::MetadataWrite, "metadata/write"),
    ];

    /// The right as access tokens write it.
    pub(crate) fn action(self) -> Action {
        match self {
            Self::ContentRead => Action::Pull,
            Self::ContentWrite => Action::Push,
            Self::ContentDelete => Action::Delete,
            Self::MetadataRead => Action::MetadataRead,
            Self::MetadataWrite => Action::MetadataWrite,
        }
    }
}

impl Pattern {
    /// Whether a repository, which need not exist, is one of them.
    pub(crate) fn covers(&self, repository: &RepositoryName) -> bool {
        match self {
            Self::All => true,
            Self::Below(prefix) => repository.as_str().starts_with(prefix.as_str()),
            Self::One(name) => name == repository,
        }
    }
}

impl FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::All);
        }
        let refuse = |_| "the repository must be a name in lower case, '*', or a name followed by '/*', with no other wildcard";
        match text.strip_suffix("/*") {
            Some(prefix) => {
                let prefix: RepositoryName = prefix.parse().map_err(refuse)?;
                Ok(Self::Below(format!("{prefix}/")))
            }
            None => Ok(Self::One(text.parse().map_err(refuse)?)),
        }
    }
}

impl FromStr for Entry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(rest) = text.strip_prefix("repositories/") {
            let known = Right::ALL
                .iter()
                .find_map(|(right, word)| Some((right, rest.strip_suffix(word)?)));
            let (right, pattern) = known.ok_or(
                "it must end in content/read, content/write, content/delete, metadata/read or metadata/write",
            )?;
            let pattern = pattern
                .strip_suffix('/')
                .ok_or("a slash must stand before the right")?;
            return Ok(Self::Repository(pattern.parse()?, *right));
        }
        let Some(rest) = text.strip_prefix("gateway/") else {
            return Err("it must begin with 'repositories/' or 'gateway/'");
        };
        let (name, word) = rest
            .split_once('/')
            .ok_or("a right must follow the name of the connected registry")?;
        let is_name = NAMES_OF_GATEWAYS.contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name {
            return Err("the name of a connected registry has 5 to 50 letters and digits");
        }
        if !GATEWAY_ACTIONS.contains(&word) {
            return Err("it must end in config/read, config/write, message/read or message/write");
        }
        Ok(Self::Gateway(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Pattern, Right};
    use acr_api::oci::RepositoryName;

    #[test]
    fn reads_what_the_service_takes() {
        for (text, pattern, right) in [
            (
                "repositories/*/content/read",
                Pattern::All,
                Right::ContentRead,
            ),
            (
                "repositories/a/b/*/metadata/write",
                Pattern::Below("a/b/".to_owned()),
                Right::MetadataWrite,
            ),
            (
                "repositories/content/read/content/delete",
                Pattern::One("content/read".parse().unwrap()),
                Right::ContentDelete,
            ),
        ] {
            assert_eq!(
                text.parse(),
                Ok(Entry::Repository(pattern, right)),
                "{text}"
            );
        }
        let gateway = "gateway/edge01/message/write".parse();
        assert_eq!(gateway, Ok(Entry::Gateway("edge01".to_owned())));
    }

    #[test]
    fn refuses_every_other_wildcard_and_word() {
        for bad in [
            "",
            "repositories/",
            "repositories//content/read",
            "repositories/content/read",
            "repositories/a*/content/read",
            "repositories/a/*/b/content/read",
            "repositories/*/b/content/read",
            "repositories/**/content/read",
            "repositories/A/content/read",
            "repositories/a/content/list",
            "repositories/acontent/read",
            "repository/a/content/read",
            "gateway/edge/config/read",
            "gateway/edge01/content/read",
            "gateway/edge01",
            "*",
        ] {
            assert!(bad.parse::<Entry>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_prefix_ends_at_a_slash() {
        let name = |text: &str| text.parse::<RepositoryName>().unwrap();
        let below: Pattern = "team/*".parse().unwrap();
        assert!(below.covers(&name("team/a")) && below.covers(&name("team/a/b")));
        assert!(!below.covers(&name("team")) && !below.covers(&name("team2/a")));
        let one: Pattern = "team".parse().unwrap();
        assert!(one.covers(&name("team")) && !one.covers(&name("team/a")));
    }
}
