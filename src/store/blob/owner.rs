//! Whose a store is: a mark beside the blobs, so that no database takes those of another one for garbage.

/// What the mark is called in a folder; no blob has this name.
pub const MARK: &str = "owner";
/// More than any mark has.
pub(super) const MOST_BYTES: u64 = 256;

/// What a mark says; nothing, if a crash cut it short before anything was in it.
pub(super) fn named(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).trim().to_owned();
    (!text.is_empty()).then_some(text)
}
