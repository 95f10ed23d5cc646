//! The clients that people use, unchanged: each logs in, pushes, lists, pulls and deletes, by host name and by path.
//!
//! They run with a folder `/etc` of their own ([`stand`]), so that every one of them finds `NAME.localhost`, and
//! Docker its certificates, without a change to the machine. By host name they come over TLS and trust the server's
//! authority alone; by path they come over plain HTTP, those that can be told to.

mod buildah;
mod content;
mod crane;
mod docker;
mod helm;
mod image;
mod oras;
mod podman;
mod program;
mod regctl;
mod sdk;
mod skopeo;
mod stand;
mod storage;
mod story;
