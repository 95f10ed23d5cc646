//! Why something was refused or failed, in the words of the service.

use std::{borrow::Cow, fmt};

use serde_json::Value;

/// A refusal or failure. What it looks like on the wire is decided by the HTTP layer.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    code: Cow<'static, str>,
    message: String,
    target: Option<String>,
    detail: Option<Value>,
    is_from_provider: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The families of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request means nothing or breaks a rule.
    Invalid,
    /// Nobody, or nobody we know.
    Unauthenticated,
    /// Somebody who may not.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The thing is there but not for this verb.
    MethodNotAllowed,
    /// The state of things is against it.
    Conflict,
    /// A condition of the request does not hold.
    Precondition,
    /// The bytes asked for or sent are not where they were said to be.
    Range,
    /// The request is too large.
    TooLarge,
    /// Too many requests of this kind.
    Throttled,
    /// No space left to store it.
    Full,
    /// Something the server needs is away; later may work.
    Unavailable,
    /// A fault of the server.
    Internal,
}

impl Error {
    /// A refusal of this family.
    pub fn new(
        kind: ErrorKind,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.into(),
            message: message.into(),
            target: None,
            detail: None,
            is_from_provider: false,
            source: None,
        }))
    }

    /// The request breaks a rule.
    pub fn invalid(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, code, message)
    }

    /// The state of things is against it.
    pub fn conflict(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code, message)
    }

    /// There is no such thing.
    pub fn not_found(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, code, message)
    }

    /// A fault of the server; the cause goes to the log, never to the client.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut error = Self::new(
            ErrorKind::Internal,
            "InternalServerError",
            "The server met an internal error.",
        );
        error.0.source = Some(source.into());
        error
    }

    /// Names the part of the request it is about.
    #[must_use]
    pub fn with_target(mut self, target: impl Into<String>) -> Self {
        self.0.target = Some(target.into());
        self
    }

    /// Adds what a registry says beyond the sentence.
    #[must_use]
    pub fn with_detail(mut self, detail: Value) -> Self {
        self.0.detail = Some(detail);
        self
    }

    /// Marks it as said by a resource provider instead of the front door; Azure's bodies differ.
    #[must_use]
    pub fn from_provider(mut self) -> Self {
        self.0.is_from_provider = true;
        self
    }

    /// Whether it is a failure of the server or of what it stands on, and no refusal: later may work.
    pub fn is_passing(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Internal | ErrorKind::Unavailable)
    }

    /// Its family.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The word for programs.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The sentence for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The part of the request it is about.
    pub fn target(&self) -> Option<&str> {
        self.0.target.as_deref()
    }

    /// What is said beyond the sentence.
    pub fn detail(&self) -> Option<&Value> {
        self.0.detail.as_ref()
    }

    /// Whether a resource provider said it.
    pub fn is_from_provider(&self) -> bool {
        self.0.is_from_provider
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())?;
        match &self.0.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}

impl From<acr_store::Error> for Error {
    fn from(error: acr_store::Error) -> Self {
        let mut refusal = match &error {
            acr_store::Error::Exists { .. } | acr_store::Error::Precondition { .. } => {
                Self::conflict(
                    "Conflict",
                    "Another request changed the same resource at the same time. Try again.",
                )
            }
            acr_store::Error::Full => Self::new(
                ErrorKind::Full,
                "InsufficientStorage",
                "The server has no space left to store this; nothing was changed.",
            ),
            acr_store::Error::Unavailable { .. } => Self::new(
                ErrorKind::Unavailable,
                "ServiceUnavailable",
                "The server's database does not answer; nothing is known to have changed. Try again.",
            ),
            acr_store::Error::TooLarge { .. } => Self::new(
                ErrorKind::TooLarge,
                "RequestContentTooLarge",
                "The resource would become larger than the server can store.",
            ),
            acr_store::Error::Invalid { .. } => Self::invalid(
                "InvalidRequestContent",
                "The request names something that can never be stored.",
            ),
            _ => return Self::internal(error),
        };
        refusal.0.source = Some(Box::new(error));
        refusal
    }
}
