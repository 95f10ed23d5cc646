//! Who makes a request, as proven by a token.

/// The principal behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The object id of the principal, which role assignments name.
    pub object_id: String,
    /// How the principal is shown: the application's client id, or the user's name.
    pub name: String,
    /// What it is.
    pub kind: CallerKind,
}

/// What a principal is, in the words of `systemData`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// A person.
    User,
    /// A program.
    Application,
}

impl CallerKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Application => "Application",
        }
    }
}
