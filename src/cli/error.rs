//! Every way a command can fail, as a message, its hints and an exit code.

use super::refusal;
use acr_auth::exchange;
use acr_http::StatusCode;
use std::process::ExitCode;

/// Why a command has no answer.
#[derive(Debug, Clone)]
pub(crate) struct CliError {
    kind: Kind,
    message: String,
    hints: Vec<String>,
}

/// What kind of failure it is; the exit code follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The command line is wrong.
    Usage,
    /// The service does not know what was asked for.
    NotFound,
    /// No credential for Azure was found.
    NoCredential,
    /// No registry of that name is listed.
    Unlisted,
    /// Anything else.
    Failed,
    /// The person stopped it.
    Interrupted,
    /// Somebody else did, such as the runner of a pipeline.
    Terminated,
    /// Nobody reads the answer any more; not worth a word.
    BrokenPipe,
}

impl CliError {
    /// A failure with az's general exit code.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// A wrong command line.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// The person stopped it.
    pub(crate) fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "Interrupted.")
    }

    /// Somebody else stopped it.
    pub(crate) fn terminated() -> Self {
        Self::new(Kind::Terminated, "Terminated.")
    }

    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The same failure, laid at the command line's door.
    #[must_use]
    pub(crate) fn into_usage(self) -> Self {
        Self {
            kind: Kind::Usage,
            ..self
        }
    }

    /// The same failure, not laid at the command line's door.
    #[must_use]
    pub(crate) fn into_failed(self) -> Self {
        Self {
            kind: Kind::Failed,
            ..self
        }
    }

    /// The failure to show something in a registry, which has a code of its own if it is not there.
    pub(crate) fn of_show(error: acr_client::registry::Error) -> Self {
        let is_not_found = error.is_not_found();
        let error = Self::from(error);
        match is_not_found {
            true => Self {
                kind: Kind::NotFound,
                ..error
            },
            false => error,
        }
    }

    /// Adds a line that says what to do.
    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        self.hints(Some(hint))
    }

    fn hints(mut self, hints: impl IntoIterator<Item: Into<String>>) -> Self {
        self.hints.extend(hints.into_iter().map(Into::into));
        self
    }

    /// Whether nothing is known of a registry, which may be there all the same.
    pub(crate) fn leaves_registry_unknown(&self) -> bool {
        matches!(self.kind, Kind::NoCredential | Kind::Unlisted)
    }

    /// The message alone.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The lines after `ERROR: `; none where silence is right.
    pub(crate) fn lines(&self) -> Vec<String> {
        if self.kind == Kind::BrokenPipe {
            return Vec::new();
        }
        let mut lines = vec![format!("ERROR: {}", self.message)];
        lines.extend(self.hints.iter().cloned());
        lines
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::BrokenPipe => 0,
            Kind::Failed | Kind::NoCredential | Kind::Unlisted => 1,
            Kind::Usage => 2,
            Kind::NotFound => 3,
            Kind::Interrupted => 130,
            Kind::Terminated => 143,
        })
    }
}

impl From<acr_client::Error> for CliError {
    fn from(error: acr_client::Error) -> Self {
        match error {
            acr_client::Error::Service(refusal) => {
                let kind = match refusal.status {
                    StatusCode::NOT_FOUND => Kind::NotFound,
                    _ => Kind::Failed,
                };
                let mut message = format!("({}) {}", refusal.code, refusal.message);
                message.push_str(&format!("\nCode: {}", refusal.code));
                message.push_str(&format!("\nMessage: {}", refusal.message));
                if let Some(target) = &refusal.target {
                    message.push_str(&format!("\nTarget: {target}"));
                }
                for detail in &refusal.details {
                    message.push_str(&format!("\n({}) {}", detail.code, detail.message));
                }
                let id = refusal.correlation_id;
                Self::new(kind, message).hints(id.map(|id| format!("Correlation ID: {id}")))
            }
            acr_client::Error::Auth(error) => error.into(),
            acr_client::Error::Transport(error) => error.into(),
            error @ acr_client::Error::Decode { .. } => Self::failed(error.to_string()),
        }
    }
}

impl From<acr_auth::Error> for CliError {
    fn from(error: acr_auth::Error) -> Self {
        let advice = match &error {
            acr_auth::Error::Transport { source, .. } => network_advice(source.kind()),
            error => error.hint(),
        };
        let kind = match &error {
            acr_auth::Error::NoCredential { .. } => Kind::NoCredential,
            _ => Kind::Failed,
        };
        Self::new(kind, error.to_string()).hints(advice)
    }
}

impl From<exchange::Error> for CliError {
    fn from(error: exchange::Error) -> Self {
        use exchange::Error;
        let error = match error {
            Error::Credential(error) => return error.into(),
            error => error,
        };
        let message = match error.code() {
            Some(code) => format!("An error occurred: {code}\n{error}"),
            None => error.to_string(),
        };
        let id = error.correlation_id().filter(|id| !message.contains(*id));
        Self::failed(message)
            .hints(id.map(|id| format!("Correlation ID: {id}")))
            .hints(error.hint())
    }
}

impl From<acr_auth::docker::Error> for CliError {
    fn from(error: acr_auth::docker::Error) -> Self {
        let hint = error.hint();
        Self::failed(error.to_string()).hint(hint)
    }
}

impl From<acr_client::engine::Error> for CliError {
    fn from(error: acr_client::engine::Error) -> Self {
        use acr_client::engine::Error;
        let hint = match &error {
            Error::Nowhere(_) | Error::Away { .. } => {
                "Start Docker or Podman, or work without one: --from and --to take a folder or an archive."
            }
            Error::Address { .. } => "Correct it, or unset it to have the usual places looked at.",
            _ => return Self::failed(error.to_string()),
        };
        Self::failed(error.to_string()).hint(hint)
    }
}

impl From<acr_client::registry::Error> for CliError {
    fn from(error: acr_client::registry::Error) -> Self {
        use acr_client::registry::Error;
        match error {
            Error::Login(error) => (*error).into(),
            Error::Ungranted(refusal) => Self::failed(format!(
                "An error occurred: CONNECTIVITY_ACCESS_TOKEN_ERROR\n{refusal}"
            ))
            .hint("Check the user name and the password; a token must be enabled and its password not expired."),
            Error::Transport(error) => error.into(),
            Error::Refused(refusal) => {
                Self::failed(refusal.to_string()).hints(refusal::advice(&refusal))
            }
            // az ends with 1 for these too, where ARM's 404 ends with 3.
            error => Self::failed(error.to_string()),
        }
    }
}

impl From<acr_client::transfer::Error> for CliError {
    fn from(error: acr_client::transfer::Error) -> Self {
        match error {
            acr_client::transfer::Error::Registry(error) => error.into(),
            error @ acr_client::transfer::Error::NoPlatform { .. } => {
                Self::failed(error.to_string())
                    .hint("--platform chooses one of them, --all-platforms takes all.")
            }
            error @ acr_client::transfer::Error::Ambiguous { .. } => {
                Self::failed(error.to_string())
                    .hint("--source-image chooses one of them, by its whole name or its digest.")
            }
            error => Self::failed(error.to_string()),
        }
    }
}

impl From<acr_http::Error> for CliError {
    fn from(error: acr_http::Error) -> Self {
        let doubt = error.is_deletion_in_doubt().then_some(
            "See with `show` or `list` whether it is still there, or delete it again: that does no harm.",
        );
        Self::failed(error.to_string())
            .hints(doubt)
            .hints(network_advice(error.kind()))
    }
}

/// What a person can do about a connection that does not stand.
fn network_advice(kind: acr_http::ErrorKind) -> Option<&'static str> {
    match kind {
        acr_http::ErrorKind::Connect | acr_http::ErrorKind::Timeout => Some(
            "`acr context show` says where commands go. A server of your own is started with `acr serve --detach`; for one elsewhere, check its name, the network and your proxy (HTTPS_PROXY, NO_PROXY).",
        ),
        acr_http::ErrorKind::Tls => Some(
            "A server of your own has an authority of its own: name the file ca.pem of its data folder with `acr context add … --ca-file`. If a proxy of your company opens TLS connections, name its certificates with REQUESTS_CA_BUNDLE.",
        ),
        _ => None,
    }
}

impl From<acr_server::Error> for CliError {
    fn from(error: acr_server::Error) -> Self {
        match error {
            acr_server::Error::Setting { .. } | acr_server::Error::Settings(_) => {
                Self::usage(error.to_string())
            }
            error => Self::failed(error.to_string()),
        }
    }
}

impl From<super::ui::RenderError> for CliError {
    fn from(error: super::ui::RenderError) -> Self {
        Self::failed(format!("--query: {error}"))
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::new(Kind::BrokenPipe, ""),
            _ => Self::failed(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CliError;
    use acr_http::{Client, Method, Retry, Settings};
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_deletion_in_doubt_says_how_to_find_out() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        // Takes one request and goes away.
        let gone = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        });
        let request = Client::new(Settings::default()).request(Method::DELETE, &url);
        let error = request.retry(Retry::NEVER).send().await.unwrap_err();
        gone.await.unwrap();
        let lines = CliError::from(error).lines().join(" ");
        assert!(lines.contains("may have been carried out"), "{lines}");
        assert!(lines.contains("See with `show` or `list`"), "{lines}");
    }
}
