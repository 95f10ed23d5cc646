//! Deletions of manifests that do not go by one batch: never by halves, whatever breaks off or meets them.

mod burial;
mod last;
