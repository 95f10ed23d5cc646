//! What this program is called among those that answer for registries.

/// The name under which it answers as one of them.
pub const OWN_PROGRAM: &str = "acr";
