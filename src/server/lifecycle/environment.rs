//! `acr serve env`: the lines that point a shell's `az`, curl and container tools at the server of a folder.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use super::{admin::Admin, az_profile, ca_bundle, data_dir::DataDir};
use crate::Error;

/// Whose syntax the lines are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash, zsh and the like.
    Posix,
    /// fish.
    Fish,
    /// PowerShell.
    PowerShell,
}

/// Names that are never reached through a proxy.
const NO_PROXY: &str = "localhost,.localhost,127.0.0.1,::1";

/// Writes the trust bundle and a profile for `az`, and gives the lines that make a shell use them.
///
/// The profile lies in the server's folder, so the user's own `az` login stays as it is. `az` works at once:
/// the profile is what a login as the administrator would leave behind. `context` is where our own command line has to
/// be told to go, if it has to.
pub fn environment(
    data_dir: &DataDir,
    shell: Shell,
    variables: &BTreeMap<String, String>,
    context: Option<&str>,
) -> Result<String, Error> {
    let admin = Admin::read(data_dir)?.ok_or_else(|| Error::NotRunning {
        data_dir: data_dir.path().to_path_buf(),
    })?;
    let mut settings = vec![(
        "AZURE_CONFIG_DIR",
        az_profile::write(data_dir, &admin)?.display().to_string(),
    )];
    settings.push(("AZURE_CORE_COLLECT_TELEMETRY", "0".to_owned()));
    settings.push(("ACR_ENDPOINT", admin.endpoint.clone()));
    if let Some(name) = context {
        settings.push(("ACR_CONTEXT", name.to_owned()));
    }
    if let Some(authority) = &admin.ca_file {
        let bundle = ca_bundle::write(data_dir, authority, variables)?;
        for name in ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"] {
            settings.push((name, bundle.display().to_string()));
        }
    }
    for name in ["NO_PROXY", "no_proxy"] {
        if let Some(value) = without_proxy(name, variables) {
            settings.push((name, value));
        }
    }
    let mut text = String::new();
    for (name, value) in &settings {
        text.push_str(&shell.assign(name, value));
        text.push('\n');
    }
    text.push_str(&notes(&admin, shell));
    Ok(text)
}

/// The exceptions from the proxy with ours added; `None` if there is no proxy or they are there already.
fn without_proxy(name: &str, variables: &BTreeMap<String, String>) -> Option<String> {
    let proxies = [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ];
    let has_proxy = proxies.iter().any(|proxy| variables.contains_key(*proxy));
    let present = variables.get(name).map(String::as_str).unwrap_or_default();
    if !has_proxy || present.contains(NO_PROXY) {
        return None;
    }
    Some(match present {
        "" => NO_PROXY.to_owned(),
        present => format!("{present},{NO_PROXY}"),
    })
}

/// What no variable can do. Last, and each line a comment, so that even an unquoted `eval` does no harm.
fn notes(admin: &Admin, shell: Shell) -> String {
    let mut text = String::new();
    let mut note = |line: &str| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "# {line}");
    };
    note(match shell {
        Shell::Posix => r#"Use it so:  eval "$(acr serve env)""#,
        Shell::Fish => "Use it so:  acr serve env --shell fish | source",
        Shell::PowerShell => {
            "Use it so:  acr serve env --shell powershell | Out-String | Invoke-Expression"
        }
    });
    note("az is logged in as the administrator of this server; another shell is not touched.");
    if let Some(authority) = &admin.ca_file {
        let port = admin
            .endpoint
            .rsplit_once(':')
            .map_or("443", |(_, port)| port);
        note(
            "Docker trusts registries on this machine by itself. Elsewhere, give it the authority:",
        );
        note(&format!(
            "  cp {} /etc/docker/certs.d/NAME.DOMAIN:{port}/ca.crt",
            quoted(authority)
        ));
    }
    text
}

fn quoted(path: &Path) -> String {
    posix(&path.display().to_string())
}

impl Shell {
    fn assign(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {name}={};", posix(value)),
            Self::Fish => {
                let value = value.replace('\\', r"\\").replace('\'', r"\'");
                format!("set -gx {name} '{value}';")
            }
            Self::PowerShell => format!("$env:{name} = '{}';", value.replace('\'', "''")),
        }
    }
}

fn posix(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_can_leave_its_quotes() {
        let value = r"/a b/$(id)`id`'\";
        assert_eq!(
            Shell::Posix.assign("X", value),
            r"export X='/a b/$(id)`id`'\''\';"
        );
        assert_eq!(
            Shell::Fish.assign("X", value),
            r"set -gx X '/a b/$(id)`id`\'\\';"
        );
        assert_eq!(
            Shell::PowerShell.assign("X", value),
            r"$env:X = '/a b/$(id)`id`''\';"
        );
    }

    #[test]
    fn a_proxy_does_not_get_in_between() {
        let of = |pairs: &[(&str, &str)]| {
            let map = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            without_proxy("NO_PROXY", &map)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(
            of(&[("HTTPS_PROXY", "http://p")]).as_deref(),
            Some(NO_PROXY)
        );
        let kept = of(&[("https_proxy", "http://p"), ("NO_PROXY", "corp")]).unwrap();
        assert_eq!(kept, format!("corp,{NO_PROXY}"));
        assert_eq!(
            of(&[("https_proxy", "http://p"), ("NO_PROXY", &kept)]),
            None
        );
    }
}
